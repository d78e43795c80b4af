/* cli/cmd_inspect_url.h - the same for addresses: fetched politely, shown and not stored. */
#ifndef KO_CLI_CMD_INSPECT_URL_H
#define KO_CLI_CMD_INSPECT_URL_H

#include "cli/cmd_inspect_page.h"
#include "cli/web.h"

typedef struct ko_inspect_url {
    const char *url;
    bool insist; /* page/page.h */
} ko_inspect_url;

/* Shows what is at a URL. KO_E_NOT_FOUND (gone), KO_E_FORMAT (any other answer than a page), and
 * as ko_inspect_page; the line names the URL. */
KO_NODISCARD ko_status ko_inspect_url_show(const ko_inspect *how, ko_online *online,
                                           const ko_inspect_url *what, ko_error *err);

#endif
