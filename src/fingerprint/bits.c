/* From thumbnail to bits: quality, discrete cosine transform and medians. */
#include "fingerprint/pdq.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SIDE KO_FP_THUMB_SIDE
#define BAND KO_FP_DCT_SIDE

/* Whole hundredths only, so that faint texture and noise count nothing. */
static int steps(float u, float v)
{
    return abs((int)((u - v) * 100 / 255));
}

int ko_fp_quality(const ko_fp_thumb *thumb)
{
    int sum = 0;
    for (size_t i = 0; i + 1 < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++)
            sum += steps(thumb->px[i][j], thumb->px[i + 1][j]);
    for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j + 1 < SIDE; j++)
            sum += steps(thumb->px[i][j], thumb->px[i][j + 1]);
    const int quality = sum / 90;
    return quality < 100 ? quality : 100;
}

static ko_fp_dct_row dct_matrix[BAND];
static pthread_once_t dct_matrix_once = PTHREAD_ONCE_INIT;

/* In double and rounded once, scale first, as the reference does. */
static void fill_dct_matrix(void)
{
    const double pi = 3.14159265358979323846;
    const float scale = (float)sqrt(2.0 / SIDE);
    for (int i = 0; i < BAND; i++)
        for (int j = 0; j < SIDE; j++)
            dct_matrix[i][j] = (float)(scale * cos(pi / 2.0 / SIDE * (i + 1) * (2 * j + 1)));
}

const ko_fp_dct_row *ko_fp_dct_matrix(void)
{
    (void)pthread_once(&dct_matrix_once, fill_dct_matrix);
    return dct_matrix;
}

/* A strip of the picture is BAND columns wide, in vectors that every machine has or that
 * the compiler takes apart; gcc does not find them in plain loops, at five times the cost. */
typedef float lanes __attribute__((vector_size(16)));
#define STRIP (BAND / (sizeof(lanes) / sizeof(float)))

/* out = matrix * in for one strip. Even frequencies see only the sum of a row and its
 * mirror image, odd ones only their difference, which halves the products. */
static void dct_strip(lanes in[SIDE][STRIP], lanes out[BAND][STRIP])
{
    const ko_fp_dct_row *const matrix = ko_fp_dct_matrix();
    lanes half[2][SIDE / 2][STRIP]; /* [0]: differences, [1]: sums */
    for (size_t k = 0; k < SIDE / 2; k++)
        for (size_t s = 0; s < STRIP; s++) {
            half[0][k][s] = in[k][s] - in[SIDE - 1 - k][s];
            half[1][k][s] = in[k][s] + in[SIDE - 1 - k][s];
        }
    for (size_t i = 0; i < BAND; i++) {
        lanes sum[STRIP] = {{0}};
        for (size_t k = 0; k < SIDE / 2; k++)
            for (size_t s = 0; s < STRIP; s++)
                sum[s] += matrix[i][k] * half[i % 2][k][s]; /* row i is frequency i + 1 */
        memcpy(out[i], sum, sizeof sum);
    }
}

void ko_fp_dct_of(const ko_fp_thumb *thumb, ko_fp_dct *out_dct)
{
    lanes strip[SIDE][STRIP];
    lanes vertical[BAND][STRIP]; /* the strip, transformed from top to bottom */
    float turned[SIDE][BAND];    /* the whole picture so, a row for each column */
    float dct[BAND][BAND];
    for (size_t x0 = 0; x0 < SIDE; x0 += BAND) {
        for (size_t y = 0; y < SIDE; y++)
            memcpy(strip[y], &thumb->px[y][x0], sizeof strip[y]);
        dct_strip(strip, vertical);
        memcpy(dct, vertical, sizeof dct);
        for (size_t x = 0; x < BAND; x++)
            for (size_t i = 0; i < BAND; i++)
                turned[x0 + x][i] = dct[i][x];
    }
    memcpy(strip, turned, sizeof strip);
    dct_strip(strip, vertical);
    memcpy(dct, vertical, sizeof dct);
    for (size_t i = 0; i < BAND; i++)
        for (size_t j = 0; j < BAND; j++)
            out_dct->c[i][j] = dct[j][i];
}

/* The 128th smallest of 256 numbers, which is what PDQ calls their median. The bits of a
 * float, read as an integer with the negative ones mirrored, are ordered as the floats
 * are; so the answer is found bit by bit from the top, counting what lies below. */
static float lower_median(const ko_fp_dct *dct)
{
    int32_t key[KO_FP_BITS];
    _Static_assert(sizeof key == sizeof dct->c, "one key for each coefficient");
    memcpy(key, dct->c, sizeof key);
    for (size_t k = 0; k < KO_FP_BITS; k++)
        key[k] ^= key[k] < 0 ? INT32_MAX : 0;
    uint32_t found = 0; /* as the key with its sign bit turned over */
    for (uint32_t bit = 1u << 31; bit; bit >>= 1) {
        const int32_t guess = (int32_t)((found | bit) ^ 1u << 31);
        int below = 0;
        for (size_t k = 0; k < KO_FP_BITS; k++)
            below += key[k] < guess;
        if (below < KO_FP_BITS / 2)
            found |= bit;
    }
    int32_t median_key = (int32_t)(found ^ 1u << 31);
    median_key ^= median_key < 0 ? INT32_MAX : 0;
    float median;
    memcpy(&median, &median_key, sizeof median);
    return median;
}

void ko_fp_bits(const ko_fp_dct *dct, ko_fp *out_fp)
{
    const float median = lower_median(dct);
    ko_fp fp = {{0}};
    for (size_t k = 0; k < KO_FP_BITS; k++)
        fp.w[k / 64] |= (uint64_t)(dct->c[k / BAND][k % BAND] > median) << k % 64;
    *out_fp = fp;
}

/* Bit 16 i + j becomes bit 16 j + i. */
static ko_fp transposed(const ko_fp *fp)
{
    ko_fp out = {{0}};
    for (size_t k = 0; k < KO_FP_BITS; k++) {
        const size_t to = k % BAND * BAND + k / BAND;
        out.w[to / 64] |= (fp->w[k / 64] >> k % 64 & 1) << to % 64;
    }
    return out;
}

/* Mirroring a picture changes the sign of its odd horizontal frequencies, turning it
 * upside down that of the odd vertical ones; the median changes with the signs, so bits
 * cannot just be inverted. Transposing it transposes coefficients and bits alike. */
static const struct {
    bool upside_down, mirrored;
    ko_orientation as_is, then_transposed;
} signs[] = {
    {false, false, KO_ORIENT_NONE, KO_ORIENT_TRANSPOSE},
    {true, false, KO_ORIENT_FLIP, KO_ORIENT_ROT90},
    {false, true, KO_ORIENT_MIRROR, KO_ORIENT_ROT270},
    {true, true, KO_ORIENT_ROT180, KO_ORIENT_TRANSVERSE},
};

void ko_fp_bits_all(const ko_fp_dct *dct, ko_fp out_fps[KO_ORIENT_COUNT])
{
    for (size_t s = 0; s < sizeof signs / sizeof *signs; s++) {
        ko_fp_dct turned;
        for (size_t i = 0; i < BAND; i++)
            for (size_t j = 0; j < BAND; j++) {
                const bool odd_row = i % 2 == 0; /* index 0 is frequency 1 */
                const bool odd_column = j % 2 == 0;
                const bool negative =
                    (signs[s].upside_down && odd_row) != (signs[s].mirrored && odd_column);
                turned.c[i][j] = negative ? -dct->c[i][j] : dct->c[i][j];
            }
        ko_fp *fp = &out_fps[signs[s].as_is];
        ko_fp_bits(&turned, fp);
        out_fps[signs[s].then_transposed] = transposed(fp);
    }
}
