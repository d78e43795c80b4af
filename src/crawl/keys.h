/* crawl/keys.h - the user's keys by name: those of the interfaces of this folder, and what news are
 * sent with (notify/notify.h), which whoever runs that hands on. */
#ifndef KO_CRAWL_KEYS_H
#define KO_CRAWL_KEYS_H

#include "crawl/api.h"

typedef enum ko_api_key {
    KO_KEY_EBAY_ID, /* "App ID", the client of OAuth */
    KO_KEY_EBAY_SECRET,
    KO_KEY_ETSY_KEY, /* "keystring" */
    KO_KEY_ETSY_SECRET,
    KO_KEY_ALIEXPRESS_KEY, /* "App Key" */
    KO_KEY_ALIEXPRESS_SECRET,
    KO_KEY_ALIEXPRESS_SESSION, /* the access token of an account that takes part in dropshipping */
    KO_KEY_MAIL_PASSWORD,      /* of the account at the user's mail server */
    KO_KEY_WEBHOOK_SECRET,     /* that posts are signed with */
    KO_KEYS
} ko_api_key;

const char *ko_api_key_name(ko_api_key key); /* "KNOCKOFF_EBAY_ID", ... */

/* Printable ASCII without blanks, a password anything without control characters; NULL when it was
 * not given. Borrowed from keys. */
const char *ko_api_key_value(const ko_api_keys *keys, ko_api_key key);

/* A text made as printf does, in a block of its very size: no copy of a key stays behind in a
 * block that grew. To free with ko_api_wipe; NULL when there is no memory. */
char *ko_api_text(const char *fmt, ...) KO_PRINTF(1, 2);
void ko_api_wipe(char *text); /* overwrites and frees; NULL is fine */

/* Puts asterisks over a secret (NULL: none), or over every key, wherever it stands in text. */
void ko_api_hide(char *text, const char *secret);
void ko_api_keys_hide(const ko_api_keys *keys, char *text);

#endif
