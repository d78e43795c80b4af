/* A fingerprint as a value: its names, its distance and its text. */
#include "base/limits.h"
#include "base/status.h"
#include "fingerprint/pdq.h"

#include <string.h>

const char *ko_orientation_name(ko_orientation orientation)
{
    switch (orientation) {
    case KO_ORIENT_NONE:
        return "none";
    case KO_ORIENT_ROT90:
        return "rot90";
    case KO_ORIENT_ROT180:
        return "rot180";
    case KO_ORIENT_ROT270:
        return "rot270";
    case KO_ORIENT_MIRROR:
        return "mirror";
    case KO_ORIENT_FLIP:
        return "flip";
    case KO_ORIENT_TRANSPOSE:
        return "transpose";
    case KO_ORIENT_TRANSVERSE:
        return "transverse";
    case KO_ORIENT_COUNT:
        break;
    }
    return "unknown";
}

ko_status ko_fp_check_size(uint32_t width, uint32_t height, ko_error *err)
{
    if (width == 0 || height == 0)
        return ko_fail(err, KO_E_LIMIT, "picture of %u x %u px is empty", width, height);
    if (width > KO_MAX_IMAGE_SIDE_PX || height > KO_MAX_IMAGE_SIDE_PX)
        return ko_fail(err, KO_E_LIMIT, "picture of %u x %u px, limit %u a side", width, height,
                       KO_MAX_IMAGE_SIDE_PX);
    return KO_OK;
}

unsigned ko_fp_distance(const ko_fp *a, const ko_fp *b)
{
    int bits = 0;
    for (size_t i = 0; i < KO_FP_WORDS; i++)
        bits += __builtin_popcountll(a->w[i] ^ b->w[i]);
    return (unsigned)bits;
}

/* Digit k of the text, counted from the left, is bits 255 - 4k to 252 - 4k. */
#define DIGITS (KO_FP_BITS / 4)
#define DIGITS_PER_WORD (DIGITS / KO_FP_WORDS)

void ko_fp_to_hex(const ko_fp *fp, char out_hex[KO_FP_HEX_SIZE])
{
    for (size_t k = 0; k < DIGITS; k++) {
        const uint64_t word = fp->w[KO_FP_WORDS - 1 - k / DIGITS_PER_WORD];
        out_hex[k] = "0123456789abcdef"[word >> (60 - 4 * (k % DIGITS_PER_WORD)) & 15];
    }
    out_hex[DIGITS] = '\0';
}

/* Value of a hexadecimal digit, whatever the locale; 16 for any other character. */
static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 16;
}

ko_status ko_fp_from_hex(const char *hex, ko_fp *out_fp, ko_error *err)
{
    const size_t length = strnlen(hex, DIGITS + 1);
    if (length != DIGITS)
        return ko_fail(err, KO_E_FORMAT, "fingerprint of %s%zu characters, not %d",
                       length > DIGITS ? "more than " : "", length > DIGITS ? DIGITS : length,
                       DIGITS);
    ko_fp fp = {{0}};
    for (size_t k = 0; k < DIGITS; k++) {
        const unsigned value = digit_value(hex[k]);
        if (value > 15)
            return ko_fail(err, KO_E_FORMAT,
                           "fingerprint with no hexadecimal digit at character %zu", k + 1);
        uint64_t *word = &fp.w[KO_FP_WORDS - 1 - k / DIGITS_PER_WORD];
        *word = *word << 4 | value;
    }
    *out_fp = fp;
    return KO_OK;
}
