#include "report/png.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdbool.h>
#include <string.h>

#include <png.h>

typedef struct writer {
    png_structp png;
    png_infop info;
    jmp_buf escape;
    const uint8_t *rows;
    size_t stride;
    uint32_t width, height;
    uint8_t *row; /* RGB */
    ko_buf *out;
} writer;

/* Only memory can be lacking: nothing that is written comes from outside. */
static void on_error(png_structp png, png_const_charp text)
{
    (void)text;
    writer *w = png_get_error_ptr(png);
    longjmp(w->escape, 1);
}

static void on_warning(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

static void on_write(png_structp png, png_bytep bytes, size_t n)
{
    writer *w = png_get_io_ptr(png);
    if (ko_buf_append(w->out, bytes, n) != KO_OK)
        png_error(png, "full");
}

static void on_flush(png_structp png)
{
    (void)png;
}

static void write_row(writer *w, uint32_t y)
{
    const uint8_t *from = w->rows + y * w->stride;
    for (size_t x = 0; x < w->width; x++) {
        uint32_t rgb;
        memcpy(&rgb, from + 4 * x, sizeof rgb);
        w->row[3 * x] = (uint8_t)(rgb >> 16);
        w->row[3 * x + 1] = (uint8_t)(rgb >> 8);
        w->row[3 * x + 2] = (uint8_t)rgb;
    }
    png_write_row(w->png, w->row);
}

static bool write_guarded(writer *w, const char *software)
{
    if (setjmp(w->escape))
        return false;
    char key[] = "Software"; /* libpng takes char * and only reads */
    png_text text = {.compression = PNG_TEXT_COMPRESSION_NONE, .key = key};
    text.text = (char *)software;
    text.text_length = strlen(software);
    png_set_write_fn(w->png, w, on_write, on_flush);
    png_set_IHDR(w->png, w->info, w->width, w->height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(w->png, w->info, PNG_sRGB_INTENT_PERCEPTUAL);
    png_set_text(w->png, w->info, &text, 1);
    png_write_info(w->png, w->info);
    for (uint32_t y = 0; y < w->height; y++)
        write_row(w, y);
    png_write_end(w->png, NULL);
    return true;
}

ko_status ko_report_png(const uint8_t *rows, size_t stride, uint32_t width, uint32_t height,
                        const char *software, ko_buf *out, ko_error *err)
{
    writer w = {.rows = rows, .stride = stride, .width = width, .height = height, .out = out};
    ko_status st = KO_OK;
    w.row = ko_alloc_array(width, 3);
    w.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &w, on_error, on_warning);
    w.info = w.png ? png_create_info_struct(w.png) : NULL;
    if (!w.row || !w.info || !write_guarded(&w, software)) {
        ko_buf_free(out);
        st = ko_fail(err, KO_E_NOMEM, "PNG of %u x %u px", width, height);
    }
    png_destroy_write_struct(&w.png, &w.info);
    ko_free(w.row);
    return st;
}
