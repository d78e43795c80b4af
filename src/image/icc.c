/* Nearly every profile in the wild is one of some fifty variants of sRGB, under names from
 * "sRGB IEC61966-2.1" to "c2" and "uRGB". So the numbers are compared, not the names: the
 * three primaries and the tone curve (ICC.1:2022, sections 7.2, 7.3, 10.6, 10.18, 10.31). A
 * full conversion costs more than decoding; this test costs nothing. */
#include "image/icc.h"

#include <math.h>
#include <string.h>

#define HEADER_SIZE 128u
#define TAG_SIZE 12u
#define TAGS_MAX 100u /* real profiles have under 30 */

/* Off by less than a grey level in a fingerprint's view; Adobe RGB and Display P3 are off
 * by 0.08 and more, gamma 1.8 by 0.07. */
#define PRIMARY_TOLERANCE 0.02
#define CURVE_TOLERANCE 0.015

typedef struct span {
    const uint8_t *at;
    size_t size;
} span;

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t get16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static double fixed16(const uint8_t *p) /* s15Fixed16Number */
{
    return (double)(int32_t)get32(p) / 65536.0;
}

static span find_tag(span profile, const char *name)
{
    uint32_t count = get32(profile.at + HEADER_SIZE);
    if (count > TAGS_MAX)
        count = TAGS_MAX;
    for (uint32_t i = 0; i < count; i++) {
        const size_t at = HEADER_SIZE + 4 + i * TAG_SIZE;
        if (at + TAG_SIZE > profile.size)
            break;
        const size_t offset = get32(profile.at + at + 4), size = get32(profile.at + at + 8);
        if (memcmp(profile.at + at, name, 4) == 0 && offset <= profile.size &&
            size <= profile.size - offset && size >= 12)
            return (span){profile.at + offset, size};
    }
    return (span){0};
}

static bool near_primary(span profile, const char *name, const double xyz[3])
{
    const span tag = find_tag(profile, name);
    if (tag.size < 20 || memcmp(tag.at, "XYZ ", 4) != 0)
        return false;
    for (size_t i = 0; i < 3; i++)
        if (fabs(fixed16(tag.at + 8 + 4 * i) - xyz[i]) > PRIMARY_TOLERANCE)
            return false;
    return true;
}

/* Linear light of the device value x, 0.25 <= x <= 1: above the toe of every curve. */
static double sampled_curve(span tag, double x)
{
    const size_t n = get32(tag.at + 8);
    if (n == 0)
        return x;
    if (n > (tag.size - 12) / 2)
        return -1;
    if (n == 1)
        return pow(x, get16(tag.at + 12) / 256.0);
    return get16(tag.at + 12 + 2 * (size_t)(x * (double)(n - 1) + 0.5)) / 65535.0;
}

static double parametric_curve(span tag, double x)
{
    static const size_t parameters[] = {1, 3, 4, 5, 7};
    const uint32_t type = get16(tag.at + 8);
    if (type > 4 || tag.size < 12 + 4 * parameters[type])
        return -1;
    double p[7] = {0, 1, 0, 0, 0, 0, 0}; /* gamma, a, b, c, d, e, f */
    for (size_t i = 0; i < parameters[type]; i++)
        p[i] = fixed16(tag.at + 12 + 4 * i);
    const double offset = type == 2 ? p[3] : p[5];
    return pow(fmax(p[1] * x + p[2], 0), p[0]) + offset;
}

static bool near_srgb_curve(span profile, const char *name)
{
    const span tag = find_tag(profile, name);
    if (!tag.at)
        return false;
    for (int quarter = 1; quarter <= 3; quarter++) {
        const double x = quarter / 4.0;
        const double expected = pow((x + 0.055) / 1.055, 2.4); /* IEC 61966-2-1 */
        double y = -1;
        if (memcmp(tag.at, "curv", 4) == 0)
            y = sampled_curve(tag, x);
        else if (memcmp(tag.at, "para", 4) == 0)
            y = parametric_curve(tag, x);
        if (!(fabs(y - expected) <= CURVE_TOLERANCE))
            return false;
    }
    return true;
}

bool ko_image_icc_matters(const uint8_t *bytes, size_t size, unsigned channels)
{
    const span profile = {bytes, size};
    if (size < HEADER_SIZE + 4 || memcmp(bytes + 36, "acsp", 4) != 0)
        return false;
    const char *space = channels == 1 ? "GRAY" : channels == 3 ? "RGB " : "CMYK";
    if (memcmp(bytes + 16, space, 4) != 0)
        return false;
    if (channels == 1)
        return !near_srgb_curve(profile, "kTRC");
    if (channels == 4 || find_tag(profile, "A2B0").at) /* tables come before primaries */
        return true;
    return !(near_primary(profile, "rXYZ", (const double[]){0.4361, 0.2225, 0.0139}) &&
             near_primary(profile, "gXYZ", (const double[]){0.3851, 0.7169, 0.0971}) &&
             near_primary(profile, "bXYZ", (const double[]){0.1431, 0.0606, 0.7141}) &&
             near_srgb_curve(profile, "rTRC") && near_srgb_curve(profile, "gTRC") &&
             near_srgb_curve(profile, "bTRC"));
}
