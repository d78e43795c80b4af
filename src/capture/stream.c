#include "capture/stream.h"

#include "base/alloc.h"
#include "capture/coding.h"

#include <assert.h>
#include <string.h>

ko_status ko_stream_open(ko_stream *stream, const void *bytes, size_t size, const char *mark,
                         ko_error *err)
{
    *stream = (ko_stream){.bytes = bytes, .size = size, .mark = mark};
    stream->gzip = ko_capture_is_gzip(bytes, size);
    if (!stream->gzip) {
        stream->next = stream->bytes;
        stream->left = size;
        stream->at = size;
        return KO_OK;
    }
    stream->window = ko_alloc(KO_STREAM_WINDOW);
    if (!stream->window || inflateInit2(&stream->z, 15 + 16) != Z_OK) {
        ko_free(stream->window);
        *stream = (ko_stream){0};
        return ko_fail(err, KO_E_NOMEM, "reading captures");
    }
    return KO_OK;
}

void ko_stream_close(ko_stream *stream)
{
    if (stream->gzip)
        (void)inflateEnd(&stream->z);
    ko_free(stream->window);
    *stream = (ko_stream){0};
}

/* Inflates more of the member, until the window holds up to size unread bytes. */
static void inflate_some(ko_stream *stream, size_t size)
{
    assert(stream->inside && stream->left < size && size <= KO_STREAM_WINDOW);
    const size_t left = stream->size - stream->at;
    memmove(stream->window, stream->next, stream->left);
    stream->next = stream->window;
    stream->z.next_in = (z_const Bytef *)(stream->bytes + stream->at);
    stream->z.avail_in = left < (1u << 30) ? (uInt)left : 1u << 30;
    stream->z.next_out = stream->window + stream->left;
    stream->z.avail_out = (uInt)(size - stream->left);
    const uInt before = stream->z.avail_in;
    const int rc = inflate(&stream->z, Z_NO_FLUSH);
    stream->at += before - stream->z.avail_in;
    stream->left = size - stream->z.avail_out;
    if (rc == Z_OK)
        return;
    stream->inside = false;
    stream->damaged = rc != Z_STREAM_END;
}

static bool begins_record(ko_stream *stream)
{
    const size_t n = strlen(stream->mark);
    if (stream->left < n && stream->inside)
        inflate_some(stream, KO_STREAM_WINDOW);
    return stream->left && stream->left >= n && memcmp(stream->next, stream->mark, n) == 0;
}

/* Begins the member at, and looks how it begins: a small part is enough to know a record. */
static void open_member(ko_stream *stream, size_t at)
{
    (void)inflateReset(&stream->z);
    stream->member = stream->at = at;
    stream->inside = true;
    stream->left = 0;
    stream->next = stream->window;
    inflate_some(stream, strlen(stream->mark) + 1);
    stream->fenced = begins_record(stream);
}

bool ko_stream_more(ko_stream *stream)
{
    while (stream->left == 0 && !stream->damaged && !stream->astray && !stream->fenced) {
        if (stream->inside)
            inflate_some(stream, KO_STREAM_WINDOW);
        else if (stream->at >= stream->size)
            return false;
        else if (stream->bytes[stream->at] == 0)
            stream->at++; /* padding (RFC 1952 says nothing of it, tapes and disks do it) */
        else if (ko_capture_is_gzip(stream->bytes + stream->at, stream->size - stream->at))
            open_member(stream, stream->at);
        else
            stream->astray = true;
    }
    return stream->left > 0 && !stream->fenced;
}

/* Passes over n bytes that are there. */
static void pass(ko_stream *stream, size_t n)
{
    stream->next += n;
    stream->left -= n;
}

bool ko_stream_line(ko_stream *stream, ko_buf *out)
{
    bool fits = true;
    bool any = false;
    for (bool ended = false; !ended && ko_stream_more(stream);) {
        const uint8_t *end = memchr(stream->next, '\n', stream->left);
        const size_t n = end ? (size_t)(end - stream->next) : stream->left;
        if (fits)
            fits = ko_buf_append(out, stream->next, n) == KO_OK;
        pass(stream, n + (end != NULL));
        ended = end != NULL;
        any = true;
    }
    if (fits && out->size && out->data[out->size - 1] == '\r')
        out->data[--out->size] = '\0';
    return any && fits;
}

ko_status ko_stream_take(ko_stream *stream, uint64_t n, ko_buf *out, uint64_t *out_taken)
{
    uint64_t taken = 0;
    while (taken < n && ko_stream_more(stream)) {
        const size_t step = stream->left < n - taken ? stream->left : (size_t)(n - taken);
        if (out && ko_buf_append(out, stream->next, step) != KO_OK)
            return KO_E_NOMEM;
        pass(stream, step);
        taken += step;
    }
    *out_taken = taken;
    return KO_OK;
}

void ko_stream_back(ko_stream *stream, uint64_t n)
{
    if (stream->gzip)
        return;
    assert(n <= (uint64_t)(stream->next - stream->bytes));
    stream->next -= n;
    stream->left += n;
}

bool ko_stream_at_record(ko_stream *stream)
{
    while (ko_stream_more(stream) && (*stream->next == '\r' || *stream->next == '\n'))
        pass(stream, 1);
    if (stream->fenced) {
        stream->fenced = false;
        return true;
    }
    return begins_record(stream);
}

/* Goes on to the next place where a member begins that begins with a record. What a damaged one
 * seemed to reach over may hold it. */
static bool find_member(ko_stream *stream)
{
    const size_t from = stream->damaged ? stream->member + 1 : stream->at;
    for (size_t at = from; at + 3 <= stream->size; at++) {
        const uint8_t *magic = memchr(stream->bytes + at, 0x1f, stream->size - at);
        at = magic ? (size_t)(magic - stream->bytes) : stream->size;
        if (!magic || !ko_capture_is_gzip(magic, stream->size - at))
            continue;
        stream->damaged = stream->astray = false;
        open_member(stream, at);
        if (stream->fenced)
            return true;
    }
    stream->at = stream->size;
    stream->inside = stream->damaged = stream->astray = false;
    stream->left = 0;
    return false;
}

static void skip_line(ko_stream *stream)
{
    for (bool ended = false; !ended && ko_stream_more(stream);) {
        const uint8_t *end = memchr(stream->next, '\n', stream->left);
        pass(stream, end ? (size_t)(end - stream->next) + 1 : stream->left);
        ended = end != NULL;
    }
}

bool ko_stream_find_record(ko_stream *stream)
{
    while (!ko_stream_at_record(stream)) {
        if (stream->damaged || stream->astray)
            return find_member(stream) && ko_stream_at_record(stream);
        if (!ko_stream_more(stream))
            return false;
        skip_line(stream);
    }
    return true;
}
