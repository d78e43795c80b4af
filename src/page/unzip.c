#include "page/unzip.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

#define CHUNK ((size_t)64 << 10)
#define GZIP_WINDOW (MAX_WBITS + 16) /* zlib: the largest window, and only gzip's header */

bool ko_page_is_gzip(const void *bytes, size_t size)
{
    return size > 2 && memcmp(bytes, "\x1F\x8B\x08", 3) == 0;
}

/* Takes the next piece out of the stream; *out_end tells that a member is whole. */
static ko_status take(z_stream *stream, ko_buf *out, bool *out_end, ko_error *err)
{
    Bytef piece[CHUNK];
    stream->next_out = piece;
    stream->avail_out = sizeof piece;
    const int rc = inflate(stream, Z_NO_FLUSH);
    const size_t n = sizeof piece - stream->avail_out;
    *out_end = rc == Z_STREAM_END;
    if (rc == Z_MEM_ERROR)
        return ko_fail(err, KO_E_NOMEM, "no memory to unzip");
    if (n > out->max - out->size)
        return ko_fail(err, KO_E_LIMIT, "page of more than %zu bytes out of gzip", out->max);
    if (n > 0 && ko_buf_append(out, piece, n) != KO_OK)
        return ko_fail(err, KO_E_NOMEM, "no memory to unzip");
    return rc == Z_OK || rc == Z_STREAM_END ? KO_OK : KO_E_FORMAT;
}

ko_status ko_page_unzip(const void *bytes, size_t size, ko_buf *out, ko_error *err)
{
    z_stream stream = {0};
    if (size > UINT_MAX)
        return ko_fail(err, KO_E_LIMIT, "gzip of %zu bytes, limit %u", size, UINT_MAX);
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return ko_fail(err, KO_E_NOMEM, "no memory to unzip");
    stream.next_in = (z_const Bytef *)bytes;
    stream.avail_in = (uInt)size;
    ko_status st = KO_OK;
    bool end = false;
    stream.avail_out = 0; /* as long as the last piece was full, there may be more */
    while (st == KO_OK && (stream.avail_in > 0 || (stream.avail_out == 0 && !end))) {
        st = take(&stream, out, &end, err);
        if (st == KO_OK && end && inflateReset(&stream) != Z_OK)
            st = KO_E_FORMAT;
    }
    (void)inflateEnd(&stream);
    if (st != KO_E_FORMAT && st != KO_OK)
        return st;
    return out->size > 0 ? KO_OK : ko_fail(err, KO_E_FORMAT, "damaged gzip");
}
