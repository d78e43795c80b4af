#include "page/rails.h"

#include "page/html.h"
#include "page/words.h"

#include <string.h>

bool ko_rail_name(const char *name)
{
    static const char *const words[] = {
        "similar",  "related",       "recommend", "recently",     "also-",           "alsobought",
        "alsolike", "also_",         "upsell",    "up-sell",      "crosssell",       "cross-sell",
        "sponsor",  "you-may",       "youmay",    "more-from",    "morefrom",        "other-items",
        "reviews",  "-review",       "review-",   "comment",      "footer",          "megamenu",
        "nav-menu", "breadcrumb",    "advert",    "frequently",   "bought-together", "bundle",
        "suggest",  "compare-items", "feedback",  "seller-items", "otheritems",      NULL};
    return ko_words_find(name, strlen(name), words) != NULL;
}

bool ko_rail_is(const xmlNode *node)
{
    static const char *const places[] = {"id", "class", "data-component", "data-testid"};
    if (node->type != XML_ELEMENT_NODE || ko_html_is(node, "body") || ko_html_is(node, "html"))
        return false;
    if (ko_html_is(node, "footer") || ko_html_is(node, "nav") || ko_html_is(node, "aside"))
        return true;
    const char *tag = (const char *)node->name;
    if (strchr(tag, '-') && ko_rail_name(tag)) /* an element of the shop's own */
        return true;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *value = ko_html_attribute(node, places[i]);
        if (value && ko_rail_name(value))
            return true;
    }
    return false;
}
