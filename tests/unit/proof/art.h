/* A work to prove, drawn on the spot, and the JPEG read back. */
#ifndef KO_TESTS_PROOF_ART_H
#define KO_TESTS_PROOF_ART_H

#include "base/alloc.h"
#include "base/limits.h"
#include "image/colour.h"
#include "proof/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

/* Discs of one colour on a ground of another. ko_free its px. */
static inline ko_rgba draw_art(uint32_t width, uint32_t height, const uint8_t ground[4],
                               const uint8_t disc[4])
{
    const size_t stride = 4 * (size_t)width;
    ko_rgba art = {ko_alloc_array(height, stride), width, height, stride};
    assert_non_null(art.px);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            const int64_t dx = (int64_t)(x % 100) - 50, dy = (int64_t)(y % 100) - 50;
            memcpy(art.px + y * stride + 4 * (size_t)x, dx * dx + dy * dy < 1600 ? disc : ground,
                   4);
        }
    return art;
}

static inline ko_buf proof_of(const ko_rgba *art, const char *owner)
{
    const ko_proof_source source = {art, owner, "KO-000042", "2026-11-22"};
    ko_buf jpeg = KO_BUF(KO_MAX_PROOF_BYTES);
    ko_error err = {0};
    if (ko_proof_picture(&source, &jpeg, &err) != KO_OK)
        fail_msg("not drawn: %s", err.text);
    return jpeg;
}

#endif
