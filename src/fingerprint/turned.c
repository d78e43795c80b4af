#include "fingerprint/turned.h"

#include <stdbool.h>

#define BAND 16 /* bit 16 i + j is of vertical frequency i + 1 and horizontal j + 1 */

/* Mirroring a picture changes the sign of its odd horizontal frequencies, turning it upside down
 * that of the odd vertical ones; transposing it transposes its bits. */
static const struct {
    bool transposed, upside_down, mirrored; /* done in the order of bits.c: signs first */
} made_by[KO_ORIENT_COUNT] = {
    [KO_ORIENT_NONE] = {false, false, false},  [KO_ORIENT_TRANSPOSE] = {true, false, false},
    [KO_ORIENT_FLIP] = {false, true, false},   [KO_ORIENT_ROT90] = {true, true, false},
    [KO_ORIENT_MIRROR] = {false, false, true}, [KO_ORIENT_ROT270] = {true, false, true},
    [KO_ORIENT_ROT180] = {false, true, true},  [KO_ORIENT_TRANSVERSE] = {true, true, true},
};

static ko_fp transposed(const ko_fp *fp)
{
    ko_fp out = {{0}};
    for (size_t k = 0; k < KO_FP_BITS; k++) {
        const size_t to = k % BAND * BAND + k / BAND;
        out.w[to / 64] |= (fp->w[k / 64] >> k % 64 & 1) << to % 64;
    }
    return out;
}

void ko_fp_turned(const ko_fp *fp, ko_fp out_fps[KO_ORIENT_COUNT])
{
    /* A word is four rows of bits; index 0 is frequency 1, which is odd. */
    static const uint64_t odd_rows = 0x0000ffff0000ffff, odd_columns = 0x5555555555555555;
    for (size_t o = 0; o < KO_ORIENT_COUNT; o++) {
        const uint64_t changed =
            (made_by[o].upside_down ? odd_rows : 0) ^ (made_by[o].mirrored ? odd_columns : 0);
        ko_fp turned = *fp;
        for (size_t w = 0; w < KO_FP_WORDS; w++)
            turned.w[w] ^= changed;
        out_fps[o] = made_by[o].transposed ? transposed(&turned) : turned;
    }
}
