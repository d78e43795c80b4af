/* page/script.h - the objects that scripts of a page are started with.
 *
 * Shops whose pages are drawn by scripts put all they know into one object: a script of
 * type application/json (__NEXT_DATA__), an assignment (window.runParams = {...}), or a
 * text of JSON (JSON.parse("...")). */
#ifndef KO_PAGE_SCRIPT_H
#define KO_PAGE_SCRIPT_H

#include "base/status.h"

#include <jansson.h>
#include <libxml/tree.h>

/* value is borrowed. Anything but KO_OK ends the walk and is what it returns. */
typedef ko_status ko_script_fn(void *context, const json_t *value);

/* Calls fn for each such value that speaks of pictures, in document order. Data of schema.org
 * (page/structured.h) and templates are none. KO_E_NOMEM, or what fn returned. */
KO_NODISCARD ko_status ko_script_each(const xmlDoc *page, ko_script_fn *fn, void *context);

#endif
