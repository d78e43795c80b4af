/* One page says of many things that they are there no more: of a neighbour that was sold, of a
 * size, in a template that a script shows when it is needed. So words count only where a page says
 * what it is: in the title and the first headline, and in boxes that alert as long as nothing on
 * the page can be bought. */
#include "page/ended.h"

#include "base/limits.h"
#include "page/ended_words.h"
#include "page/evidence.h"
#include "page/html.h"
#include "page/structured.h"
#include "page/words.h"

#include <string.h>
#include <strings.h>

#define STATEMENT ((size_t)400) /* bytes of a sentence or two; what is longer is a text */
#define DISCONTINUED "discontinued"

/* --- structured data --- */

/* What is said about what is to be had on the page. */
typedef struct said {
    size_t discontinued, other;
} said;

/* "https://schema.org/Discontinued", "discontinued" */
static void hear(said *s, const char *availability)
{
    const char *name = availability ? strrchr(availability, '/') : NULL;
    name = name ? name + 1 : availability;
    if (!name || !*name)
        return;
    if (strcasecmp(name, DISCONTINUED) == 0)
        s->discontinued++;
    else
        s->other++;
}

/* What an offer says, or each of several; they stand in products, in lists of these and in graphs.
 * Depth is bounded by the parser (KO_MAX_PAGE_JSON_DEPTH). */
static void hear_json(said *s, const json_t *value)
{
    const char *key;
    const json_t *member;
    size_t i;
    hear(s, json_string_value(json_object_get(value, "availability")));
    json_object_foreach((json_t *)value, key, member) hear_json(s, member);
    json_array_foreach(value, i, member) hear_json(s, member);
}

static void hear_elements(said *s, const xmlNode *root)
{
    for (const xmlNode *node = root; node; node = ko_html_next(node, root)) {
        const char *name = ko_html_attribute(node, "itemprop");
        if (!name || strcasecmp(name, "availability") != 0)
            continue;
        const char *value = ko_html_attribute(node, "href");
        hear(s, value ? value : ko_html_attribute(node, "content"));
    }
}

/* True when all that is said of what can be had is that it is discontinued. */
static ko_status is_discontinued(const xmlDoc *page, bool *out_is)
{
    said s = {0};
    json_t *all = NULL;
    const ko_status st = ko_structured_scripts(page, &all);
    hear_json(&s, all);
    json_decref(all);
    hear_elements(&s, xmlDocGetRootElement(page));
    hear(&s, ko_structured_meta(page, "product:availability"));
    hear(&s, ko_structured_meta(page, "og:availability"));
    *out_is = s.discontinued > 0 && s.other == 0;
    return st;
}

/* True when structured data offer the page's own listing, and show it. */
static bool offers_itself(const xmlDoc *page, const char *url, const ko_page_offers *offers)
{
    const char *type = ko_structured_meta(page, "og:type");
    if (type && strncasecmp(type, "product", 7) == 0 && ko_structured_meta(page, "og:image"))
        return true;
    for (size_t i = 0; i < offers->count; i++) {
        const ko_page_offer *offer = &offers->offer[i];
        const char *own = ko_offer_get(offer, KO_OFFER_URL);
        if (offer->n_images > 0 && (!*own || !url || strncmp(own, url, strlen(url)) == 0))
            return true;
    }
    return false;
}

/* --- words --- */

/* The words in a statement that say it; NULL: none do. */
static const char *find_words(const ko_buf *text)
{
    if (!text->size || text->size >= STATEMENT ||
        ko_words_find(text->data, text->size, ko_ended_not_quite))
        return NULL;
    return ko_words_find(text->data, text->size, ko_ended_words);
}

static ko_status read_statement(const xmlNode *node, ko_buf *text, const char **out_words)
{
    ko_buf_clear(text);
    const ko_status st = node ? ko_html_text(node, text) : KO_OK;
    if (st == KO_OK && node)
        *out_words = find_words(text);
    return st;
}

/* True for what is not shown as long as no script shows it. */
static bool is_hidden(const xmlNode *node)
{
    static const char *const words[] = {"hidden",    "d-none", "hide",  "is-hidden",
                                        "invisible", "none",   "modal", NULL};
    const char *style = ko_html_attribute(node, "style");
    const char *class = ko_html_attribute(node, "class");
    static const char *const none[] = {"display:none", "display: none", "visibility:hidden",
                                       "visibility: hidden", NULL};
    if (ko_html_attribute(node, "hidden") || (style && ko_words_find(style, strlen(style), none)))
        return true;
    for (size_t i = 0; class && words[i]; i++)
        if (ko_html_has_word(class, words[i]))
            return true;
    return false;
}

/* True for parts of a page that speak of something else than the page as a whole. */
static bool is_aside(const xmlNode *node)
{
    static const char *const tags[] = {"li",   "article",  "aside",  "footer",   "nav",    "table",
                                       "form", "template", "script", "noscript", "dialog", "style"};
    static const char *const names[] = {"related",  "similar",     "recommend", "review",
                                        "carousel", "description", "comment",   "feedback",
                                        "footer",   "cookie",      "slider",    "swiper",
                                        "variant",  "faq",         "dialog",    NULL};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (ko_html_is(node, tags[i]))
            return true;
    const char *class = ko_html_attribute(node, "class");
    const char *id = ko_html_attribute(node, "id");
    return (class && ko_words_find(class, strlen(class), names)) ||
           (id && ko_words_find(id, strlen(id), names));
}

static bool is_alert(const xmlNode *node)
{
    static const char *const names[] = {"alert",     "notice", "message",     "error",
                                        "notfound",  "status", "unavailable", "ended",
                                        "not-found", "banner", "empty",       NULL};
    const char *role = ko_html_attribute(node, "role");
    const char *class = ko_html_attribute(node, "class");
    if (role && (strcasecmp(role, "alert") == 0 || strcasecmp(role, "status") == 0))
        return true;
    return class && ko_words_find(class, strlen(class), names);
}

static ko_status read_alerts(const xmlNode *root, ko_buf *text, const char **out_words)
{
    const xmlNode *node = root;
    ko_status st = KO_OK;
    while (node && st == KO_OK && !*out_words) {
        const bool element = node->type == XML_ELEMENT_NODE && node != root;
        if (element && (is_aside(node) || is_hidden(node))) {
            node = ko_html_skip(node, root);
            continue;
        }
        if (element && is_alert(node))
            st = read_statement(node, text, out_words);
        node = ko_html_next(node, root);
    }
    return st;
}

/* The first headline that is shown. */
static const xmlNode *headline(const xmlNode *root)
{
    const xmlNode *node = root;
    while (node && !ko_html_is(node, "h1"))
        node = node->type == XML_ELEMENT_NODE && is_hidden(node) ? ko_html_skip(node, root)
                                                                 : ko_html_next(node, root);
    return node;
}

static ko_status read_words(const xmlDoc *page, const char **out_words)
{
    ko_buf text = KO_BUF(STATEMENT);
    bool cart = false;
    const xmlNode *root = xmlDocGetRootElement(page);
    const xmlNode *body = root ? ko_html_find(root, "body") : NULL;
    ko_status st = root ? read_statement(ko_html_find(root, "title"), &text, out_words) : KO_OK;
    if (st == KO_OK && body && !*out_words)
        st = read_statement(headline(body), &text, out_words);
    if (st == KO_OK && body && !*out_words)
        st = ko_evidence_has_cart(page, &cart);
    if (st == KO_OK && body && !*out_words && !cart)
        st = read_alerts(body, &text, out_words);
    ko_buf_free(&text);
    return st;
}

/* --- the door --- */

ko_status ko_ended_tell(const xmlDoc *page, const char *url, const ko_page_offers *offers,
                        const char **out_words)
{
    bool discontinued = false;
    *out_words = NULL;
    ko_status st = is_discontinued(page, &discontinued);
    if (st != KO_OK)
        return st;
    if (discontinued)
        *out_words = DISCONTINUED;
    return discontinued || offers_itself(page, url, offers) ? KO_OK : read_words(page, out_words);
}
