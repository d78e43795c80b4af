/* page/html.h - a page as a tree, and walks over it.
 *
 * The tree is libxml2's and read-only; strings had from it live as long as it does. Walks
 * go from node to node: nothing recurses, so depth costs no stack. */
#ifndef KO_PAGE_HTML_H
#define KO_PAGE_HTML_H

#include "base/buf.h"

#include <libxml/tree.h>
#include <stdbool.h>

/* Parses UTF-8 text as HTML, as broken as it may be. NULL doc when there is no memory.
 * *out_cut tells that the tree ends early, for its depth or KO_MAX_PAGE_NODES. Free it with
 * xmlFreeDoc. Never touches the network. */
xmlDoc *ko_html_parse(const char *text, size_t size, bool *out_cut);

/* The next node in document order below root, NULL at the end. Start with root itself. */
xmlNode *ko_html_next(const xmlNode *node, const xmlNode *root);
/* The same without what lies below node. */
xmlNode *ko_html_skip(const xmlNode *node, const xmlNode *root);

bool ko_html_is(const xmlNode *node, const char *tag); /* an element of this name */
/* An attribute's value, or NULL; "" for one without value. */
const char *ko_html_attribute(const xmlNode *node, const char *name);
/* True when a blank-separated list such as class or rel holds the word, case-blind. */
bool ko_html_has_word(const char *list, const char *word);
/* The first element with this tag, or NULL. */
xmlNode *ko_html_find(const xmlNode *root, const char *tag);

/* Appends the text below node, without that of scripts and styles and what is crossed
 * out or hidden, up to the room in out; a blank stands for each tag. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_html_text(const xmlNode *node, ko_buf *out);

/* The content of a script, borrowed; "" when empty. */
const char *ko_html_script(const xmlNode *node);

#endif
