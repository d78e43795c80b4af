#include "page/page.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/charset.h"
#include "page/feed.h"
#include "page/gallery.h"
#include "page/html.h"
#include "page/json.h"
#include "page/state.h"
#include "page/structured.h"
#include "page/wall.h"
#include "page/web.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

/* What relative addresses of a page are relative to: its base element, itself resolved
 * against where the page comes from; or the address that it gives itself. */
static ko_status find_base(const xmlDoc *doc, const char *url, char **out_base)
{
    const xmlNode *root = xmlDocGetRootElement(doc);
    const xmlNode *element = root ? ko_html_find(root, "base") : NULL;
    const char *href = element ? ko_html_attribute(element, "href") : NULL;
    ko_status st = href ? ko_web_resolve(href, url, out_base) : KO_OK;
    if (st == KO_OK && !*out_base && url)
        st = ko_web_resolve(url, NULL, out_base);
    if (st != KO_OK || *out_base)
        return st;
    ko_page_offer self = {0};
    bool product = false;
    st = ko_structured_page(doc, NULL, &self, &product);
    if (st == KO_OK && self.field[KO_OFFER_URL]) {
        *out_base = self.field[KO_OFFER_URL];
        self.field[KO_OFFER_URL] = NULL;
    }
    ko_offer_clear(&self);
    return st;
}

/* True when an offer is what the page as a whole is about, to judge by its name. */
static bool is_named(const ko_page_offer *offer, const ko_page_offer *page)
{
    const char *title = ko_offer_get(offer, KO_OFFER_TITLE);
    return strlen(title) > 3 && strstr(ko_offer_get(page, KO_OFFER_TITLE), title);
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

/* Completes the one product of a page from all that the page shows. */
static ko_status complete(const xmlDoc *doc, const char *base, bool product,
                          const ko_page_offer *page, ko_page_offer *offer)
{
    ko_status st = ko_offer_merge(offer, page);
    trim_title(offer, page);
    if (st == KO_OK)
        st = ko_state_read(doc, base, offer);
    if (st == KO_OK)
        st = ko_gallery_read(doc, base, offer);
    product = product || offer->field[KO_OFFER_PRICE] || ko_gallery_sells(doc);
    if (st == KO_OK && product)
        st = ko_gallery_price(doc, offer);
    if (st == KO_OK && !product)
        st = ko_offer_warn(offer, "nothing on the page says that it is a product");
    if (st == KO_OK && offer->n_images == 0)
        st = ko_offer_warn(offer, "no pictures found");
    if (st == KO_OK && product && !offer->field[KO_OFFER_PRICE])
        st = ko_offer_warn(offer, "no price found");
    return st;
}

static ko_status read_products(const xmlDoc *doc, const char *base, const char *url, ko_page *page)
{
    ko_page_offer whole = {0};
    bool product = false;
    ko_status st = ko_structured_products(doc, base, &page->offers);
    if (st == KO_OK && page->offers.count == 0)
        st = ko_wall_tell(doc, &page->blocked);
    if (st != KO_OK || page->blocked)
        return st;
    st = ko_structured_page(doc, base, &whole, &product);
    if (st == KO_OK)
        st = ko_offer_set(&whole, KO_OFFER_URL, url, NULL);
    keep_main(&page->offers, &whole);
    product = product || page->offers.count > 0;
    if (st == KO_OK && page->offers.count == 0 && !ko_offers_add(&page->offers))
        st = KO_E_NOMEM;
    if (st == KO_OK && page->offers.count == 1)
        st = complete(doc, base, product, &whole, &page->offers.offer[0]);
    ko_offer_clear(&whole);
    return st;
}

static ko_status read_html(const ko_page_source *source, const ko_page_text *text, ko_page *page,
                           ko_error *err)
{
    bool cut = false;
    char *base = NULL;
    page->kind = "HTML page";
    xmlDoc *doc = ko_html_parse(text->text, text->size, &cut);
    ko_status st = doc ? find_base(doc, source->url, &base) : KO_E_NOMEM;
    if (st == KO_OK)
        st = read_products(doc, base, source->url, page);
    if (st == KO_OK && page->offers.count == 1) {
        const ko_page_offer *only = page->offers.offer;
        if (only->n_images == 0 && !only->field[KO_OFFER_TITLE])
            ko_offers_cut(&page->offers, 0);
    }
    if (st == KO_OK && cut && page->offers.count > 0)
        st = ko_offer_warn(page->offers.offer, "the page is too deep or long: read in part");
    if (st != KO_OK)
        st = ko_fail(err, st, "no memory to read a page of %zu bytes", text->size);
    ko_free(base);
    xmlFreeDoc(doc);
    return st;
}

static ko_status read_json(const ko_page_source *source, const ko_page_text *text, ko_page *page,
                           ko_error *err)
{
    json_t *root = NULL;
    ko_status st = ko_page_json_parse(text->text, text->size, &root);
    if (st == KO_OK && root)
        st = ko_feed_json(root, source->url, &page->offers, &page->kind);
    json_decref(root);
    if (st != KO_OK)
        return ko_fail(err, st, "no memory to read a reply of %zu bytes", text->size);
    if (!page->kind)
        return ko_fail(err, KO_E_UNSUPPORTED, "JSON without listings of a kind we know");
    return KO_OK;
}

/* Where the first element begins, behind declarations and comments, NULL for none. */
static const char *first_element(const char *text, size_t size)
{
    const char *end = text + size;
    while (end - text > 4 && (text[1] == '!' || text[1] == '?')) {
        const bool comment = memcmp(text, "<!--", 4) == 0;
        if (!comment && text[1] == '!')
            break; /* a document type: the parser that knows it decides */
        text += 2;
        while (end - text > 3 && memcmp(text, comment ? "-->" : "?>", comment ? 3 : 2) != 0)
            text++;
        text = memchr(text, '<', (size_t)(end - text));
        if (!text)
            return NULL;
    }
    return text;
}

static bool looks_like_html(const char *text, size_t size)
{
    static const char *const tags[] = {"<!doctype html", "<html",  "<head", "<body",
                                       "<script",        "<title", "<div",  "<meta"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strlen(tags[i]) <= size && strncasecmp(text, tags[i], strlen(tags[i])) == 0)
            return true;
    return false;
}

/* Tells the kind from the first byte that is no blank, and reads. */
static ko_status read_text(const ko_page_source *source, const ko_page_text *text, ko_page *page,
                           ko_error *err)
{
    size_t at = 0;
    while (at < text->size && (unsigned char)text->text[at] <= ' ')
        at++;
    const char *begin = text->text + at;
    const size_t size = text->size - at;
    if (size == 0)
        return ko_fail(err, KO_E_FORMAT, "an empty page");
    if (*begin == '{' || *begin == '[')
        return read_json(source, text, page, err);
    ko_status st = KO_OK;
    const char *element = *begin == '<' ? first_element(begin, size) : NULL;
    if (element && !looks_like_html(element, size - (size_t)(element - begin)))
        st = ko_feed_xml(element, size - (size_t)(element - begin), source->url, &page->offers,
                         &page->kind);
    else if (*begin != '<')
        st = ko_feed_tsv(begin, size, source->url, &page->offers, &page->kind);
    if (st != KO_OK)
        return ko_fail(err, st, "no memory to read a feed of %zu bytes", size);
    if (page->kind)
        return KO_OK;
    if (*begin != '<')
        return ko_fail(err, KO_E_UNSUPPORTED, "neither a page nor a reply or feed that we know");
    return read_html(source, text, page, err);
}

ko_status ko_page_read(const ko_page_source *source, ko_page *out_page, ko_error *err)
{
    assert(source && out_page && (source->bytes || source->size == 0));
    ko_buf converted = KO_BUF(3 * KO_MAX_PAGE_BYTES);
    ko_page page = {0};
    ko_page_text text = {0};
    if (source->size > KO_MAX_PAGE_BYTES)
        return ko_fail(err, KO_E_LIMIT, "page of %zu bytes, limit %zu", source->size,
                       KO_MAX_PAGE_BYTES);
    if (source->size == 0)
        return ko_fail(err, KO_E_FORMAT, "an empty page");
    ko_status st =
        ko_page_decode(source->bytes, source->size, source->content_type, &converted, &text, err);
    if (st == KO_OK) {
        page.encoding = text.encoding;
        st = read_text(source, &text, &page, err);
    }
    if (st == KO_OK)
        *out_page = page;
    else
        ko_page_free(&page);
    ko_buf_free(&converted);
    return st;
}

void ko_page_free(ko_page *page)
{
    ko_offers_cut(&page->offers, 0);
    *page = (ko_page){0};
}
