/* notice/pack.h - accepted candidates packed into notices that a channel will take.
 *
 * Every row ends in exactly one notice or among those left out, with the reason. Nothing is
 * filed here. */
#ifndef KO_NOTICE_PACK_H
#define KO_NOTICE_PACK_H

#include "base/buf.h"
#include "notice/rules.h"

#include <stdbool.h>
#include <stddef.h>

/* An accepted candidate. Texts are borrowed. */
typedef struct ko_pack_row {
    const char *work; /* its serial */
    const char *url;  /* of the listing, in any form; "" when there is none */
} ko_pack_row;

typedef struct ko_pack_request {
    const ko_pack_row *rows;
    size_t n_rows;
    const ko_channel *const *channels; /* that may be used; the first that takes a listing does */
    size_t n_channels;
    const char *const *active; /* URLs in notices that are not closed yet */
    size_t n_active;
} ko_pack_request;

typedef enum ko_left_reason {
    KO_LEFT_NO_URL,
    KO_LEFT_BAD_URL,    /* not http or https, or too long */
    KO_LEFT_SHORT_LINK, /* leads to a listing that only following it tells */
    KO_LEFT_NO_ITEM,    /* a page of the platform that is no listing: a shop, a search */
    KO_LEFT_NO_CHANNEL, /* of another platform than the channels take */
    KO_LEFT_ACTIVE,     /* in an active notice */
    KO_LEFT_TWICE       /* the same listing as an earlier row */
} ko_left_reason;

typedef struct ko_pack_left {
    size_t row;
    ko_left_reason reason;
    size_t same_as; /* twice: the earlier row */
} ko_pack_left;

typedef struct ko_pack_item {
    size_t row;
    char *url;  /* canonical */
    char *item; /* the platform's number; "" when it has none */
} ko_pack_item;

typedef struct ko_pack_notice {
    const ko_channel *channel;
    const char *work;   /* of the rows */
    char *host;         /* where the channel wants hosts apart; else "" */
    size_t part, parts; /* 1 of 1, or 2 of 3: of what did not fit into one */
    const ko_pack_item *items;
    size_t n_items;
} ko_pack_notice;

typedef struct ko_pack {
    ko_pack_notice *notices; /* by channel as requested, then by work and host as rows have them */
    size_t n_notices;
    ko_pack_item *items; /* of all notices; in the order of rows inside each */
    size_t n_items;
    ko_pack_left *left; /* in the order of rows */
    size_t n_left;
} ko_pack;

/* KO_E_NOMEM. Free with ko_pack_free. */
KO_NODISCARD ko_status ko_pack_make(const ko_pack_request *request, ko_pack *out_pack,
                                    ko_error *err);
void ko_pack_free(ko_pack *pack);

/* Words such as "already in an active notice". */
const char *ko_left_words(ko_left_reason reason);

/* Appends the listings as the channel wants them: URLs or item numbers, on lines or between
 * commas. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_pack_list(const ko_pack_notice *notice, ko_buf *out);

#endif
