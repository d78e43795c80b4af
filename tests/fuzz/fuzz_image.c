/* Feeds bytes to everything of image/ that reads bytes, as a stranger's and as the
 * artist's. KO_FUZZ_FILES: with a main that runs the files it is given. */
#include "base/alloc.h"
#include "image/colour.h"
#include "image/title.h"

#include <knockoff/image.h>

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void decode(const uint8_t *bytes, size_t size, bool trusted, uint32_t min_side_px)
{
    ko_image image = {0};
    ko_rgb rgb = {0};
    ko_image_colour colour = {0};
    ko_error err = {0};
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = trusted;
    options.min_side_px = min_side_px;
    options.max_pixels = 1 << 22; /* a fuzzer is after bugs, not after memory */
    const ko_status st = ko_image_decode(bytes, size, &options, &image, &err);
    if ((st == KO_OK) != (image.luma.px != NULL) || (st == KO_OK) != (err.text[0] == '\0'))
        abort();
    ko_image_free(&image);
    (void)!ko_image_decode_rgb(bytes, size, &options, &rgb, NULL);
    ko_image_rgb_free(&rgb);
    (void)!ko_image_decode_colour(bytes, size, &options, 64, &colour, NULL);
    ko_image_colour_free(&colour);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    decode(bytes, size, false, 64);
    decode(bytes, size, true, 0);
    ko_free(ko_image_title(bytes, size));
    if (ko_alloc_live() != 0)
        abort();
    return 0;
}

#ifdef KO_FUZZ_FILES
static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = -1;
    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    uint8_t *bytes = size >= 0 ? malloc(size ? (size_t)size : 1) : NULL; /* exact size */
    const int ok = bytes && fseek(file, 0, SEEK_SET) == 0 &&
                   fread(bytes, 1, (size_t)size, file) == (size_t)size;
    if (ok)
        (void)LLVMFuzzerTestOneInput(bytes, (size_t)size);
    else
        (void)fprintf(stderr, "%s cannot be read\n", path);
    free(bytes);
    if (file)
        (void)fclose(file);
    return ok;
}

int main(int argc, char **argv)
{
    int ok = 1;
    for (int i = 1; i < argc; i++)
        ok &= run_file(argv[i]);
    return ok ? 0 : 1;
}
#endif
