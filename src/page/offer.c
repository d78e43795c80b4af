#include "page/offer.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "page/entities.h"
#include "page/picture.h"
#include "page/web.h"

#include <assert.h>
#include <string.h>

const char *ko_offer_get(const ko_page_offer *offer, ko_offer_field field)
{
    assert(field < KO_OFFER_FIELDS);
    return offer->field[field] ? offer->field[field] : "";
}

/* Where to cut a text so that no character of several bytes is cut in two. */
static size_t cut_length(const char *text)
{
    size_t n = strnlen(text, KO_MAX_PAGE_TEXT);
    if (n < KO_MAX_PAGE_TEXT)
        return n;
    while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    return n;
}

/* A clean copy with runs of blanks made one; *out_text stays NULL for a blank text. */
static ko_status clean_line(const char *text, char **out_text)
{
    char *cut = ko_strndup(text, cut_length(text));
    if (cut)
        ko_entities_decode(cut); /* shops escape their data once too often */
    char *clean = cut ? ko_text_clean_dup(cut) : NULL;
    ko_free(cut);
    if (!clean)
        return KO_E_NOMEM;
    size_t n = 0;
    for (const char *from = ko_text_trim(clean); *from; from++) {
        const bool no_break = strncmp(from, "\xC2\xA0", 2) == 0; /* U+00A0 */
        from += no_break;
        if (!no_break && *from != ' ')
            clean[n++] = *from;
        else if (n > 0 && clean[n - 1] != ' ')
            clean[n++] = ' ';
    }
    n -= n > 0 && clean[n - 1] == ' ';
    clean[n] = '\0';
    if (n > 0) {
        *out_text = clean;
        return KO_OK;
    }
    ko_free(clean);
    return KO_OK;
}

ko_status ko_offer_set(ko_page_offer *offer, ko_offer_field field, const char *text,
                       const ko_web_base *base)
{
    assert(field < KO_OFFER_FIELDS);
    if (!text || offer->field[field])
        return KO_OK;
    if (field == KO_OFFER_URL || field == KO_OFFER_SELLER_URL)
        return ko_web_resolve(text, base, &offer->field[field]);
    return clean_line(text, &offer->field[field]);
}

/* Appends to a list of strings that the offer owns; takes the text over also on failure. */
static ko_status append(char ***list, size_t *count, char *text)
{
    char **grown =
        text ? ko_realloc(*list, *count * sizeof **list, (*count + 1) * sizeof **list) : NULL;
    if (!grown) {
        ko_free(text);
        return KO_E_NOMEM;
    }
    *list = grown;
    grown[(*count)++] = text;
    return KO_OK;
}

ko_status ko_offer_warn(ko_page_offer *offer, const char *text)
{
    for (size_t i = 0; i < offer->n_warnings; i++)
        if (strcmp(offer->warnings[i], text) == 0)
            return KO_OK;
    if (offer->n_warnings == KO_MAX_PAGE_WARNINGS)
        return KO_OK;
    return append(&offer->warnings, &offer->n_warnings, ko_text_clean_dup(text));
}

/* The first of these addresses that is one of the same picture; n when none is. */
static size_t find_picture(char *const *list, size_t n, const char *url)
{
    size_t i = 0;
    while (i < n && !ko_picture_same(list[i], url))
        i++;
    return i;
}

ko_status ko_offer_add_image(ko_page_offer *offer, const char *url, const ko_web_base *base)
{
    char *whole = NULL;
    if (!url)
        return KO_OK;
    const ko_status st = ko_web_image(url, base, &whole);
    if (st != KO_OK || !whole || ko_picture_is_placeholder(whole) ||
        find_picture(offer->copies, offer->n_copies, whole) < offer->n_copies) {
        ko_free(whole);
        return st;
    }
    const size_t i = find_picture(offer->images, offer->n_images, whole);
    if (i < offer->n_images) {
        char *worse = whole;
        if (ko_picture_rank(whole) > ko_picture_rank(offer->images[i])) {
            worse = offer->images[i];
            offer->images[i] = whole;
        }
        ko_free(worse);
        return KO_OK;
    }
    if (offer->n_images == KO_MAX_LISTING_IMAGES) {
        ko_free(whole);
        return ko_offer_warn(offer, "more pictures than are kept of one listing");
    }
    return append(&offer->images, &offer->n_images, whole);
}

/* Moves the later of two pictures to the place of the earlier, which goes. */
static void replace_image(ko_page_offer *offer, size_t copy, size_t larger)
{
    const size_t to = copy < larger ? copy : larger, last = copy < larger ? larger : copy;
    char *kept = offer->images[larger];
    ko_free(offer->images[copy]);
    offer->images[to] = kept;
    offer->n_images--;
    memmove(&offer->images[last], &offer->images[last + 1],
            (offer->n_images - last) * sizeof *offer->images);
}

ko_status ko_offer_add_copy(ko_page_offer *offer, const char *url, const char *copy,
                            const ko_web_base *base)
{
    char *whole = NULL, *other = NULL;
    ko_status st = ko_web_image(url, base, &whole);
    if (st == KO_OK)
        st = ko_web_image(copy, base, &other);
    const size_t n = offer->n_images;
    const size_t larger = whole ? find_picture(offer->images, n, whole) : n;
    if (st == KO_OK && other && larger < n && !ko_picture_same(whole, other) &&
        find_picture(offer->copies, offer->n_copies, other) == offer->n_copies) {
        const size_t known = find_picture(offer->images, n, other);
        if (known < n)
            replace_image(offer, known, larger);
        st = append(&offer->copies, &offer->n_copies, other);
        other = NULL;
    }
    ko_free(whole);
    ko_free(other);
    return st;
}

ko_status ko_offer_merge(ko_page_offer *into, const ko_page_offer *from)
{
    static const ko_web_base resolved = {.saved = true}; /* files stay files */
    /* A price goes with its range and its currency: those of two sources are not mixed. */
    const bool priced = into->field[KO_OFFER_PRICE] != NULL;
    ko_status st = KO_OK;
    for (int f = 0; st == KO_OK && f < KO_OFFER_FIELDS; f++)
        if (f != KO_OFFER_PRICE_MAX || !priced)
            st = ko_offer_set(into, (ko_offer_field)f, from->field[f], NULL);
    for (size_t i = 0; st == KO_OK && i < from->n_images; i++)
        st = ko_offer_add_image(into, from->images[i], &resolved);
    for (size_t i = 0; st == KO_OK && i < from->n_warnings; i++)
        st = ko_offer_warn(into, from->warnings[i]);
    return st;
}

void ko_offer_clear(ko_page_offer *offer)
{
    for (int f = 0; f < KO_OFFER_FIELDS; f++)
        ko_free(offer->field[f]);
    for (size_t i = 0; i < offer->n_images; i++)
        ko_free(offer->images[i]);
    for (size_t i = 0; i < offer->n_warnings; i++)
        ko_free(offer->warnings[i]);
    for (size_t i = 0; i < offer->n_copies; i++)
        ko_free(offer->copies[i]);
    ko_free(offer->images);
    ko_free(offer->copies);
    ko_free(offer->warnings);
    *offer = (ko_page_offer){0};
}

ko_page_offer *ko_offers_add(ko_page_offers *offers)
{
    if (offers->count == KO_MAX_PAGE_OFFERS)
        return NULL;
    ko_page_offer *grown = ko_grown(offers->offer, offers->count, &offers->capacity, sizeof *grown);
    if (!grown)
        return NULL;
    offers->offer = grown;
    ko_page_offer *offer = &offers->offer[offers->count++];
    *offer = (ko_page_offer){0};
    return offer;
}

void ko_offers_cut(ko_page_offers *offers, size_t count)
{
    assert(count <= offers->count);
    while (offers->count > count)
        ko_offer_clear(&offers->offer[--offers->count]);
    if (count == 0) {
        ko_free(offers->offer);
        *offers = (ko_page_offers){0};
    }
}
