/* cli/cmd_inspect_page.h - what a page, a reply or a feed would give, shown to people. */
#ifndef KO_CLI_CMD_INSPECT_PAGE_H
#define KO_CLI_CMD_INSPECT_PAGE_H

#include "page/page.h"

/* Reads the file at path, which comes from url (NULL: not known), into a page to free with
 * ko_page_free. Errors name the path. */
KO_NODISCARD ko_status ko_inspect_page_read(const char *path, const char *url, ko_page *out_page,
                                            ko_error *err);

/* Prints a page for people: its kind, then each offer with its fields and pictures. */
void ko_inspect_page_print(const char *path, const ko_page *page);

/* Prints an object a listing: platform, item_id, url (canonical where the platform is known),
 * title, seller, seller_url, price, price_max, currency, images, warnings; what is not stated
 * is "". Of a page that stands before another one: file and blocked. */
void ko_inspect_page_json(const char *path, const ko_page *page);

#endif
