#include "pictures.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "plan.h"

#include <knockoff/image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#define SIDE 320  /* pixels: large enough to find a work in */
#define ROW_PX 16 /* of a row of blocks, with colours at half the size */
#define ROWS (SIDE / ROW_PX)
#define PLAIN 48  /* pictures without a work */
#define WORKS 24  /* with one, at most */
#define ONE_IN 50 /* pictures shows a work, when there are any */
#define BANDS 256 /* rows to be put into any picture, at its top, */
#define BANDED 3  /* so many of them */
#define PRINT (SIDE * 3 / 4)
#define QUALITY 75

/* A coded picture whose rows begin anew each: they are between its restart markers (ITU-T T.81,
 * E.1.4). */
typedef struct coded {
    unsigned char *bytes; /* libjpeg's */
    size_t size;
    size_t head; /* bytes before the first row */
    size_t *row; /* where each begins; one more: where the last marker stands */
} coded;

struct pictures {
    uint64_t seed;
    coded bands; /* BANDS rows */
    coded base[PLAIN + WORKS];
    size_t works;
    char names[WORKS][96];
    ko_rgb rgb[WORKS]; /* of the works, to be printed */
    ko_image image[WORKS];
};

/* --- drawing --- */

typedef struct canvas {
    uint8_t *px; /* R G B */
    int height;
} canvas;

static void rectangle(canvas *c, int x, int y, int width, int height, uint32_t colour)
{
    for (int j = y < 0 ? 0 : y; j < y + height && j < c->height; j++)
        for (int i = x < 0 ? 0 : x; i < x + width && i < SIDE; i++)
            for (int k = 0; k < 3; k++)
                c->px[(j * SIDE + i) * 3 + k] = (uint8_t)(colour >> 8 * k);
}

/* Some forms on a ground that gets lighter or darker downwards. */
static void draw_scene(canvas *c, uint64_t seed)
{
    const uint64_t hue = plan_mix(seed);
    for (int y = 0; y < SIDE; y++) {
        const uint32_t shade = (uint32_t)(y * 96 / SIDE);
        const uint32_t light = hue >> 32 & 1 ? shade : 96 - shade;
        const uint32_t grey = light << 16 | light << 8 | light;
        rectangle(c, 0, y, SIDE, 1, ((uint32_t)hue & 0x7f7f7f) + grey);
    }
    for (uint64_t i = 1; i <= 14; i++) {
        const uint64_t h = plan_mix(seed + i * 0x9e3779b97f4a7c15U);
        rectangle(c, (int)(h % SIDE) - 30, (int)(h >> 10) % SIDE - 30, 20 + (int)(h >> 20 & 127),
                  20 + (int)(h >> 30 & 127), (uint32_t)(h >> 40));
    }
}

/* Bars, so that pictures differ also to the eye. */
static void draw_bands(canvas *c, uint64_t seed)
{
    for (int band = 0; band < BANDS; band++)
        for (int bar = 0; bar < 10; bar++)
            rectangle(c, bar * SIDE / 10, band * ROW_PX, SIDE / 10, ROW_PX,
                      (uint32_t)plan_mix(seed + (uint64_t)(band * 10 + bar)));
}

/* The mean of the pixels of a work that one pixel of the print covers, laid on the canvas. */
static void print_pixel(uint8_t *ground, const ko_rgb *rgb, const ko_grey *alpha, uint32_t left,
                        uint32_t top, uint32_t right, uint32_t bottom)
{
    uint64_t sum[3] = {0}, weight = 0;
    const uint64_t all = (uint64_t)(right - left) * (bottom - top) * 255;
    for (uint32_t y = top; y < bottom; y++)
        for (uint32_t x = left; x < right; x++) {
            const uint64_t a = alpha->px ? alpha->px[y * alpha->stride + x] : 255;
            weight += a;
            for (size_t k = 0; k < 3; k++)
                sum[k] += a * rgb->px[y * rgb->stride + (size_t)x * 3 + k];
        }
    for (size_t k = 0; k < 3; k++)
        ground[k] = (uint8_t)((sum[k] + (all - weight) * ground[k]) / all);
}

/* Prints the work on the middle of the canvas, as large as PRINT lets it be. */
static void print_work(canvas *c, const ko_rgb *rgb, const ko_grey *alpha)
{
    const uint32_t longer = rgb->width > rgb->height ? rgb->width : rgb->height;
    const uint32_t width = rgb->width * PRINT / longer, height = rgb->height * PRINT / longer;
    const uint32_t left_px = (SIDE - width) / 2, top_px = (SIDE - height) / 2;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            const uint32_t left = x * rgb->width / width, top = y * rgb->height / height;
            const uint32_t right = (x + 1) * rgb->width / width;
            const uint32_t bottom = (y + 1) * rgb->height / height;
            uint8_t *ground = c->px + ((size_t)(top_px + y) * SIDE + left_px + x) * 3;
            print_pixel(ground, rgb, alpha, left, top, right > left ? right : left + 1,
                        bottom > top ? bottom : top + 1);
        }
}

/* --- coding --- */

/* Finds the rows: entropy-coded bytes have no marker among them but those of restarts. */
static void find_rows(coded *out, size_t size)
{
    const unsigned char *b = out->bytes;
    size_t at = 2, n = 0;
    while (b[at + 1] != 0xda) /* the scan's own head is the last */
        at += 2 + ((size_t)b[at + 2] << 8 | b[at + 3]);
    out->head = at + 2 + ((size_t)b[at + 2] << 8 | b[at + 3]);
    out->row[n++] = out->head;
    for (at = out->head; at + 1 < size; at++)
        if (b[at] == 0xff && b[at + 1] >= 0xd0 && b[at + 1] <= 0xd7)
            out->row[n++] = at + 2;
    out->row[n] = size; /* the end of the image is a marker, too */
}

/* cropped: pixels that are left out at each side. */
static bool code(const canvas *c, int cropped, int quality, coded *out)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned long size = 0;
    out->row = ko_alloc_array((size_t)c->height / ROW_PX + 1, sizeof *out->row);
    if (!out->row)
        return false;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &out->bytes, &size);
    jpeg.image_width = (JDIMENSION)(SIDE - 2 * cropped);
    jpeg.image_height = (JDIMENSION)(c->height - 2 * cropped);
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg.restart_in_rows = 1;
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        const size_t y = jpeg.next_scanline + (size_t)cropped;
        JSAMPROW row = c->px + (y * SIDE + (size_t)cropped) * 3;
        (void)jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    out->size = size;
    find_rows(out, size);
    return true;
}

/* --- the pictures --- */

static ko_status add_work(pictures *all, canvas *c, const char *path, ko_error *err)
{
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_image *image = &all->image[all->works];
    ko_rgb *rgb = &all->rgb[all->works];
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = true;
    ko_status st = ko_file_read(path, &bytes, err);
    if (st == KO_OK)
        st = ko_image_decode(bytes.data, bytes.size, &options, image, err);
    if (st == KO_OK)
        st = ko_image_decode_rgb(bytes.data, bytes.size, &options, rgb, err);
    if (st == KO_OK) {
        draw_scene(c, all->seed ^ plan_hash(all->works, "print"));
        print_work(c, rgb, &image->alpha);
        (void)snprintf(all->names[all->works], sizeof all->names[0], "%s", ko_path_name(path));
        if (!code(c, 0, QUALITY, &all->base[PLAIN + all->works++]))
            st = ko_fail(err, KO_E_NOMEM, "no memory for a picture");
    }
    ko_buf_free(&bytes);
    return st;
}

static ko_status add_works(pictures *all, canvas *c, const char *folder, ko_error *err)
{
    ko_paths paths = {0};
    ko_status st = ko_paths_walk(&paths, folder, NULL, err);
    for (size_t i = 0; st == KO_OK && i < paths.count && i < WORKS; i++)
        st = add_work(all, c, paths.path[i], err);
    ko_paths_free(&paths);
    return st;
}

pictures *pictures_make(uint64_t seed, const char *works, ko_error *err)
{
    pictures *all = ko_alloc_zero(1, sizeof *all);
    canvas c = {ko_alloc_zero((size_t)SIDE * BANDS * ROW_PX, 3), BANDS * ROW_PX};
    bool made = all && c.px;
    if (made) {
        all->seed = seed;
        draw_bands(&c, seed);
        made = code(&c, 0, QUALITY, &all->bands);
    }
    c.height = SIDE;
    for (size_t i = 0; made && i < PLAIN; i++) {
        draw_scene(&c, seed ^ plan_hash(i, "scene"));
        made = code(&c, 0, QUALITY, &all->base[i]);
    }
    if (!made)
        (void)ko_fail(err, KO_E_NOMEM, "no memory for pictures");
    else if (works)
        made = add_works(all, &c, works, err) == KO_OK;
    ko_free(c.px);
    if (made)
        return all;
    pictures_free(all);
    return NULL;
}

static void free_coded(coded *c)
{
    free(c->bytes); /* not ours, but libjpeg's */
    ko_free(c->row);
}

void pictures_free(pictures *all)
{
    if (!all)
        return;
    free_coded(&all->bands);
    for (size_t i = 0; i < PLAIN + WORKS; i++)
        free_coded(&all->base[i]);
    for (size_t i = 0; i < WORKS; i++) {
        ko_image_free(&all->image[i]);
        ko_image_rgb_free(&all->rgb[i]);
    }
    ko_free(all);
}

/* Of the pictures drawn, the one that this number is made from. */
static size_t base_of(const pictures *all, uint64_t number)
{
    const uint64_t hash = plan_mix(all->seed + number);
    if (all->works > 0 && hash % ONE_IN == 0)
        return PLAIN + hash / ONE_IN % all->works;
    return hash / ONE_IN % PLAIN;
}

const char *pictures_work(const pictures *all, uint64_t number)
{
    const size_t base = base_of(all, number);
    return base < PLAIN ? "" : all->names[base - PLAIN];
}

ko_status pictures_get(const pictures *all, uint64_t number, ko_buf *out)
{
    const coded *base = &all->base[base_of(all, number)];
    ko_status st = ko_buf_append(out, base->bytes, base->head);
    for (size_t row = 0; st == KO_OK && row < ROWS; row++) {
        const coded *from = row < BANDED ? &all->bands : base;
        const size_t i = row < BANDED ? number >> 8 * row & (BANDS - 1) : row;
        const unsigned char end[2] = {0xff,
                                      row + 1 < ROWS ? (unsigned char)(0xd0 + row % 8) : 0xd9};
        st = ko_buf_append(out, from->bytes + from->row[i], from->row[i + 1] - 2 - from->row[i]);
        if (st == KO_OK)
            st = ko_buf_append(out, end, sizeof end);
    }
    return st;
}

/* --- drawn when asked for --- */

size_t pictures_works(const pictures *all)
{
    return all->works;
}

const char *pictures_work_name(const pictures *all, size_t work)
{
    return all->names[work];
}

ko_status pictures_draw(const pictures *all, const pictures_print *print, ko_buf *out)
{
    canvas c = {ko_alloc_array((size_t)SIDE * SIDE, 3), SIDE};
    coded picture = {0};
    ko_status st = KO_E_NOMEM;
    if (c.px) {
        draw_scene(&c, all->seed + print->scene);
        if (print->work >= 0)
            print_work(&c, &all->rgb[print->work], &all->image[print->work].alpha);
        if (code(&c, (int)print->cropped, print->quality, &picture))
            st = ko_buf_append(out, picture.bytes, picture.size);
    }
    free_coded(&picture);
    ko_free(c.px);
    return st;
}
