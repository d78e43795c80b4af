/* What the tests of captures share: a sink that keeps what it is given, and pieces of files. */
#ifndef KO_TEST_CAPTURE_GATHER_H
#define KO_TEST_CAPTURE_GATHER_H

#include "capture/capture.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define MAX_GATHERED 32

typedef struct gathered_reply {
    int status;
    char url[128], type[64], head[512];
    ko_buf body;
    int64_t at;
} gathered_reply;

typedef struct gathered {
    gathered_reply reply[MAX_GATHERED];
    size_t n_replies;
    char problem[MAX_GATHERED][256];
    size_t n_problems;
    ko_capture_counts counts;
    ko_error err;
} gathered;

static inline ko_status gather_reply(void *context, const ko_reply *reply)
{
    gathered *all = context;
    assert_true(all->n_replies < MAX_GATHERED);
    gathered_reply *to = &all->reply[all->n_replies++];
    to->status = reply->status;
    to->at = reply->at;
    (void)snprintf(to->url, sizeof to->url, "%s", reply->url);
    (void)snprintf(to->type, sizeof to->type, "%s", reply->content_type);
    (void)snprintf(to->head, sizeof to->head, "%s", reply->headers);
    to->body = KO_BUF(SIZE_MAX / 4);
    return ko_buf_append(&to->body, reply->body, reply->size);
}

static inline void gather_problem(void *context, size_t record, const char *text)
{
    gathered *all = context;
    assert_true(all->n_problems < MAX_GATHERED);
    (void)snprintf(all->problem[all->n_problems++], sizeof all->problem[0], "%zu: %.200s", record,
                   text);
}

static inline ko_status gather(gathered *all, const void *bytes, size_t size)
{
    *all = (gathered){0};
    const ko_capture_sink sink = {
        .context = all, .on_reply = gather_reply, .on_problem = gather_problem};
    return ko_capture_read(bytes, size, &sink, &all->counts, &all->err);
}

static inline void ungather(gathered *all)
{
    for (size_t i = 0; i < all->n_replies; i++)
        ko_buf_free(&all->reply[i].body);
    *all = (gathered){0};
}

static inline void assert_body(const gathered *all, size_t i, const char *text)
{
    assert_true(i < all->n_replies);
    assert_int_equal(all->reply[i].body.size, strlen(text));
    assert_memory_equal(all->reply[i].body.data, text, strlen(text));
}

/* Appends a gzip member of these bytes. */
static inline void add_gzip(ko_buf *out, const void *bytes, size_t size)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    const size_t bound = deflateBound(&z, (uLong)size);
    unsigned char *to = ko_buf_extend(out, bound);
    assert_non_null(to);
    z.next_in = (z_const Bytef *)bytes;
    z.avail_in = (uInt)size;
    z.next_out = to;
    z.avail_out = (uInt)bound;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->size -= z.avail_out;
    (void)deflateEnd(&z);
}

#endif
