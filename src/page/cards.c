#include "page/cards.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/card_list.h"
#include "page/html.h"

#include <assert.h>
#include <string.h>

#define MAX_PLACES 24   /* more than the marketplaces that are known */
#define MAX_CENSUS 5000 /* links that are asked where they lead: enough to tell */

/* --- the list --- */

/* KO_E_NOT_FOUND: no address on the web. */
static ko_status canonical_of(const char *address, const ko_web_base *base, ko_canonical *out)
{
    char *whole = NULL;
    ko_url url;
    ko_status st = ko_web_resolve(address, base, &whole);
    if (st == KO_OK)
        st = whole ? ko_url_parse(whole, strlen(whole), NULL, &url, NULL) : KO_E_NOT_FOUND;
    if (st == KO_OK)
        st = ko_canonical_listing(&url, out, NULL);
    ko_free(whole);
    return st == KO_OK || st == KO_E_NOMEM ? st : KO_E_NOT_FOUND;
}

ko_status ko_card_identify(const ko_card_list *list, const char *address, ko_canonical *out_listing)
{
    const ko_status st = canonical_of(address, list->base, out_listing);
    if (st == KO_OK && (!out_listing->key[0] || strcmp(out_listing->platform, list->platform) != 0))
        return KO_E_NOT_FOUND;
    return st;
}

static size_t find_key(const ko_card_list *list, const char *key)
{
    size_t i = 0;
    while (i < list->offers.count && strcmp(list->keys[i], key) != 0)
        i++;
    return i;
}

ko_status ko_card_add(ko_card_list *list, const char *key, const char *url, ko_page_offer *card)
{
    ko_page_offers *offers = &list->offers;
    const size_t at = find_key(list, key);
    ko_status st = KO_OK;
    assert(*key && strlen(key) < KO_CANONICAL_KEY_SIZE);
    if (at < offers->count) {
        st = ko_offer_merge(&offers->offer[at], card);
    } else if (offers->count < KO_MAX_PAGE_CARDS) {
        void *grown = ko_grown(list->keys, offers->count, &list->keys_capacity, sizeof *list->keys);
        list->keys = grown ? grown : list->keys;
        st = ko_offer_set(card, KO_OFFER_URL, url, NULL);
        ko_page_offer *added = grown && st == KO_OK ? ko_offers_add(offers) : NULL;
        if (added) {
            memcpy(list->keys[at], key, strlen(key) + 1);
            *added = *card;
            *card = (ko_page_offer){0};
            list->n_pictured += added->n_images > 0;
        }
        st = added ? KO_OK : KO_E_NOMEM;
    }
    ko_offer_clear(card);
    return st;
}

void ko_card_list_clear(ko_card_list *list)
{
    ko_offers_cut(&list->offers, 0);
    ko_free(list->keys);
    list->keys = NULL;
    list->keys_capacity = list->n_pictured = 0;
}

/* --- where a page belongs --- */

/* How many links of a page lead to each marketplace. */
typedef struct census {
    const char *platform[MAX_PLACES];
    size_t count[MAX_PLACES], n, links;
} census;

static void count_link(census *all, const char *platform)
{
    size_t i = 0;
    all->links++;
    while (i < all->n && strcmp(all->platform[i], platform) != 0)
        i++;
    if (!*platform || i == MAX_PLACES)
        return;
    all->n += i == all->n;
    all->platform[i] = platform;
    all->count[i]++;
}

static ko_status most_linked(const xmlDoc *doc, const ko_web_base *base, const char **out_platform)
{
    census all = {.n = 0};
    ko_status st = KO_OK;
    const xmlNode *root = xmlDocGetRootElement(doc);
    for (const xmlNode *node = root; node && st == KO_OK && all.links < MAX_CENSUS;
         node = ko_html_next(node, root)) {
        ko_canonical to;
        const char *href = ko_html_is(node, "a") ? ko_html_attribute(node, "href") : NULL;
        if (!href || *href == '#')
            continue;
        st = canonical_of(href, base, &to);
        if (st == KO_OK)
            count_link(&all, to.platform);
        st = st == KO_E_NOT_FOUND ? KO_OK : st;
    }
    for (size_t i = 0; i < all.n; i++)
        if (2 * all.count[i] > all.links)
            *out_platform = all.platform[i];
    return st;
}

ko_status ko_cards_locate(const xmlDoc *doc, const ko_web_base *base, const char *url,
                          ko_cards_place *out_place)
{
    ko_canonical own = {.platform = ""};
    *out_place = (ko_cards_place){.platform = ""};
    if (!url)
        return most_linked(doc, base, &out_place->platform);
    const ko_status st = canonical_of(url, NULL, &own);
    if (st == KO_OK)
        *out_place = (ko_cards_place){.platform = own.platform, .listing = own.item[0] != '\0'};
    return st == KO_E_NOT_FOUND ? KO_OK : st;
}

/* --- the cards of a page --- */

/* What structured data say of a listing counts before what is shown of it. */
static ko_status put_first(ko_card_list *list, const ko_canonical *listing,
                           const ko_page_offer *told)
{
    ko_page_offer whole = {0};
    const size_t at = find_key(list, listing->key);
    ko_status st = ko_offer_merge(&whole, told);
    if (st == KO_OK && at == list->offers.count)
        return ko_card_add(list, listing->key, listing->url.text, &whole);
    if (st == KO_OK)
        st = ko_offer_merge(&whole, &list->offers.offer[at]);
    if (st == KO_OK) {
        ko_offer_clear(&list->offers.offer[at]);
        list->offers.offer[at] = whole;
        whole = (ko_page_offer){0};
    }
    ko_offer_clear(&whole);
    return st;
}

static ko_status add_known(const ko_page_offers *known, ko_card_list *list)
{
    ko_status st = KO_OK;
    for (size_t i = 0; known && i < known->count && st == KO_OK; i++) {
        ko_canonical listing;
        st = ko_card_identify(list, ko_offer_get(&known->offer[i], KO_OFFER_URL), &listing);
        if (st == KO_OK)
            st = put_first(list, &listing, &known->offer[i]);
        st = st == KO_E_NOT_FOUND ? KO_OK : st;
    }
    return st;
}

ko_status ko_cards_read(const xmlDoc *doc, const ko_web_base *base, const char *platform,
                        const ko_page_offers *known, ko_page_offers *cards)
{
    assert(*platform && cards->count == 0);
    ko_card_list list = {.platform = platform, .base = base};
    ko_status st = ko_cards_shown(doc, &list);
    if (st == KO_OK)
        st = ko_cards_state(doc, &list);
    const bool enough = list.n_pictured >= KO_CARDS_MIN;
    if (st == KO_OK && enough)
        st = add_known(known, &list);
    if (st == KO_OK && enough) {
        *cards = list.offers;
        list.offers = (ko_page_offers){0};
    }
    ko_card_list_clear(&list);
    return st;
}
