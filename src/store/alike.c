#include "store/alike.h"

#include "fingerprint/turned.h"
#include "store/negative.h"

#include <string.h>

void ko_traits_turn(const ko_traits *picture, ko_traits_turned *out_turned)
{
    out_turned->picture = picture;
    ko_fp_turned(&picture->fp, out_turned->fps);
}

/* Of unlike pictures a word or two tell. */
static bool is_near(const ko_fp *a, const ko_fp *b)
{
    int bits = 0;
    for (size_t i = 0; i < KO_FP_WORDS && bits <= KO_NEGATIVE_BITS; i++)
        bits += __builtin_popcountll(a->w[i] ^ b->w[i]);
    return bits <= KO_NEGATIVE_BITS;
}

ko_alike ko_traits_alike(const ko_traits_turned *a, const ko_traits *b)
{
    const ko_traits *of_a = a->picture;
    if (!of_a->photo_id || !b->photo_id)
        return KO_ALIKE_NOT;
    if (of_a->photo_id == b->photo_id || memcmp(of_a->sha256, b->sha256, KO_SHA256_SIZE) == 0)
        return KO_ALIKE_BYTES;
    if (of_a->quality < KO_FP_QUALITY_MIN || b->quality < KO_FP_QUALITY_MIN)
        return KO_ALIKE_NOT;
    for (size_t o = 0; o < KO_ORIENT_COUNT; o++)
        if (is_near(&a->fps[o], &b->fp))
            return KO_ALIKE_LOOKS;
    return KO_ALIKE_NOT;
}
