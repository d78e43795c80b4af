#include "page/gallery.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/html.h"
#include "page/json.h"
#include "page/picture.h"
#include "page/rails.h"
#include "page/web.h"
#include "page/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_PICTURES 2000 /* of a page that are looked at */
#define MAX_GALLERIES 16  /* around known pictures */
#define MAX_CLIMB 8       /* elements from a picture up to its gallery */

/* A picture that a page shows. */
typedef struct shown {
    const xmlNode *node;
    char *url;
    bool linked; /* leads to another page */
} shown;

typedef struct shown_list {
    shown *picture;
    size_t count;
    ko_web_base resolved; /* what their addresses are relative to: nothing any more */
} shown_list;

/* --- the best address of one element --- */

typedef struct choice {
    char *url;
    double size;
} choice;

/* Takes n bytes for the address when they name a larger picture than what is chosen. */
static ko_status consider(choice *best, const char *text, size_t n, double size,
                          const ko_web_base *base)
{
    char *whole = NULL;
    if (n == 0)
        return KO_OK;
    char *copy = ko_strndup(text, n);
    if (!copy)
        return KO_E_NOMEM;
    const ko_status st = ko_web_image(copy, base, &whole);
    ko_free(copy);
    if (whole && (size <= 0 || ko_web_is_local(whole)))
        size = ko_picture_rank(whole);
    static const char *const animated[] = {".gif", NULL}; /* decoration, not photographs */
    if (!whole || ko_picture_is_placeholder(whole) ||
        ko_words_find(whole, strlen(whole), animated) || (best->url && size <= best->size)) {
        ko_free(whole);
        return st;
    }
    ko_free(best->url);
    *best = (choice){.url = whole, .size = size};
    return st;
}

static ko_status consider_srcset(choice *best, const char *srcset, const ko_web_base *base)
{
    const char *url = NULL;
    double size = 0;
    const size_t n = srcset ? ko_picture_srcset(srcset, &url, &size) : 0;
    /* A density says nothing of pixels: let the address speak. */
    return n > 0 ? consider(best, url, n, size > 8 ? size : 0, base) : KO_OK;
}

/* Attributes that hold lists, such as data-a-dynamic-image='{"URL": [w, h]}'. */
static ko_status consider_object(choice *best, const char *text, const ko_web_base *base)
{
    json_t *object = NULL;
    const char *key = NULL;
    json_t *size = NULL;
    ko_status st = ko_page_json_parse(text, strlen(text), &object);
    json_object_foreach(object, key, size)
    {
        if (st == KO_OK && ko_picture_is_name(key))
            st = consider(best, key, strlen(key), json_number_value(json_array_get(size, 0)), base);
        else if (st == KO_OK && json_is_string(size) && ko_picture_is_name(json_string_value(size)))
            st = consider(best, json_string_value(size), json_string_length(size), 0, base);
    }
    json_decref(object);
    return st;
}

/* Everything that an element says of its picture: what scripts load later before what
 * stands in for it. */
static ko_status consider_element(choice *best, const xmlNode *node, const ko_web_base *base)
{
    static const char *const srcsets[] = {"srcset", NULL};
    static const char *const sources[] = {"src", "original", "image", "large", "zoom", NULL};
    ko_status st = KO_OK;
    for (const xmlAttr *a = node->properties; a && st == KO_OK; a = a->next) {
        const char *name = (const char *)a->name;
        const char *value =
            a->children && a->children->content ? (const char *)a->children->content : "";
        if (strncasecmp(name, "data-", 5) != 0)
            continue;
        if (ko_words_find(name, strlen(name), srcsets))
            st = consider_srcset(best, value, base);
        else if (*value == '{')
            st = consider_object(best, value, base);
        else if (!strpbrk(value, " ,") &&
                 (ko_picture_is_name(value) ||
                  (ko_words_find(name, strlen(name), sources) && strstr(value, "//"))))
            st = consider(best, value, strlen(value), 0, base);
    }
    if (st == KO_OK)
        st = consider_srcset(best, ko_html_attribute(node, "srcset"), base);
    const char *src = ko_html_is(node, "img") ? ko_html_attribute(node, "src") : NULL;
    return st == KO_OK && src ? consider(best, src, strlen(src), 0, base) : st;
}

/* --- all pictures of a page --- */

/* The link around a node, NULL for none. */
static const xmlNode *link_around(const xmlNode *node)
{
    for (unsigned i = 0; node && i < MAX_CLIMB; i++, node = node->parent)
        if (ko_html_is(node, "a") && ko_html_attribute(node, "href"))
            return node;
    return NULL;
}

/* The picture element around an img, NULL for none. A parser that does not know its sources
 * as empty puts one into the other. */
static const xmlNode *picture_around(const xmlNode *node)
{
    for (unsigned i = 0; node && i < MAX_CLIMB; i++, node = node->parent)
        if (ko_html_is(node, "picture"))
            return node;
    return NULL;
}

static bool leads_away(const char *href)
{
    return *href && *href != '#' && strncasecmp(href, "javascript:", 11) != 0 &&
           !ko_picture_is_name(href);
}

static bool is_tiny(const xmlNode *node)
{
    const char *width = ko_html_attribute(node, "width");
    const char *height = ko_html_attribute(node, "height");
    const long w = width && isdigit((unsigned char)*width) ? strtol(width, NULL, 10) : 1000;
    const long h = height && isdigit((unsigned char)*height) ? strtol(height, NULL, 10) : 1000;
    return w < 25 || h < 25;
}

static ko_status add_picture(shown_list *list, const xmlNode *node, const ko_web_base *base)
{
    choice best = {0};
    const xmlNode *link = link_around(node);
    const char *href = link ? ko_html_attribute(link, "href") : NULL;
    ko_status st = KO_OK;
    if (href && ko_picture_is_name(href))
        st = consider(&best, href, strlen(href), 0, base);
    if (st == KO_OK && link && link != node)
        st = consider_element(&best, link, base);
    if (st == KO_OK)
        st = consider_element(&best, node, base);
    const xmlNode *picture = picture_around(node);
    for (const xmlNode *s = picture; s && st == KO_OK; s = ko_html_next(s, picture))
        if (ko_html_is(s, "source"))
            st = consider_element(&best, s, base);
    if (!best.url)
        return st;
    list->picture[list->count++] =
        (shown){.node = node, .url = best.url, .linked = href && leads_away(href)};
    return st;
}

static bool is_picture_node(const xmlNode *node)
{
    if (ko_html_is(node, "img"))
        return !is_tiny(node);
    const char *href = ko_html_is(node, "a") ? ko_html_attribute(node, "href") : NULL;
    if (href && ko_picture_is_name(href))
        return true;
    static const char *const zooms[] = {"data-zoom-image", "data-image", "data-large-image",
                                        "data-full-image", "data-bg",    "data-large"};
    for (size_t i = 0; i < sizeof zooms / sizeof *zooms; i++) {
        const char *value = ko_html_attribute(node, zooms[i]);
        if (value && ko_picture_is_name(value))
            return true;
    }
    return false;
}

static ko_status collect(const xmlDoc *page, const ko_web_base *base, shown_list *list)
{
    const xmlNode *root = xmlDocGetRootElement(page);
    const xmlNode *node = root;
    ko_status st = KO_OK;
    while (node && st == KO_OK && list->count < MAX_PICTURES) {
        if (ko_rail_is(node)) {
            node = ko_html_skip(node, root);
            continue;
        }
        if (node->type == XML_ELEMENT_NODE && is_picture_node(node))
            st = add_picture(list, node, base);
        node = ko_html_next(node, root);
    }
    return st;
}

/* --- the gallery --- */

static bool is_below(const xmlNode *node, const xmlNode *above)
{
    while (node && node != above)
        node = node->parent;
    return node != NULL;
}

/* True when part may be (a part of) a gallery: nothing below it leads to other pages. */
static bool may_be_gallery(const xmlNode *part, const shown_list *list)
{
    if (part->type != XML_ELEMENT_NODE || ko_html_is(part, "body") || ko_html_is(part, "html") ||
        ko_html_find(part, "h1"))
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (list->picture[i].linked && is_below(list->picture[i].node, part))
            return false;
    return true;
}

static ko_status add_gallery(const shown_list *list, const xmlNode *start, ko_page_offer *offer)
{
    const xmlNode *part = start;
    for (unsigned i = 0; i < MAX_CLIMB && part->parent && may_be_gallery(part->parent, list); i++)
        part = part->parent;
    ko_status st = KO_OK;
    for (size_t i = 0; i < list->count && st == KO_OK; i++)
        if (is_below(list->picture[i].node, part))
            st = ko_offer_add_image(offer, list->picture[i].url, &list->resolved);
    return st;
}

static bool is_known(const ko_page_offer *offer, size_t n_known, const char *url)
{
    for (size_t i = 0; i < n_known; i++)
        if (ko_picture_same(offer->images[i], url))
            return true;
    return false;
}

/* True when an element around the node is called a gallery. */
static bool in_named_gallery(const xmlNode *node)
{
    static const char *const words[] = {"gallery",       "carousel",
                                        "slider",        "swiper",
                                        "product-image", "productimage",
                                        "product-photo", "product-media",
                                        "image-viewer",  "imageviewer",
                                        "main-image",    "mainimage",
                                        "zoom",          NULL};
    for (unsigned i = 0; node && i < MAX_CLIMB; i++, node = node->parent) {
        const char *id = ko_html_attribute(node, "id");
        const char *name = ko_html_attribute(node, "class");
        if ((id && ko_words_find(id, strlen(id), words)) ||
            (name && ko_words_find(name, strlen(name), words)))
            return true;
    }
    return false;
}

/* Adds pictures that are named after one that is known, wherever the page shows them. */
static ko_status add_siblings(const shown_list *list, ko_page_offer *offer)
{
    const size_t n_known = offer->n_images;
    ko_status st = KO_OK;
    for (size_t i = 0; i < list->count && st == KO_OK; i++)
        for (size_t k = 0; k < n_known && st == KO_OK && !list->picture[i].linked; k++)
            if (ko_picture_sibling(list->picture[i].url, offer->images[k]))
                st = ko_offer_add_image(offer, list->picture[i].url, &list->resolved);
    return st;
}

/* Adds the galleries around all pictures that are known, or else the first that is called
 * one. */
static ko_status add_galleries(const shown_list *list, ko_page_offer *offer)
{
    const size_t n_known = offer->n_images;
    unsigned found = 0;
    ko_status st = KO_OK;
    for (size_t i = 0; i < list->count && st == KO_OK && found < MAX_GALLERIES; i++)
        if (!list->picture[i].linked && is_known(offer, n_known, list->picture[i].url)) {
            found++;
            st = add_gallery(list, list->picture[i].node, offer);
        }
    for (size_t i = 0; i < list->count && st == KO_OK && found == 0; i++)
        if (!list->picture[i].linked && in_named_gallery(list->picture[i].node)) {
            found++;
            st = add_gallery(list, list->picture[i].node, offer);
        }
    return st;
}

ko_status ko_gallery_read(const xmlDoc *page, const ko_web_base *base, ko_page_offer *offer)
{
    shown_list list = {.picture = ko_alloc_array(MAX_PICTURES, sizeof *list.picture),
                       .resolved = {.saved = true}};
    ko_status st = list.picture ? collect(page, base, &list) : KO_E_NOMEM;
    if (st == KO_OK)
        st = add_siblings(&list, offer);
    if (st == KO_OK)
        st = add_galleries(&list, offer);
    for (size_t i = 0; i < list.count; i++)
        ko_free(list.picture[i].url);
    ko_free(list.picture);
    return st;
}
