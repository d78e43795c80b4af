#include "proof/jpeg.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h> /* before jpeglib.h, which needs FILE */
#include <string.h>

#include <jpeglib.h>

#define CHUNK_BYTES 16384

typedef struct writer {
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_destination_mgr destination;
    jmp_buf escape;
    JOCTET chunk[CHUNK_BYTES];
    const uint8_t *rows;
    size_t stride;
    uint8_t *row; /* RGB */
    ko_buf *out;
} writer;

/* Only memory can be lacking: nothing that is written comes from outside. */
static void on_error(j_common_ptr jpeg)
{
    writer *w = jpeg->client_data;
    longjmp(w->escape, 1);
}

static void on_message(j_common_ptr jpeg, int level)
{
    (void)jpeg;
    (void)level;
}

static void refill(writer *w)
{
    w->destination.next_output_byte = w->chunk;
    w->destination.free_in_buffer = CHUNK_BYTES;
}

static void on_begin(j_compress_ptr jpeg)
{
    refill(jpeg->client_data);
}

static boolean on_full(j_compress_ptr jpeg)
{
    writer *w = jpeg->client_data;
    if (ko_buf_append(w->out, w->chunk, CHUNK_BYTES) != KO_OK)
        longjmp(w->escape, 1);
    refill(w);
    return TRUE;
}

static void on_end(j_compress_ptr jpeg)
{
    writer *w = jpeg->client_data;
    if (ko_buf_append(w->out, w->chunk, CHUNK_BYTES - w->destination.free_in_buffer) != KO_OK)
        longjmp(w->escape, 1);
}

static void write_row(writer *w)
{
    const uint8_t *from = w->rows + w->jpeg.next_scanline * w->stride;
    for (size_t x = 0; x < w->jpeg.image_width; x++) {
        uint32_t rgb;
        memcpy(&rgb, from + 4 * x, sizeof rgb);
        w->row[3 * x] = (uint8_t)(rgb >> 16);
        w->row[3 * x + 1] = (uint8_t)(rgb >> 8);
        w->row[3 * x + 2] = (uint8_t)rgb;
    }
    JSAMPROW row = w->row;
    (void)jpeg_write_scanlines(&w->jpeg, &row, 1);
}

static bool write_guarded(writer *w, uint32_t width, uint32_t height, int quality)
{
    if (setjmp(w->escape))
        return false;
    jpeg_create_compress(&w->jpeg);
    w->jpeg.dest = &w->destination;
    w->jpeg.image_width = width;
    w->jpeg.image_height = height;
    w->jpeg.input_components = 3;
    w->jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&w->jpeg);
    jpeg_set_quality(&w->jpeg, quality, TRUE);
    w->jpeg.optimize_coding = TRUE;
    jpeg_start_compress(&w->jpeg, TRUE);
    while (w->jpeg.next_scanline < w->jpeg.image_height)
        write_row(w);
    jpeg_finish_compress(&w->jpeg);
    return true;
}

ko_status ko_proof_jpeg(const uint8_t *rows, size_t stride, uint32_t width, uint32_t height,
                        int quality, ko_buf *out, ko_error *err)
{
    ko_status st = KO_OK;
    writer *w = ko_alloc_zero(1, sizeof *w);
    uint8_t *row = ko_alloc_array(width, 3);
    if (!w || !row) {
        st = ko_fail(err, KO_E_NOMEM, "JPEG of %u x %u px", width, height);
        goto done;
    }
    w->rows = rows;
    w->stride = stride;
    w->row = row;
    w->out = out;
    w->jpeg.err = jpeg_std_error(&w->errors);
    w->errors.error_exit = on_error;
    w->errors.emit_message = on_message;
    w->jpeg.client_data = w;
    w->destination.init_destination = on_begin;
    w->destination.empty_output_buffer = on_full;
    w->destination.term_destination = on_end;
    if (!write_guarded(w, width, height, quality)) {
        ko_buf_free(out);
        st = ko_fail(err, KO_E_NOMEM, "JPEG of %u x %u px", width, height);
    }
    jpeg_destroy_compress(&w->jpeg);
done:
    ko_free(row);
    ko_free(w);
    return st;
}
