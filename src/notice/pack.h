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
#include <stdint.h>

/* An accepted candidate. Texts are borrowed. */
typedef struct ko_pack_row {
    const char *work;   /* its serial */
    const char *url;    /* of the listing, in any form; "" when there is none */
    const char *seller; /* matters where a channel wants sellers apart; NULL or "": not known */
} ko_pack_row;

/* What became of an earlier notice about a listing. */
typedef enum ko_pack_past {
    KO_PAST_FREE,   /* it does not stand in the way */
    KO_PAST_CLOSED, /* it is closed, and that is that */
    KO_PAST_ACTIVE  /* it is not closed yet */
} ko_pack_past;

/* A listing of an earlier notice. An active one counts before others, else the one of the latest
 * notice does. */
typedef struct ko_pack_known {
    const char *url;
    int64_t notice; /* its number; later notices have higher ones */
    ko_pack_past past;
} ko_pack_known;

typedef struct ko_pack_request {
    const ko_pack_row *rows;
    size_t n_rows;
    const ko_channel *const *channels; /* that may be used; the first that takes a listing does */
    size_t n_channels;
    const ko_pack_known *known;
    size_t n_known;
} ko_pack_request;

typedef enum ko_left_reason {
    KO_LEFT_NO_URL,
    KO_LEFT_BAD_URL,    /* not http or https, or too long */
    KO_LEFT_SHORT_LINK, /* leads to a listing that only following it tells */
    KO_LEFT_NO_ITEM,    /* a page of the platform that is no listing: a shop, a search */
    KO_LEFT_NO_CHANNEL, /* of another platform than the channels take */
    KO_LEFT_ACTIVE,     /* in an active notice */
    KO_LEFT_CLOSED,     /* an earlier notice about it is closed */
    KO_LEFT_TWICE       /* the same listing as an earlier row */
} ko_left_reason;

typedef struct ko_pack_left {
    size_t row;
    ko_left_reason reason;
    size_t other; /* twice: the earlier row; active, closed: which of known; else 0 */
} ko_pack_left;

typedef struct ko_pack_item {
    size_t row;
    const char *url;  /* canonical */
    const char *item; /* the platform's number; "" when it has none */
} ko_pack_item;

typedef struct ko_pack_notice {
    const ko_channel *channel;
    const char *work;   /* of the rows */
    const char *host;   /* where the channel wants hosts or sellers apart; else "" */
    size_t part, parts; /* 1 of 1, or 2 of 3: of what did not fit into one */
    const ko_pack_item *items;
    size_t n_items;
} ko_pack_notice;

typedef struct ko_pack {
    ko_pack_notice *notices; /* by channel as requested, then by work, host and seller */
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
