/* A card is the largest element around a link to a listing that holds no link to another one: what
 * stands around the picture, too, whatever a marketplace calls its elements. */
#include "base/alloc.h"
#include "base/limits.h"
#include "page/card_list.h"
#include "page/html.h"
#include "page/pricetag.h"
#include "page/rails.h"
#include "page/shown.h"
#include "page/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MAX_CLIMB 24   /* elements from a link up to its card */
#define MAX_TRIED 16   /* pictures of a card, most of them stand-ins */
#define MIN_TITLE 3    /* bytes */
#define MAX_SELLER 60  /* bytes of a name; longer texts say more than that */
#define PARAGRAPH 200u /* bytes; what is longer is no line of a card */

/* Links to one listing with none to another in between. */
typedef struct run {
    const xmlNode *first, *last;
    const xmlNode *card; /* NULL: no picture stands with them */
    char key[KO_CANONICAL_KEY_SIZE];
} run;

typedef struct run_list {
    run *run;
    size_t count, capacity;
} run_list;

/* --- where the cards are --- */

static ko_status add_link(run_list *runs, const xmlNode *link, const char *key)
{
    run *last = runs->count ? &runs->run[runs->count - 1] : NULL;
    if (last && strcmp(last->key, key) == 0) {
        last->last = link;
        return KO_OK;
    }
    if (runs->count == KO_MAX_PAGE_CARDS)
        return KO_OK;
    run *grown = ko_grown(runs->run, runs->count, &runs->capacity, sizeof *grown);
    if (!grown)
        return KO_E_NOMEM;
    runs->run = grown;
    grown[runs->count] = (run){.first = link, .last = link};
    (void)snprintf(grown[runs->count++].key, KO_CANONICAL_KEY_SIZE, "%s", key);
    return KO_OK;
}

static ko_status find_runs(const xmlDoc *doc, const ko_card_list *list, run_list *runs)
{
    const xmlNode *root = xmlDocGetRootElement(doc);
    const xmlNode *node = root;
    size_t links = 0;
    ko_status st = KO_OK;
    while (node && st == KO_OK && links < KO_MAX_PAGE_LINKS) {
        if (ko_rail_is(node)) {
            node = ko_html_skip(node, root);
            continue;
        }
        const char *href = ko_html_is(node, "a") ? ko_html_attribute(node, "href") : NULL;
        ko_canonical listing;
        if (href && *href != '#') {
            links++;
            st = ko_card_identify(list, href, &listing);
            if (st == KO_OK)
                st = add_link(runs, node, listing.key);
            st = st == KO_E_NOT_FOUND ? KO_OK : st;
        }
        node = ko_html_next(node, root);
    }
    return st;
}

static bool is_below(const xmlNode *node, const xmlNode *above)
{
    while (node && node != above)
        node = node->parent;
    return node != NULL;
}

static bool has_picture(const xmlNode *card)
{
    const xmlNode *node = card;
    while (node && !(node->type == XML_ELEMENT_NODE && ko_shown_is_picture(node)))
        node = ko_html_next(node, card);
    return node != NULL;
}

/* Settles the card around each run: up to where the neighbours' links begin. */
static void find_cards(run_list *runs)
{
    for (size_t i = 0; i < runs->count; i++) {
        run *own = &runs->run[i];
        const xmlNode *before = i > 0 ? runs->run[i - 1].last : NULL;
        const xmlNode *after = i + 1 < runs->count ? runs->run[i + 1].first : NULL;
        const xmlNode *card = own->first, *up = card->parent;
        for (unsigned level = 0; up && level < MAX_CLIMB; level++, up = up->parent) {
            if (up->type != XML_ELEMENT_NODE || ko_html_is(up, "body") || is_below(before, up) ||
                is_below(after, up))
                break;
            card = up;
        }
        own->card = has_picture(card) ? card : NULL;
    }
}

/* --- what a card says --- */

/* The picture that leads to the listing, or else the first. */
static const xmlNode *main_picture(const xmlNode *card, const ko_web_base *base, ko_shown *shown,
                                   ko_status *st)
{
    const xmlNode *found = NULL;
    unsigned tried = 0;
    for (int linked = 1; linked >= 0 && *st == KO_OK && !shown->url; linked--)
        for (const xmlNode *node = card; node && tried < MAX_TRIED && *st == KO_OK && !shown->url;
             node = ko_html_next(node, card)) {
            if (node->type != XML_ELEMENT_NODE || !ko_shown_is_picture(node) ||
                (linked && !ko_shown_link(node)))
                continue;
            found = found ? found : node;
            tried++;
            *st = ko_shown_read(node, base, shown);
            found = shown->url ? node : found;
        }
    return found;
}

/* Sets the title to text if that is none yet and says something. What a heading has around the
 * name of the picture are badges and hints for screen readers. */
static ko_status set_title(ko_page_offer *card, const char *text, const char *picture)
{
    ko_page_offer found = {0}, name = {0};
    if (card->field[KO_OFFER_TITLE])
        return KO_OK;
    ko_status st = ko_offer_set(&found, KO_OFFER_TITLE, text, NULL);
    if (st == KO_OK)
        st = ko_offer_set(&name, KO_OFFER_TITLE, picture, NULL);
    const char *title = ko_offer_get(&found, KO_OFFER_TITLE);
    const char *inner = ko_offer_get(&name, KO_OFFER_TITLE);
    if (2 * strlen(inner) > strlen(title) && strstr(title, inner))
        title = inner;
    if (st == KO_OK && strlen(title) >= MIN_TITLE)
        st = ko_offer_set(card, KO_OFFER_TITLE, title, NULL);
    ko_offer_clear(&found);
    ko_offer_clear(&name);
    return st;
}

static bool is_heading(const xmlNode *node)
{
    const char *role = ko_html_attribute(node, "role");
    const char *name = (const char *)node->name;
    return (tolower((unsigned char)name[0]) == 'h' && name[1] >= '1' && name[1] <= '6' &&
            !name[2]) ||
           (role && strcasecmp(role, "heading") == 0);
}

static bool is_called(const xmlNode *node, const char *const *words)
{
    static const char *const places[] = {"class", "id", "data-testid"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *value = ko_html_attribute(node, places[i]);
        if (value && ko_words_find(value, strlen(value), words))
            return true;
    }
    return false;
}

static bool is_called_title(const xmlNode *node)
{
    static const char *const words[] = {"title", "product-name", "item-name", "subject", NULL};
    return is_called(node, words);
}

static ko_status set_title_to_text(const xmlNode *node, const char *picture, ko_page_offer *offer)
{
    ko_buf text = KO_BUF(KO_MAX_PAGE_TEXT);
    ko_status st = node ? ko_html_text(node, &text) : KO_OK;
    if (st == KO_OK)
        st = set_title(offer, text.data, picture);
    ko_buf_free(&text);
    return st;
}

/* Sets the title to the text of the first such element that says something. One that holds another
 * is what stands around it. */
static ko_status title_of(const xmlNode *card, bool (*fits)(const xmlNode *), const char *picture,
                          ko_page_offer *offer)
{
    const xmlNode *inner = NULL; /* the last that fits */
    ko_status st = KO_OK;
    for (const xmlNode *node = ko_html_next(card, card);
         node && st == KO_OK && !offer->field[KO_OFFER_TITLE]; node = ko_html_next(node, card)) {
        if (node->type != XML_ELEMENT_NODE || !fits(node))
            continue;
        if (inner && !is_below(node, inner))
            st = set_title_to_text(inner, picture, offer);
        inner = node;
    }
    return st == KO_OK ? set_title_to_text(inner, picture, offer) : st;
}

/* The same with the longest text of a link to the listing that shows no picture: others show the
 * price, or how many have bought it. */
static ko_status title_of_links(const run *own, const ko_card_list *list, const char *picture,
                                ko_page_offer *offer)
{
    ko_buf text = KO_BUF(KO_MAX_PAGE_TEXT), longest = KO_BUF(KO_MAX_PAGE_TEXT);
    ko_status st = KO_OK;
    for (const xmlNode *node = own->card; node && st == KO_OK;
         node = ko_html_next(node, own->card)) {
        const char *href = ko_html_is(node, "a") ? ko_html_attribute(node, "href") : NULL;
        ko_canonical listing;
        if (!href || has_picture(node))
            continue;
        ko_buf_clear(&text);
        st = ko_card_identify(list, href, &listing);
        if (st == KO_OK)
            st = ko_html_text(node, &text);
        st = st == KO_E_NOT_FOUND ? KO_OK : st;
        if (st == KO_OK && text.size > longest.size) {
            ko_buf_clear(&longest);
            st = ko_buf_append(&longest, text.data, text.size);
        }
    }
    if (st == KO_OK)
        st = set_title(offer, longest.data, picture);
    ko_buf_free(&text);
    ko_buf_free(&longest);
    return st;
}

/* The name stands in a heading or a link of its own; where nothing else says it, in what the
 * picture and the link are called for those who do not see them. */
static ko_status read_title(const run *own, const ko_card_list *list, const xmlNode *picture,
                            ko_page_offer *offer)
{
    const char *alt = picture ? ko_html_attribute(picture, "alt") : NULL;
    ko_status st = title_of(own->card, is_heading, alt, offer);
    if (st == KO_OK)
        st = set_title(offer, ko_html_attribute(own->first, "title"), alt);
    if (st == KO_OK)
        st = set_title(offer, ko_html_attribute(own->last, "title"), alt);
    if (st == KO_OK)
        st = title_of(own->card, is_called_title, alt, offer);
    if (st == KO_OK)
        st = title_of_links(own, list, alt, offer);
    if (st == KO_OK)
        st = set_title(offer, alt, NULL);
    return st == KO_OK ? set_title(offer, ko_html_attribute(own->first, "aria-label"), NULL) : st;
}

/* True for a link to what sells the thing, by the shapes of the marketplaces. */
static bool leads_to_seller(const xmlNode *node)
{
    static const char *const words[] = {"/store/", "/shop/",          "/usr/",
                                        "/str/",   "company_profile", NULL};
    const char *href = ko_html_is(node, "a") ? ko_html_attribute(node, "href") : NULL;
    return href && ko_words_find(href, strlen(href), words);
}

/* A badge of best sellers names nobody. */
static bool is_called_seller(const xmlNode *node)
{
    static const char *const words[] = {"seller",     "shop-name", "shopname", "store-name",
                                        "storename",  "supplier",  "artist",   "byline",
                                        "store-link", NULL};
    static const char *const badges[] = {"bestseller", "best-seller", "best_seller", NULL};
    return is_called(node, words) && !is_called(node, badges);
}

/* What stands before a rating such as "98.6% positive (388)". */
static bool is_rated(const xmlNode *node)
{
    const xmlNode *next = node->next;
    while (next && next->type != XML_ELEMENT_NODE)
        next = next->next;
    const xmlNode *inside = next ? next->children : NULL;
    const char *text = inside && inside->type == XML_TEXT_NODE && !inside->next
                           ? (const char *)inside->content
                           : "";
    const char *percent = strchr(text, '%');
    const char *count = percent ? strchr(percent, '(') : NULL;
    return isdigit((unsigned char)text[0]) && count && isdigit((unsigned char)count[1]);
}

/* The name in a text such as "By Owl Prints" or "owlprints (1,204) 99.8%": in place, "" when it
 * is longer than a name. */
static const char *seller_name(char *text)
{
    static const char *const words[] = {"ad ",      "from shop ", "sold by ", "by ",
                                        "seller: ", "store: ",    "from "};
    char *rating = strstr(text, " (");
    if (rating)
        *rating = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncasecmp(text, words[i], strlen(words[i])) == 0)
            text += strlen(words[i]);
    return strlen(text) <= MAX_SELLER && !strchr(text, '%') ? text : "";
}

static ko_status read_seller(const xmlNode *card, const ko_web_base *base, ko_page_offer *offer)
{
    ko_buf text = KO_BUF((size_t)400); /* with the blanks of the layout */
    ko_status st = KO_OK;
    for (const xmlNode *node = ko_html_next(card, card);
         node && st == KO_OK && !offer->field[KO_OFFER_SELLER]; node = ko_html_next(node, card)) {
        ko_page_offer found = {0};
        if (node->type != XML_ELEMENT_NODE ||
            !(leads_to_seller(node) || is_called_seller(node) || is_rated(node)))
            continue;
        ko_buf_clear(&text);
        st = ko_html_text(node, &text);
        if (st == KO_OK)
            st = ko_offer_set(&found, KO_OFFER_SELLER, text.data, NULL);
        if (st == KO_OK && found.field[KO_OFFER_SELLER])
            st = ko_offer_set(offer, KO_OFFER_SELLER, seller_name(found.field[KO_OFFER_SELLER]),
                              NULL);
        if (st == KO_OK && offer->field[KO_OFFER_SELLER] && leads_to_seller(node))
            st = ko_offer_set(offer, KO_OFFER_SELLER_URL, ko_html_attribute(node, "href"), base);
        ko_offer_clear(&found);
    }
    ko_buf_free(&text);
    return st;
}

static ko_status read_card(const run *own, ko_card_list *list)
{
    static const ko_web_base resolved = {.saved = true}; /* files stay files */
    ko_page_offer offer = {0};
    ko_shown shown = {0};
    ko_canonical listing;
    ko_status st = ko_card_identify(list, ko_html_attribute(own->first, "href"), &listing);
    const xmlNode *picture = st == KO_OK ? main_picture(own->card, list->base, &shown, &st) : NULL;
    if (st == KO_OK)
        st = ko_offer_add_image(&offer, shown.url, &resolved);
    if (st == KO_OK)
        st = read_title(own, list, picture, &offer);
    if (st == KO_OK)
        st = ko_pricetag_of_card(own->card, &offer);
    if (st == KO_OK)
        st = read_seller(own->card, list->base, &offer);
    if (st == KO_OK && offer.field[KO_OFFER_TITLE])
        st = ko_card_add(list, listing.key, listing.url.text, &offer);
    ko_shown_clear(&shown);
    ko_offer_clear(&offer);
    return st;
}

/* --- lists and articles --- */

/* Adds up the paragraphs of running text below an element, rails aside. */
static ko_status weigh_paragraphs(const xmlNode *root, size_t *bytes, size_t *count)
{
    ko_buf text = KO_BUF(KO_MAX_PAGE_TEXT);
    const xmlNode *node = root;
    ko_status st = KO_OK;
    while (node && st == KO_OK) {
        if (ko_html_is(node, "p")) {
            ko_buf_clear(&text);
            st = ko_html_text(node, &text);
            *bytes += text.size >= PARAGRAPH ? text.size : 0;
            *count += text.size >= PARAGRAPH;
        }
        node = ko_rail_is(node) ? ko_html_skip(node, root) : ko_html_next(node, root);
    }
    ko_buf_free(&text);
    return st;
}

/* An article has at least a paragraph for each listing that it shows, and more text in them than
 * the cards have besides. A shop that tells of itself has not. */
static ko_status is_article(const xmlDoc *doc, const run_list *runs, bool *out_is)
{
    ko_buf text = KO_BUF(KO_MAX_PAGE_TEXT);
    size_t prose = 0, paragraphs = 0, told = 0, inside = 0, cards = 0, ignored = 0;
    ko_status st = weigh_paragraphs(xmlDocGetRootElement(doc), &prose, &paragraphs);
    for (size_t i = 0; i < runs->count && st == KO_OK; i++) {
        if (!runs->run[i].card)
            continue;
        cards++;
        ko_buf_clear(&text);
        st = ko_html_text(runs->run[i].card, &text);
        told += text.size;
        if (st == KO_OK)
            st = weigh_paragraphs(runs->run[i].card, &inside, &ignored);
    }
    ko_buf_free(&text);
    *out_is = paragraphs >= cards && prose + inside > told;
    return st;
}

ko_status ko_cards_shown(const xmlDoc *doc, ko_card_list *list)
{
    run_list runs = {0};
    bool article = false;
    ko_status st = find_runs(doc, list, &runs);
    if (st == KO_OK) {
        find_cards(&runs);
        st = is_article(doc, &runs, &article);
    }
    for (size_t i = 0; i < runs.count && st == KO_OK && !article; i++)
        if (runs.run[i].card)
            st = read_card(&runs.run[i], list);
    ko_free(runs.run);
    return st;
}
