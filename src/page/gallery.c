#include "page/gallery.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/html.h"
#include "page/picture.h"
#include "page/rails.h"
#include "page/shown.h"
#include "page/web.h"
#include "page/words.h"

#include <string.h>
#include <strings.h>

#define MAX_PICTURES 2000 /* of a page that are looked at */
#define MAX_GALLERIES 16  /* around known pictures */
#define MAX_CLIMB 8       /* elements from a picture up to its gallery */

/* A picture that a page shows. */
typedef struct placed {
    const xmlNode *node;
    ko_shown shown;
    bool linked; /* leads to another page */
} placed;

typedef struct shown_list {
    placed *picture;
    size_t count;
    ko_web_base resolved; /* what their addresses are relative to: nothing any more */
} shown_list;

/* --- all pictures of a page --- */

static bool leads_away(const char *href)
{
    return *href && *href != '#' && strncasecmp(href, "javascript:", 11) != 0 &&
           !ko_picture_is_name(href);
}

static ko_status add_picture(shown_list *list, const xmlNode *node, const ko_web_base *base)
{
    const xmlNode *link = ko_shown_link(node);
    placed *picture = &list->picture[list->count];
    *picture =
        (placed){.node = node, .linked = link && leads_away(ko_html_attribute(link, "href"))};
    const ko_status st = ko_shown_read(node, base, &picture->shown);
    list->count += picture->shown.url != NULL;
    return st;
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
        if (node->type == XML_ELEMENT_NODE && ko_shown_is_picture(node))
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

/* Adds a picture. Where it is also named on the web, that is the same. */
static ko_status add_shown(const shown_list *list, const ko_shown *shown, ko_page_offer *offer)
{
    ko_status st = ko_offer_add_image(offer, shown->url, &list->resolved);
    if (st == KO_OK && shown->other)
        st = ko_offer_add_copy(offer, shown->url, shown->other, &list->resolved);
    return st;
}

static ko_status add_gallery(const shown_list *list, const xmlNode *start, ko_page_offer *offer)
{
    const xmlNode *part = start;
    for (unsigned i = 0; i < MAX_CLIMB && part->parent && may_be_gallery(part->parent, list); i++)
        part = part->parent;
    ko_status st = KO_OK;
    for (size_t i = 0; i < list->count && st == KO_OK; i++)
        if (is_below(list->picture[i].node, part))
            st = add_shown(list, &list->picture[i].shown, offer);
    return st;
}

static bool is_known(const ko_page_offer *offer, size_t n_known, const ko_shown *shown)
{
    for (size_t i = 0; i < n_known; i++)
        if (ko_picture_same(offer->images[i], shown->url) ||
            (shown->other && ko_picture_same(offer->images[i], shown->other)))
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
            if (ko_picture_sibling(list->picture[i].shown.url, offer->images[k]))
                st = ko_offer_add_image(offer, list->picture[i].shown.url, &list->resolved);
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
        if (!list->picture[i].linked && is_known(offer, n_known, &list->picture[i].shown)) {
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
        ko_shown_clear(&list.picture[i].shown);
    ko_free(list.picture);
    return st;
}
