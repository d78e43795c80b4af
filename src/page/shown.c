#include "page/shown.h"

#include "base/alloc.h"
#include "page/html.h"
#include "page/json.h"
#include "page/picture.h"
#include "page/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_CLIMB 8 /* elements from a picture up to what is around it */

/* What is chosen so far: the best address, and the best on the web. */
typedef struct choice {
    char *url, *web;
    double size, web_size;
} choice;

/* Keeps url, which is taken over, when it is larger than what is kept. */
static void keep_larger(char *url, double size, char **kept, double *kept_size)
{
    char *worse = url;
    if (!*kept || size > *kept_size) {
        worse = *kept;
        *kept = url;
        *kept_size = size;
    }
    ko_free(worse);
}

/* Takes n bytes for the address when they name a larger picture than what is chosen. */
static ko_status consider(choice *best, const char *text, size_t n, double size,
                          const ko_web_base *base)
{
    static const char *const animated[] = {".gif", NULL}; /* decoration, not photographs */
    char *whole = NULL;
    if (n == 0)
        return KO_OK;
    char *copy = ko_strndup(text, n);
    if (!copy)
        return KO_E_NOMEM;
    ko_status st = ko_web_image(copy, base, &whole);
    ko_free(copy);
    if (!whole || ko_picture_is_placeholder(whole) ||
        ko_words_find(whole, strlen(whole), animated)) {
        ko_free(whole);
        return st;
    }
    if (size <= 0 || ko_web_is_local(whole))
        size = ko_picture_rank(whole);
    if (!ko_web_is_local(whole)) {
        char *web = ko_strdup(whole);
        st = web ? st : KO_E_NOMEM;
        if (web)
            keep_larger(web, size, &best->web, &best->web_size);
    }
    keep_larger(whole, size, &best->url, &best->size);
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

const xmlNode *ko_shown_link(const xmlNode *node)
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

static bool is_tiny(const xmlNode *node)
{
    const char *width = ko_html_attribute(node, "width");
    const char *height = ko_html_attribute(node, "height");
    const long w = width && isdigit((unsigned char)*width) ? strtol(width, NULL, 10) : 1000;
    const long h = height && isdigit((unsigned char)*height) ? strtol(height, NULL, 10) : 1000;
    return w < 25 || h < 25;
}

bool ko_shown_is_picture(const xmlNode *node)
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

ko_status ko_shown_read(const xmlNode *node, const ko_web_base *base, ko_shown *out_shown)
{
    choice best = {0};
    const xmlNode *link = ko_shown_link(node);
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
    *out_shown = (ko_shown){.url = best.url, .other = best.web};
    if (st != KO_OK)
        ko_shown_clear(out_shown);
    if (out_shown->url && !ko_web_is_local(out_shown->url)) {
        ko_free(out_shown->other);
        out_shown->other = NULL;
    }
    return st;
}

void ko_shown_clear(ko_shown *shown)
{
    ko_free(shown->url);
    ko_free(shown->other);
    *shown = (ko_shown){0};
}
