/* cli/keys.h - the user's keys and passwords, from where a command finds them. */
#ifndef KO_CLI_KEYS_H
#define KO_CLI_KEYS_H

#include "crawl/api.h"
#include "notify/notify.h"

/* Reads those of the environment and of the file at $KNOCKOFF_KEYS, else knockoff/keys in the
 * user's folder of configuration; it need not be there. Errors as ko_api_keys_read; close with
 * ko_api_keys_free. */
KO_NODISCARD ko_status ko_open_keys(ko_api_keys **out_keys, ko_error *err);

/* What news are sent with, but for the kit; borrows from both. ca_file NULL: the system's. */
ko_notify_options ko_news_options(const ko_api_keys *keys, const char *ca_file);

#endif
