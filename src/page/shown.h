/* page/shown.h - which picture an element of a page shows. */
#ifndef KO_PAGE_SHOWN_H
#define KO_PAGE_SHOWN_H

#include "page/web.h"

#include <libxml/tree.h>

/* The link around a node or at it, NULL for none nearby. */
const xmlNode *ko_shown_link(const xmlNode *node);

/* True for an element that shows a picture larger than a dot, now or once a script has run, or
 * that leads to a picture's file. */
bool ko_shown_is_picture(const xmlNode *node);

/* The addresses of one picture that an element names, both to free with ko_free. */
typedef struct ko_shown {
    char *url;   /* the best; NULL when it names only stand-ins */
    char *other; /* where the best is a saved file or "data:" URL: its address on the web; else
                    NULL */
} ko_shown;

/* Reads what an element, the link around it and its other sources say of its picture. What scripts
 * load later counts before what stands in for it. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_shown_read(const xmlNode *node, const ko_web_base *base,
                                     ko_shown *out_shown);

void ko_shown_clear(ko_shown *shown); /* frees what it holds; zeroed ones are fine */

#endif
