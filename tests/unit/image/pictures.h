/* Pictures made on the spot: small, known to the pixel, encoded by the libraries that wrote
 * the formats. What is made here is freed with ko_buf_free. */
#ifndef KO_TEST_PICTURES_H
#define KO_TEST_PICTURES_H

#include "base/alloc.h"
#include "base/buf.h"

#include <knockoff/image.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jpeglib.h>
#include <png.h>

#define PICTURE_MAX ((size_t)16 << 20)

typedef struct pixels {
    uint8_t *px; /* channels interleaved, rows without gaps */
    uint32_t width, height;
    unsigned channels;
} pixels;

/* A smooth picture that is the same in no two orientations: brighter to the right, more so
 * to the bottom. An even last channel is alpha. */
static inline pixels slope(uint32_t width, uint32_t height, unsigned channels)
{
    pixels p = {malloc((size_t)width * height * channels), width, height, channels};
    assert_non_null(p.px);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            for (unsigned c = 0; c < channels; c++)
                p.px[((size_t)y * width + x) * channels + c] =
                    (uint8_t)(x * 150 / width + y * 70 / height + c * 10);
    return p;
}

static inline uint8_t channel_at(const pixels *p, size_t x, size_t y, unsigned channel)
{
    return p->px[(y * p->width + x) * p->channels + channel];
}

static inline uint8_t luma_at(const pixels *p, uint32_t x, uint32_t y)
{
    const uint8_t *c = p->px + ((size_t)y * p->width + x) * p->channels;
    if (p->channels < 3)
        return c[0];
    return (uint8_t)(0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2] + 0.5);
}

static inline void append(ko_buf *out, const void *bytes, size_t n)
{
    assert_int_equal(ko_buf_append(out, bytes, n), KO_OK);
}

/* An EXIF block that holds an orientation and nothing else. */
static inline size_t make_exif(uint8_t out[64], unsigned orientation, int big, int mark)
{
    static const uint8_t little_block[] = {'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3,
                                           0,   1,   0,   0, 0, 0, 0, 0, 0, 0, 0,    0,    0};
    static const uint8_t big_block[] = {'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0,
                                        3,   0,   0, 0,   1, 0, 0, 0, 0, 0, 0,    0,    0};
    const size_t at = mark ? 6 : 0;
    memcpy(out, "Exif\0", 6);
    memcpy(out + at, big ? big_block : little_block, sizeof big_block);
    out[at + (big ? 19 : 18)] = (uint8_t)orientation;
    return at + sizeof big_block;
}

typedef struct jpeg_how {
    unsigned orientation; /* 0: no EXIF */
    int progressive, stored_as_rgb;
    const uint8_t *profile;
    size_t profile_size;
    const uint8_t *app13; /* marker body */
    size_t app13_size;
    const char *xmp;
} jpeg_how;

static inline void write_metadata(struct jpeg_compress_struct *c, jpeg_how how)
{
    uint8_t exif[64];
    if (how.orientation)
        jpeg_write_marker(c, JPEG_APP0 + 1, exif,
                          (unsigned)make_exif(exif, how.orientation, how.orientation % 2 == 1, 1));
    if (how.xmp) {
        static const char mark[] = "http://ns.adobe.com/xap/1.0/";
        ko_buf body = KO_BUF(60000);
        append(&body, mark, sizeof mark);
        append(&body, how.xmp, strlen(how.xmp));
        jpeg_write_marker(c, JPEG_APP0 + 1, (const uint8_t *)body.data, (unsigned)body.size);
        ko_buf_free(&body);
    }
    if (how.app13)
        jpeg_write_marker(c, JPEG_APP0 + 13, how.app13, (unsigned)how.app13_size);
    if (how.profile)
        jpeg_write_icc_profile(c, how.profile, (unsigned)how.profile_size);
}

/* 1 channel grey, 3 RGB, 4 CMYK as Photoshop stores it (inverted). */
static inline ko_buf make_jpeg(const pixels *p, jpeg_how how)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &bytes, &size);
    c.image_width = p->width;
    c.image_height = p->height;
    c.input_components = (int)p->channels;
    c.in_color_space = p->channels == 1 ? JCS_GRAYSCALE : p->channels == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, 98, TRUE);
    if (how.stored_as_rgb)
        jpeg_set_colorspace(&c, JCS_RGB);
    if (how.progressive)
        jpeg_simple_progression(&c);
    jpeg_start_compress(&c, TRUE);
    write_metadata(&c, how);
    while (c.next_scanline < c.image_height) {
        JSAMPROW row = p->px + (size_t)c.next_scanline * p->width * p->channels;
        (void)jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    ko_buf out = KO_BUF(PICTURE_MAX);
    append(&out, bytes, size);
    free(bytes);
    return out;
}

typedef struct png_how {
    int colour, depth; /* PNG_COLOR_TYPE_..., bits a sample as they lie in the pixels */
    int interlaced;
    png_color *palette;
    int n_palette;
    png_byte *trns; /* palette alphas */
    int n_trns;
    png_color_16 *key;                /* the transparent colour */
    unsigned exif_before, exif_after; /* orientation; 0: none */
    const uint8_t *profile;
    size_t profile_size;
} png_how;

static inline void png_to_buf(png_structp png, png_bytep bytes, size_t n)
{
    append(png_get_io_ptr(png), bytes, n);
}

/* The pixels are rows of depth * samples / 8 bytes: big-endian where depth is 16. */
static inline ko_buf make_png(const pixels *p, png_how how)
{
    ko_buf out = KO_BUF(PICTURE_MAX);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png), end = png_create_info_struct(png);
    uint8_t exif[64];
    assert_non_null(end);
    png_set_write_fn(png, &out, png_to_buf, NULL);
    png_set_IHDR(png, info, p->width, p->height, how.depth, how.colour,
                 how.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
    if (how.palette)
        png_set_PLTE(png, info, how.palette, how.n_palette);
    if (how.trns || how.key)
        png_set_tRNS(png, info, how.trns, how.n_trns, how.key);
    if (how.profile)
        png_set_iCCP(png, info, "profile", 0, how.profile, (png_uint_32)how.profile_size);
    if (how.exif_before)
        png_set_eXIf_1(png, info, (png_uint_32)make_exif(exif, how.exif_before, 1, 0), exif);
    png_write_info(png, info);
    const int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < p->height; y++)
            png_write_row(png, p->px + (size_t)y * p->width * p->channels);
    png_write_end(png, end);
    png_destroy_info_struct(png, &end);
    png_destroy_write_struct(&png, &info);
    if (how.exif_after) { /* by hand: IEND is 12 bytes long, and libpng writes eXIf first */
        uint8_t chunk[80] = {0, 0, 0, 0, 'e', 'X', 'I', 'f'};
        const size_t n = make_exif(chunk + 8, how.exif_after, 0, 0);
        chunk[3] = (uint8_t)n;
        uint32_t crc = 0xFFFFFFFF;
        for (size_t i = 4; i < 8 + n; i++) {
            crc ^= chunk[i];
            for (int bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
        }
        for (size_t i = 0; i < 4; i++)
            chunk[8 + n + i] = (uint8_t)(~crc >> (24 - 8 * i));
        char iend[12];
        memcpy(iend, out.data + out.size - 12, 12);
        out.size -= 12;
        append(&out, chunk, 12 + n);
        append(&out, iend, 12);
    }
    return out;
}

/* Decodes from a block of exactly that size, so that a sanitizer sees every over-read. */
static inline ko_status decode_with(const void *bytes, size_t size, const ko_image_options *options,
                                    ko_image *out, ko_error *err)
{
    uint8_t *exact = malloc(size ? size : 1);
    assert_non_null(exact);
    if (size)
        memcpy(exact, bytes, size);
    const ko_status st = ko_image_decode(exact, size, options, out, err);
    free(exact);
    return st;
}

static inline ko_status decode(const ko_buf *bytes, ko_image *out, ko_error *err)
{
    ko_image_options options;
    ko_image_options_init(&options);
    return decode_with(bytes->data, bytes->size, &options, out, err);
}

/* Decodes, frees the bytes, and expects success. */
static inline ko_image decoded(ko_buf bytes)
{
    ko_image image = {0};
    ko_error err = {0};
    if (decode(&bytes, &image, &err) != KO_OK)
        fail_msg("refused: %s", err.text);
    ko_buf_free(&bytes);
    return image;
}

static inline uint8_t grey_at(const ko_grey *plane, uint32_t x, uint32_t y)
{
    assert_non_null(plane->px);
    assert_in_range(x, 0, plane->width - 1);
    assert_in_range(y, 0, plane->height - 1);
    return plane->px[y * plane->stride + x];
}

static inline void assert_near(int a, int b, int tolerance)
{
    if (abs(a - b) > tolerance)
        fail_msg("%d is not within %d of %d", a, tolerance, b);
}

/* Every pixel is the luma of the same pixel of p. */
static inline void assert_shows(const ko_grey *luma, const pixels *p, int tolerance)
{
    assert_int_equal(luma->width, p->width);
    assert_int_equal(luma->height, p->height);
    for (uint32_t y = 0; y < p->height; y++)
        for (uint32_t x = 0; x < p->width; x++)
            assert_near(grey_at(luma, x, y), luma_at(p, x, y), tolerance);
}

/* Where a pixel of the upright picture lies in one stored under an EXIF orientation. */
static inline void stored_place(unsigned orientation, uint32_t width, uint32_t height, uint32_t x,
                                uint32_t y, uint32_t *out_x, uint32_t *out_y)
{
    const uint32_t right = width - 1, bottom = height - 1; /* of the stored picture */
    const uint32_t places[9][2] = {
        {x, y}, {x, y},          {right - x, y},          {right - x, bottom - y}, {x, bottom - y},
        {y, x}, {y, bottom - x}, {right - y, bottom - x}, {right - y, x},
    };
    *out_x = places[orientation][0];
    *out_y = places[orientation][1];
}

/* The image is the stored slope p, upright. */
static inline void assert_upright(const ko_image *image, const pixels *p, unsigned orientation,
                                  int tolerance)
{
    const int swap = orientation >= 5;
    assert_int_equal(image->full.width, swap ? p->height : p->width);
    assert_int_equal(image->full.height, swap ? p->width : p->height);
    assert_int_equal(image->luma.width, image->full.width);
    assert_int_equal(image->luma.height, image->full.height);
    for (uint32_t y = 0; y < image->luma.height; y++)
        for (uint32_t x = 0; x < image->luma.width; x++) {
            uint32_t sx, sy;
            stored_place(orientation, p->width, p->height, x, y, &sx, &sy);
            assert_near(grey_at(&image->luma, x, y), luma_at(p, sx, sy), tolerance);
        }
}

static inline void put(uint8_t *out, const char *bytes, size_t n)
{
    memcpy(out, bytes, n);
}

/* An ICC profile of three primaries (D50 XYZ) or, with NULL, of grey; the curve is a gamma. */
static inline size_t make_profile(uint8_t out[512], const double primaries[3][3], double gamma)
{
    static const char *const rgb_tags[] = {"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
    const size_t n_tags = primaries ? 6 : 1;
    size_t at = 132 + n_tags * 12;
    memset(out, 0, 512);
    put(out + 8, "\2\x40\0\0", 4);
    put(out + 12, "mntr", 4);
    put(out + 16, primaries ? "RGB XYZ " : "GRAYXYZ ", 8);
    put(out + 36, "acsp", 4);
    put(out + 68, "\0\0\xF6\xD6\0\1\0\0\0\0\xD3\x2D", 12); /* D50 */
    out[131] = (uint8_t)n_tags;
    for (size_t i = 0; i < n_tags; i++) {
        uint8_t *tag = out + 132 + i * 12, *body = out + at;
        const size_t size = primaries && i < 3 ? 20 : 16;
        put(tag, primaries ? rgb_tags[i] : "kTRC", 4);
        tag[6] = (uint8_t)(at >> 8);
        tag[7] = (uint8_t)at;
        tag[11] = (uint8_t)(size == 20 ? 20 : 14);
        if (size == 20) {
            put(body, "XYZ ", 4);
            for (size_t c = 0; c < 3; c++) {
                const int32_t fixed = (int32_t)(primaries[i][c] * 65536);
                for (size_t b = 0; b < 4; b++)
                    body[8 + 4 * c + b] = (uint8_t)((uint32_t)fixed >> (24 - 8 * b));
            }
        } else {
            put(body, "curv\0\0\0\0\0\0\0\1", 12);
            body[12] = (uint8_t)gamma;
            body[13] = (uint8_t)((gamma - (int)gamma) * 256);
        }
        at += size;
    }
    out[2] = (uint8_t)(at >> 8);
    out[3] = (uint8_t)at;
    return at;
}

static const double srgb_primaries[3][3] = {
    {0.4361, 0.2225, 0.0139}, {0.3851, 0.7169, 0.0971}, {0.1431, 0.0606, 0.7141}};
static const double adobe_primaries[3][3] = {
    {0.6097, 0.3111, 0.0195}, {0.2053, 0.6257, 0.0609}, {0.1492, 0.0632, 0.7446}};

#endif
