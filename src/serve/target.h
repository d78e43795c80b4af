/* serve/target.h - the target of a request (RFC 9112 section 3.2), taken apart and decoded once.
 *
 * Only what a page of ours asks for is taken: a path from the root, perhaps with a query. There are
 * no two ways to write a path: what would have to be decoded twice, simplified or guessed at is
 * refused. Pure. */
#ifndef KO_SERVE_TARGET_H
#define KO_SERVE_TARGET_H

#include "base/limits.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct ko_target {
    /* What path and query point into: each text with a zero, where a "=" may be missing. */
    char text[KO_MAX_SERVE_TARGET + KO_MAX_SERVE_QUERY + 2];
    const char *path; /* "/api/session" */
    struct {
        const char *name, *value;
    } query[KO_MAX_SERVE_QUERY];
    size_t n_query;
} ko_target;

/* Reads "/path?name=value&..." as it was sent. Escapes stand for UTF-8 without control characters,
 * and in a path for none of "/", "\" and "%"; segments are not empty (but for the path "/"), "."
 * or ".."; a name comes once. KO_E_FORMAT, KO_E_LIMIT; *out_target is then undefined. */
KO_NODISCARD ko_status ko_target_read(const char *raw, ko_target *out_target, ko_error *err);

/* NULL when the query does not have it. Borrowed. */
const char *ko_target_query(const ko_target *target, const char *name);

/* A whole number of the query; *out_number keeps its value when the query does not have it.
 * KO_E_USAGE: it is none from least, which is not negative, to most. */
KO_NODISCARD ko_status ko_target_number(const ko_target *target, const char *name, int64_t least,
                                        int64_t most, int64_t *out_number, ko_error *err);

/* KO_E_USAGE when the query has a name that is none of names ("state&work"; "": it has none). */
KO_NODISCARD ko_status ko_target_knows(const ko_target *target, const char *names, ko_error *err);

#endif
