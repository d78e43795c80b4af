/* The steps: what the page says for machines, what it says of itself as a whole, what it shows;
 * and only then whether all that is a product. */
#include "page/product.h"

#include "base/alloc.h"
#include "page/cards.h"
#include "page/ended.h"
#include "page/evidence.h"
#include "page/gallery.h"
#include "page/html.h"
#include "page/links.h"
#include "page/pricetag.h"
#include "page/saved.h"
#include "page/state.h"
#include "page/structured.h"
#include "page/wall.h"
#include "platform/price.h"

#include <string.h>

/* A page that is being read. */
typedef struct reading {
    const xmlDoc *doc;
    char *url;        /* of the page, NULL when it is not known */
    char *base_url;   /* what its addresses are relative to, NULL */
    ko_web_base base; /* the same, with how pictures are kept */
    bool insist;
    ko_page_offer whole; /* what the page says of itself */
    bool marked;         /* that it is about a product */
    ko_page *page;
} reading;

/* The address that the page gives itself serves where nothing else does. */
static ko_status own_address(const xmlDoc *doc, char **out_url)
{
    ko_page_offer self = {0};
    bool product = false;
    const ko_status st = ko_structured_page(doc, NULL, &self, &product);
    if (st == KO_OK) {
        *out_url = self.field[KO_OFFER_URL];
        self.field[KO_OFFER_URL] = NULL;
    }
    ko_offer_clear(&self);
    return st;
}

/* Addresses are relative to the base element, itself resolved against where the page comes
 * from; to that; or to the address that the page gives itself. */
static ko_status find_base(reading *in, const ko_page_source *source)
{
    const xmlNode *root = xmlDocGetRootElement(in->doc);
    const xmlNode *element = root ? ko_html_find(root, "base") : NULL;
    const char *href = element ? ko_html_attribute(element, "href") : NULL;
    ko_status st = source->url ? ko_web_resolve(source->url, NULL, &in->url)
                               : ko_saved_from(in->doc, &in->url);
    if (st == KO_OK && href)
        st = ko_web_resolve(href, &(ko_web_base){.url = in->url}, &in->base_url);
    if (st == KO_OK && !in->base_url && in->url)
        st = ko_web_resolve(in->url, NULL, &in->base_url);
    if (st == KO_OK && !in->base_url)
        st = own_address(in->doc, &in->base_url);
    in->base = (ko_web_base){.url = in->base_url, .saved = source->saved};
    return st;
}

/* True when an offer is what the page as a whole is about, to judge by its name. */
static bool is_named(const ko_page_offer *offer, const ko_page_offer *page)
{
    const char *title = ko_offer_get(offer, KO_OFFER_TITLE);
    return strlen(title) > 3 && strstr(ko_offer_get(page, KO_OFFER_TITLE), title);
}

/* Products that all have one address are one, however often it is described. */
static ko_status unite(ko_page_offers *offers)
{
    ko_page_offer *first = offers->offer;
    const char *url = offers->count > 1 ? ko_offer_get(first, KO_OFFER_URL) : "";
    ko_status st = KO_OK;
    for (size_t i = 1; i < offers->count; i++)
        if (!*url || strcmp(ko_offer_get(&offers->offer[i], KO_OFFER_URL), url) != 0)
            return KO_OK;
    for (size_t i = 1; i < offers->count && st == KO_OK; i++)
        st = ko_offer_merge(first, &offers->offer[i]);
    if (offers->count > 1)
        ko_offers_cut(offers, 1);
    return st;
}

/* Of several products, keeps the one that the page is about: by its name, or as the only
 * one whose address is the page's (a list names places in itself). Else all are kept. */
static void keep_main(ko_page_offers *offers, const ko_page_offer *page)
{
    const char *url = ko_offer_get(page, KO_OFFER_URL);
    size_t here = 0, main = offers->count;
    for (size_t i = 0; i < offers->count && *url; i++)
        if (strncmp(ko_offer_get(&offers->offer[i], KO_OFFER_URL), url, strlen(url)) == 0) {
            here++;
            main = i;
        }
    if (here != 1)
        main = offers->count;
    for (size_t i = offers->count; i-- > 0 && here <= 1;)
        if (is_named(&offers->offer[i], page))
            main = i;
    if (offers->count < 2 || main == offers->count)
        return;
    const ko_page_offer kept = offers->offer[main];
    offers->offer[main] = offers->offer[0];
    offers->offer[0] = kept;
    ko_offers_cut(offers, 1);
}

/* A page's heading has hints for screen readers and buttons in it, its title the name of
 * the shop: where the title begins with what the heading ends with, that is the name. */
static void trim_title(ko_page_offer *offer, const ko_page_offer *page)
{
    char *title = offer->field[KO_OFFER_TITLE];
    const char *whole = ko_offer_get(page, KO_OFFER_TITLE);
    size_t n = title ? strlen(title) : 0;
    for (size_t from = 1; 2 * from < n && from < 40; from++)
        if (title[from - 1] == ' ' && strncmp(whole, title + from, n - from) == 0) {
            memmove(title, title + from, n - from + 1);
            return;
        }
}

static bool same_amount(const ko_page_offer *a, const ko_page_offer *b)
{
    ko_price x, y;
    return ko_price_read(ko_offer_get(a, KO_OFFER_PRICE), ko_offer_get(a, KO_OFFER_CURRENCY), &x) ==
               KO_OK &&
           ko_price_read(ko_offer_get(b, KO_OFFER_PRICE), ko_offer_get(b, KO_OFFER_CURRENCY), &y) ==
               KO_OK &&
           x.low_minor == y.low_minor;
}

/* Structured data keep the price that an auction began with, or of yesterday: where meta
 * elements and what is shown agree on another one, that counts. */
static ko_status correct_price(reading *in, ko_page_offer *offer)
{
    ko_page_offer shown = {0};
    ko_status st = KO_OK;
    if (!offer->field[KO_OFFER_PRICE] || offer->field[KO_OFFER_PRICE_MAX] ||
        !in->whole.field[KO_OFFER_PRICE] || same_amount(offer, &in->whole))
        return KO_OK;
    st = ko_pricetag_read(in->doc, &shown);
    if (st == KO_OK && same_amount(&shown, &in->whole)) {
        ko_free(offer->field[KO_OFFER_PRICE]);
        offer->field[KO_OFFER_PRICE] = NULL;
        st = ko_offer_set(offer, KO_OFFER_PRICE, in->whole.field[KO_OFFER_PRICE], NULL);
    }
    ko_offer_clear(&shown);
    return st;
}

/* Completes the one product of a page from all that the page shows. */
static ko_status complete(reading *in, ko_page_offer *offer)
{
    ko_status st = correct_price(in, offer);
    if (st == KO_OK)
        st = ko_offer_merge(offer, &in->whole);
    trim_title(offer, &in->whole);
    if (st == KO_OK)
        st = ko_state_read(in->doc, &in->base, offer);
    if (st == KO_OK)
        st = ko_gallery_read(in->doc, &in->base, offer);
    return st == KO_OK ? ko_pricetag_read(in->doc, offer) : st;
}

static ko_status warn(ko_page_offer *offer, bool sells)
{
    ko_status st = KO_OK;
    if (!sells)
        st = ko_offer_warn(offer, "nothing on the page says that it is a product");
    if (st == KO_OK && offer->n_images == 0)
        st = ko_offer_warn(offer, "no pictures found");
    if (st == KO_OK && sells && !offer->field[KO_OFFER_PRICE])
        st = ko_offer_warn(offer, "no price found");
    return st;
}

/* Decides whether what was read is for sale. */
static ko_status weigh(const reading *in, bool described, bool offered, bool *out_sells)
{
    const ko_evidence evidence = {.page = in->doc,
                                  .url = in->url,
                                  .offer = &in->page->offers.offer[0],
                                  .offered = offered,
                                  .described = described,
                                  .marked = in->marked};
    return ko_evidence_weigh(&evidence, out_sells);
}

/* Takes what is no product away again. */
static ko_status settle(reading *in, bool sells)
{
    ko_page_offers *offers = &in->page->offers;
    ko_page_offer *first = &offers->offer[0];
    if (sells || (in->insist && (first->n_images > 0 || first->field[KO_OFFER_TITLE])))
        return offers->count == 1 ? warn(first, sells) : KO_OK;
    ko_offers_cut(offers, 0);
    return KO_OK;
}

/* Sets the offers to the cards that a page of a marketplace shows, unless it is itself a listing:
 * by its address, or because it says so and looks like one. *out_listed tells. */
static ko_status list_cards(reading *in, bool described, bool sells, bool *out_listed)
{
    ko_page_offers *offers = &in->page->offers, cards = {0};
    const char *url = in->url ? in->url : in->whole.field[KO_OFFER_URL];
    const bool one = sells && offers->count == 1 && (described || in->marked || !url);
    ko_cards_place place = {.platform = ""};
    ko_status st = one ? KO_OK : ko_cards_locate(in->doc, &in->base, url, &place);
    if (st == KO_OK && *place.platform && !place.listing)
        st = ko_cards_read(in->doc, &in->base, place.platform, described ? offers : NULL, &cards);
    *out_listed = cards.count > 0;
    if (*out_listed) {
        ko_offers_cut(offers, 0);
        *offers = cards;
    }
    return st;
}

static ko_status read_links(reading *in)
{
    ko_page *page = in->page;
    ko_status st = page->offers.count != 1 ? ko_links_read(in->doc, &in->base, page) : KO_OK;
    for (size_t i = 0; i < page->offers.count && page->offers.count > 1 && st == KO_OK; i++)
        st = ko_links_add(page, KO_LINK_PAGE, page->offers.offer[i].field[KO_OFFER_URL], NULL);
    return st;
}

static ko_status read_products(reading *in)
{
    ko_page *page = in->page;
    ko_status st = ko_structured_page(in->doc, &in->base, &in->whole, &in->marked);
    if (st == KO_OK)
        st = ko_offer_set(&in->whole, KO_OFFER_URL, in->url, NULL);
    if (st == KO_OK)
        st = unite(&page->offers);
    if (st != KO_OK)
        return st;
    keep_main(&page->offers, &in->whole);
    const bool described = page->offers.count > 0;
    const bool offered = described && page->offers.offer[0].field[KO_OFFER_PRICE];
    bool sells = false, listed = false;
    if (!described && !ko_offers_add(&page->offers))
        return KO_E_NOMEM;
    if (page->offers.count == 1)
        st = complete(in, &page->offers.offer[0]);
    if (st == KO_OK)
        st = weigh(in, described, offered, &sells);
    if (st == KO_OK && !in->insist)
        st = list_cards(in, described, sells, &listed);
    if (st == KO_OK && !listed)
        st = settle(in, sells);
    if (st == KO_OK)
        st = read_links(in);
    if (page->offers.count == 0 && page->n_links == 0)
        page->note = "nothing on the page says that it is a product";
    return st;
}

/* What else such a page shows are other listings, or what this one was. */
static void leave_ended(ko_page *page)
{
    ko_offers_cut(&page->offers, 0);
    page->note = "it says that the listing is there no more";
}

ko_status ko_product_read(const xmlDoc *doc, const ko_page_source *source, ko_page *page)
{
    reading in = {.doc = doc, .insist = source->insist, .page = page};
    ko_status st = find_base(&in, source);
    if (st == KO_OK)
        st = ko_structured_products(doc, &in.base, &page->offers);
    if (st == KO_OK && page->offers.count == 0)
        st = ko_wall_tell(doc, source->status, &page->blocked);
    if (st == KO_OK && !page->blocked)
        st = ko_ended_tell(doc, in.url, &page->offers, &page->ended);
    if (page->ended && !in.insist)
        leave_ended(page);
    else if (st == KO_OK && !page->blocked)
        st = read_products(&in);
    ko_offer_clear(&in.whole);
    ko_free(in.url);
    ko_free(in.base_url);
    return st;
}
