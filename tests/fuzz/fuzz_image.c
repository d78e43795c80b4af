/* Feeds bytes to everything of image/ that reads bytes, as a stranger's and as the
 * artist's. */
#include "base/alloc.h"
#include "image/colour.h"
#include "image/title.h"

#include <knockoff/image.h>

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
