#include "page/saved.h"

#include "base/alloc.h"
#include "page/web.h"

#include <string.h>

#define MAX_NODES 64 /* looked at from the top of the page on */

/* Where the URL begins in such a comment; NULL for any other. */
static const char *url_in(const char *comment)
{
    const char *at = strstr(comment, "saved from url=(");
    if (at) {
        at = strchr(at, ')');
        return at ? at + 1 : NULL;
    }
    at = strstr(comment, "SingleFile") ? strstr(comment, "url:") : NULL;
    return at ? at + 4 + strspn(at + 4, " ") : NULL;
}

static ko_status read_comment(const xmlNode *node, char **out_url)
{
    const char *url = node->content ? url_in((const char *)node->content) : NULL;
    if (!url)
        return KO_OK;
    char *copy = ko_strndup(url, strcspn(url, " \t\r\n"));
    const ko_status st = copy ? ko_web_resolve(copy, NULL, out_url) : KO_E_NOMEM;
    ko_free(copy);
    return st;
}

ko_status ko_saved_from(const xmlDoc *page, char **out_url)
{
    ko_status st = KO_OK;
    unsigned seen = 0;
    /* Before the root, or the first thing inside it. */
    const xmlNode *node = page->children;
    while (node && seen++ < MAX_NODES && st == KO_OK && !*out_url) {
        if (node->type == XML_COMMENT_NODE)
            st = read_comment(node, out_url);
        const xmlNode *inside = node->type == XML_ELEMENT_NODE ? node->children : NULL;
        const xmlNode *next = inside ? inside : node->next;
        if (!next && node->parent && node->parent->type == XML_ELEMENT_NODE)
            next = node->parent->next;
        node = next;
    }
    return st;
}
