/* Pictures made on the spot in the kinds that libvips writes. */
#ifndef KO_TEST_SAVED_H
#define KO_TEST_SAVED_H

#include "image/pictures.h"

#include <vips/vips.h>

/* Encoded by libvips; size 0 when it cannot. */
static inline ko_buf save(const pixels *p, const char *suffix, unsigned orientation)
{
    ko_buf out = KO_BUF(PICTURE_MAX);
    void *bytes = NULL;
    size_t size = 0;
    VipsImage *memory =
        vips_image_new_from_memory(p->px, (size_t)p->width * p->height * p->channels, (int)p->width,
                                   (int)p->height, (int)p->channels, VIPS_FORMAT_UCHAR);
    VipsImage *image = NULL;
    assert_non_null(memory);
    assert_int_equal(vips_copy(memory, &image, "interpretation",
                               p->channels < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB,
                               NULL),
                     0);
    if (orientation)
        vips_image_set_int(image, VIPS_META_ORIENTATION, (int)orientation);
    if (vips_image_write_to_buffer(image, suffix, &bytes, &size, NULL) == 0)
        append(&out, bytes, size);
    vips_error_clear();
    g_free(bytes);
    g_object_unref(image);
    g_object_unref(memory);
    return out;
}

/* Whether libvips can write that kind on this system. */
static inline bool can_save(const char *suffix)
{
    uint8_t px[64 * 64 * 3] = {0};
    const pixels p = {px, 64, 64, 3};
    ko_buf bytes = save(&p, suffix, 0);
    const bool can = bytes.size > 0;
    ko_buf_free(&bytes);
    return can;
}

#endif
