/* page/wall.h - pages that stand before the page that was asked for. */
#ifndef KO_PAGE_WALL_H
#define KO_PAGE_WALL_H

#include "base/status.h"

#include <libxml/tree.h>
#include <stdbool.h>

/* status is HTTP's, 0 when not known: under 403, 429 and 503 any mark tells a wall.
 * Tells a bot wall, a captcha, a refusal or a login page by its marks and by how little it
 * says besides. *out_reason is static text such as "a captcha", NULL for any other page.
 * Ask only of pages without structured data of a product. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_wall_tell(const xmlDoc *page, int status, const char **out_reason);

/* True for the reply of a guard instead of the one that a program asked for. */
bool ko_wall_in_reply(const char *text, size_t size);

#endif
