/* Says how near two pictures are, and how the second would have to be turned or mirrored to
 * become the first: knockoff as a library, in one page. */
#include <knockoff/fingerprint.h>
#include <knockoff/image.h>
#include <knockoff/match.h>

#include <stdio.h>
#include <stdlib.h>

/* All eight orientations of the picture in a file. */
static ko_status fingerprint(const char *path, ko_fp out_fps[KO_ORIENT_COUNT], ko_error *err)
{
    static unsigned char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    const size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file)
        (void)fclose(file);
    ko_image image = {0};
    ko_image_options options;
    ko_image_options_init(&options);
    ko_status status = ko_image_decode(bytes, size, &options, &image, err);
    if (status == KO_OK)
        status = ko_fp_orientations(&image.luma, &image.full, out_fps, NULL, err);
    ko_image_free(&image);
    return status;
}

typedef struct nearest {
    unsigned distance;
    ko_orientation orientation;
} nearest;

static ko_status keep_nearest(void *context, const ko_hit *hits, size_t n)
{
    nearest *best = context;
    for (size_t i = 0; i < n; i++)
        if (hits[i].distance < best->distance)
            *best = (nearest){hits[i].distance, (ko_orientation)hits[i].row};
    return KO_OK;
}

int main(int argc, char **argv)
{
    ko_error err = {0};
    ko_fp first[KO_ORIENT_COUNT], second[KO_ORIENT_COUNT];
    ko_index *index = NULL;
    nearest best = {KO_FP_BITS + 1, KO_ORIENT_NONE};
    if (argc != 3)
        return EXIT_FAILURE;
    ko_status status = fingerprint(argv[1], first, &err);
    if (status == KO_OK)
        status = fingerprint(argv[2], second, &err);
    if (status == KO_OK)
        status = ko_index_build(first, KO_ORIENT_COUNT, &index, &err);
    if (status == KO_OK)
        status = ko_index_search(index, &second[KO_ORIENT_NONE], 1, KO_FP_BITS, keep_nearest, &best,
                                 &err);
    ko_index_free(index);
    if (status != KO_OK) {
        (void)fprintf(stderr, "%s: %s\n", ko_status_name(status), err.text);
        return EXIT_FAILURE;
    }
    (void)printf("%u bits, %s\n", best.distance, ko_orientation_name(best.orientation));
    return EXIT_SUCCESS;
}
