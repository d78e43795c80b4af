#include "page/page.h"

#include "base/limits.h"
#include "page/charset.h"
#include "page/feed.h"
#include "page/html.h"
#include "page/json.h"
#include "page/links.h"
#include "page/product.h"
#include "page/unzip.h"
#include "page/wall.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static ko_status read_html(const ko_page_source *source, const ko_page_text *text, ko_page *page,
                           ko_error *err)
{
    bool cut = false;
    page->kind = "HTML page";
    page->format = KO_FORMAT_HTML;
    xmlDoc *doc = ko_html_parse(text->text, text->size, &cut);
    ko_status st = doc ? ko_product_read(doc, source, page) : KO_E_NOMEM;
    if (st == KO_OK && cut && page->offers.count > 0)
        st = ko_offer_warn(page->offers.offer, "the page is too deep or long: read in part");
    if (st != KO_OK)
        st = ko_fail(err, st, "no memory to read a page of %zu bytes", text->size);
    xmlFreeDoc(doc);
    return st;
}

static ko_status read_json(const ko_page_source *source, const ko_page_text *text, ko_page *page,
                           ko_error *err)
{
    const ko_web_base base = {.url = source->url};
    json_t *root = NULL;
    ko_status st = ko_page_json_parse(text->text, text->size, &root);
    if (st == KO_OK && root)
        st = ko_feed_json(root, &base, page);
    json_decref(root);
    if (st != KO_OK)
        return ko_fail(err, st, "no memory to read a reply of %zu bytes", text->size);
    if (!page->kind && ko_wall_in_reply(text->text, text->size)) {
        page->kind = "reply";
        page->blocked = "a captcha";
    }
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

/* What is no page and begins with no bracket: a feed, if anything. */
static ko_status read_feed(const ko_page_source *source, const char *text, size_t size,
                           ko_page *page)
{
    const ko_web_base base = {.url = source->url};
    const char *element = *text == '<' ? first_element(text, size) : NULL;
    const size_t left = element ? size - (size_t)(element - text) : 0;
    if (element && !looks_like_html(element, left))
        return ko_feed_xml(element, left, &base, page);
    if (*text == '<')
        return KO_OK;
    const ko_status st = ko_feed_tsv(text, size, &base, page);
    return st == KO_OK && !page->kind ? ko_feed_urls(text, size, page) : st;
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
    const ko_status st = read_feed(source, begin, size, page);
    if (st != KO_OK)
        return ko_fail(err, st, "no memory to read a feed of %zu bytes", size);
    if (page->kind)
        return KO_OK;
    if (*begin != '<')
        return ko_fail(err, KO_E_UNSUPPORTED, "neither a page nor a reply or feed that we know");
    return read_html(source, text, page, err);
}

static ko_status read_bytes(const ko_page_source *source, const char *bytes, size_t size,
                            ko_page *page, ko_error *err)
{
    ko_buf converted = KO_BUF(3 * KO_MAX_PAGE_BYTES);
    ko_page_text text = {0};
    ko_status st = ko_page_decode(bytes, size, source->content_type, &converted, &text, err);
    if (st == KO_OK) {
        page->encoding = text.encoding;
        st = read_text(source, &text, page, err);
    }
    if (st == KO_OK && ko_links_settle(page) != KO_OK)
        st = ko_fail(err, KO_E_NOMEM, "no memory for %zu links", page->n_links);
    ko_buf_free(&converted);
    return st;
}

ko_status ko_page_read(const ko_page_source *source, ko_page *out_page, ko_error *err)
{
    assert(source && out_page && (source->bytes || source->size == 0));
    ko_buf unzipped = KO_BUF(KO_MAX_PAGE_BYTES);
    ko_page page = {0};
    if (source->size > KO_MAX_PAGE_BYTES)
        return ko_fail(err, KO_E_LIMIT, "page of %zu bytes, limit %zu", source->size,
                       KO_MAX_PAGE_BYTES);
    if (source->size == 0)
        return ko_fail(err, KO_E_FORMAT, "an empty page");
    const bool zipped = ko_page_is_gzip(source->bytes, source->size);
    ko_status st = zipped ? ko_page_unzip(source->bytes, source->size, &unzipped, err) : KO_OK;
    if (st == KO_OK)
        st = zipped ? read_bytes(source, unzipped.data, unzipped.size, &page, err)
                    : read_bytes(source, source->bytes, source->size, &page, err);
    if (st == KO_OK)
        *out_page = page;
    else
        ko_page_free(&page);
    ko_buf_free(&unzipped);
    return st;
}

void ko_page_free(ko_page *page)
{
    ko_offers_cut(&page->offers, 0);
    ko_links_clear(page);
    *page = (ko_page){0};
}
