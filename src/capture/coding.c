#include "capture/coding.h"

#include <assert.h>
#include <brotli/decode.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#define STEP ((size_t)64 << 10) /* bytes decoded at a time */

/* Windows of zlib: the largest there is, and what kind of data it is in. */
#define BITS_GZIP (15 + 16)
#define BITS_ZLIB 15
#define BITS_BARE (-15)

/* Appends n bytes, or empties out and says that this is over its maximum. */
static ko_status put(ko_buf *out, const void *bytes, size_t n, ko_error *why)
{
    if (n > out->max - out->size) {
        const size_t max = out->max;
        ko_buf_free(out);
        return ko_fail(why, KO_E_LIMIT, "more than %zu bytes when decoded", max);
    }
    if (ko_buf_append(out, bytes, n) != KO_OK)
        return ko_fail(why, KO_E_NOMEM, "decoding a body");
    return KO_OK;
}

static ko_status refuse(ko_buf *out, ko_error *why, const char *what)
{
    ko_buf_free(out);
    return ko_fail(why, KO_E_FORMAT, "%s", what);
}

bool ko_capture_is_gzip(const void *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0;
}

/* RFC 1950 section 2.2: method 8, and both bytes together a multiple of 31. */
static bool is_zlib(const uint8_t *bytes, size_t size)
{
    return size >= 2 && (bytes[0] & 0x0f) == 8 && (bytes[0] * 256u + bytes[1]) % 31 == 0;
}

/* zlib counts input in 32 bits. */
static void feed(z_stream *z, const uint8_t **bytes, size_t *left)
{
    if (z->avail_in == 0) {
        const size_t n = *left < (1u << 30) ? *left : (1u << 30);
        z->next_in = (z_const Bytef *)*bytes;
        z->avail_in = (uInt)n;
        *bytes += n;
        *left -= n;
    }
}

/* What follows a gzip member is another one; anything else is padding. */
static bool next_member(z_stream *z, int bits)
{
    return bits == BITS_GZIP && ko_capture_is_gzip(z->next_in, z->avail_in) &&
           inflateReset(z) == Z_OK;
}

static ko_status inflate_all(z_stream *z, int bits, const uint8_t *bytes, size_t left, ko_buf *out,
                             ko_error *why)
{
    uint8_t step[STEP];
    ko_status st = KO_OK;
    for (int rc = Z_OK; st == KO_OK && rc == Z_OK;) {
        feed(z, &bytes, &left);
        z->next_out = step;
        z->avail_out = sizeof step;
        rc = inflate(z, Z_NO_FLUSH);
        if (rc == Z_MEM_ERROR)
            return ko_fail(why, KO_E_NOMEM, "decoding a body");
        if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
            return refuse(out, why, "its gzip or deflate coding is damaged");
        st = put(out, step, sizeof step - z->avail_out, why);
        if (rc == Z_STREAM_END && next_member(z, bits))
            rc = Z_OK;
    }
    return st;
}

ko_status ko_capture_inflate(const void *bytes, size_t size, ko_buf *out, ko_error *why)
{
    int bits = BITS_BARE;
    if (ko_capture_is_gzip(bytes, size))
        bits = BITS_GZIP;
    else if (is_zlib(bytes, size))
        bits = BITS_ZLIB;
    z_stream z = {0};
    if (inflateInit2(&z, bits) != Z_OK)
        return ko_fail(why, KO_E_NOMEM, "decoding a body");
    const ko_status st = inflate_all(&z, bits, bytes, size, out, why);
    (void)inflateEnd(&z);
    return st;
}

ko_status ko_capture_unbrotli(const void *bytes, size_t size, ko_buf *out, ko_error *why)
{
    BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    if (!state)
        return ko_fail(why, KO_E_NOMEM, "decoding a body");
    const uint8_t *next = bytes;
    ko_status st = KO_OK;
    BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (st == KO_OK && result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
        uint8_t step[STEP];
        uint8_t *to = step;
        size_t room = sizeof step;
        result = BrotliDecoderDecompressStream(state, &size, &next, &room, &to, NULL);
        st = put(out, step, sizeof step - room, why);
    }
    BrotliDecoderDestroyInstance(state);
    if (st == KO_OK && result == BROTLI_DECODER_RESULT_ERROR)
        st = refuse(out, why, "its brotli coding is damaged");
    return st;
}

/* --- chunks --- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Reads the line that says how long a chunk is and goes on to the chunk. */
static bool chunk_size(const char **at, const char *end, size_t *out_size)
{
    const char *p = *at;
    size_t n = 0;
    for (; p < end && hex_digit(*p) >= 0; p++) {
        if (n > SIZE_MAX / 16)
            return false;
        n = n * 16 + (size_t)hex_digit(*p);
    }
    const bool digits = p > *at;
    const bool ends = p < end && (*p == '\r' || *p == '\n' || *p == ';' || *p == ' ');
    const char *line_end = ends ? memchr(p, '\n', (size_t)(end - p)) : NULL;
    if (!digits || !line_end)
        return false;
    *at = line_end + 1;
    *out_size = n;
    return true;
}

bool ko_capture_is_chunked(const void *bytes, size_t size)
{
    const char *at = bytes;
    size_t n = 0;
    return size && chunk_size(&at, at + size, &n);
}

ko_status ko_capture_unchunk(const void *bytes, size_t size, ko_buf *out, ko_error *why)
{
    const char *at = bytes;
    const char *end = at + size;
    ko_status st = KO_OK;
    size_t n = 1;
    while (st == KO_OK && n && at < end) {
        if (!chunk_size(&at, end, &n))
            return refuse(out, why, "its chunks are damaged");
        if (n > (size_t)(end - at))
            n = (size_t)(end - at);
        st = put(out, at, n, why);
        at += n;
        at += at < end && *at == '\r';
        at += at < end && *at == '\n';
    }
    return st;
}

/* --- text that stands for bytes --- */

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Why there is no room in out for the n bytes at most that a text will give. */
static ko_status no_room(const ko_buf *out, size_t n, ko_error *why)
{
    if (n > out->max)
        return ko_fail(why, KO_E_LIMIT, "%zu bytes when decoded, limit %zu", n, out->max);
    return ko_fail(why, KO_E_NOMEM, "decoding a body");
}

/* Gives back what was too much of that room. */
static void end_at(ko_buf *out, char *end)
{
    *end = '\0';
    out->size = (size_t)(end - out->data);
}

ko_status ko_capture_unbase64(const char *text, size_t size, ko_buf *out, ko_error *why)
{
    char *to = ko_buf_extend(out, size / 4 * 3 + 3);
    if (!to)
        return no_room(out, size / 4 * 3 + 3, why);
    uint32_t bits = 0;
    unsigned have = 0;
    for (size_t i = 0; i < size && text[i] != '='; i++) {
        const int digit = base64_digit(text[i]);
        if (digit < 0 && is_blank(text[i]))
            continue;
        if (digit < 0)
            return refuse(out, why, "its base64 is damaged");
        bits = bits << 6 | (uint32_t)digit;
        have += 6;
        if (have >= 8) {
            have -= 8;
            *to++ = (char)(uint8_t)(bits >> have);
        }
    }
    end_at(out, to);
    return KO_OK;
}

/* The byte that two digits stand for; -1 when they are none. */
static int hex_byte(const char *digits)
{
    const int high = hex_digit(digits[0]);
    const int low = hex_digit(digits[1]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Bytes of the line break behind an "=" at the end of a line, which joins two lines; blanks may
 * have come between. 0: none. */
static size_t soft_break(const char *text, size_t left)
{
    size_t n = 0;
    while (n < left && (text[n] == ' ' || text[n] == '\t'))
        n++;
    n += n < left && text[n] == '\r';
    return n < left && text[n] == '\n' ? n + 1 : 0;
}

ko_status ko_capture_unquote(const char *text, size_t size, ko_buf *out, ko_error *why)
{
    char *to = ko_buf_extend(out, size);
    if (!to)
        return no_room(out, size, why);
    for (size_t i = 0; i < size; i++) {
        const size_t left = size - i - 1;
        const int byte = text[i] == '=' && left >= 2 ? hex_byte(text + i + 1) : -1;
        const size_t joined = text[i] == '=' ? soft_break(text + i + 1, left) : 0;
        if (byte >= 0) {
            *to++ = (char)(uint8_t)byte;
            i += 2;
        } else if (joined) {
            i += joined;
        } else {
            *to++ = text[i];
        }
    }
    end_at(out, to);
    return KO_OK;
}

ko_status ko_capture_unpercent(const char *text, size_t size, ko_buf *out, ko_error *why)
{
    char *to = ko_buf_extend(out, size);
    if (!to)
        return no_room(out, size, why);
    for (size_t i = 0; i < size; i++) {
        const int byte = text[i] == '%' && size - i > 2 ? hex_byte(text + i + 1) : -1;
        if (byte >= 0) {
            *to++ = (char)(uint8_t)byte;
            i += 2;
        } else {
            *to++ = text[i];
        }
    }
    end_at(out, to);
    return KO_OK;
}
