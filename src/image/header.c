#include "image/header.h"

#include <string.h>

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Signature 4, version 2, reserved 6, channels 2, height 4, width 4 (Adobe Photoshop File
 * Formats Specification, "File Header Section"). */
bool ko_image_psd_size(const uint8_t *bytes, size_t size, ko_extent *out_size)
{
    if (size < 26)
        return false;
    *out_size = (ko_extent){get32(bytes + 18), get32(bytes + 14), 1};
    return true;
}

#define BOX_HEADER 8u

/* Walks the boxes in bytes[0..size) and goes into those that lead to "ispe". Depth is
 * that of the names: meta, iprp, ipco. A box that overruns ends the walk. */
static void find_ispe(const uint8_t *bytes, size_t size, unsigned depth, ko_extent *largest)
{
    static const char *const path[] = {"meta", "iprp", "ipco", "ispe"};
    static const size_t fields_before_boxes[] = {4, 0, 0}; /* version and flags of meta */
    for (size_t at = 0; at + BOX_HEADER <= size;) {
        const size_t box = get32(bytes + at);
        if (box < BOX_HEADER || box > size - at)
            return; /* 0 and 1, the rest of the file and 64 bits, are for the data */
        const uint8_t *body = bytes + at + BOX_HEADER;
        const size_t body_size = box - BOX_HEADER;
        at += box;
        if (memcmp(body - 4, path[depth], 4) != 0)
            continue;
        if (depth == 3 && body_size >= 12) {
            const uint32_t width = get32(body + 4), height = get32(body + 8);
            if ((uint64_t)width * height > (uint64_t)largest->width * largest->height)
                *largest = (ko_extent){width, height, 1};
        } else if (depth < 3 && body_size >= fields_before_boxes[depth]) {
            const size_t skip = fields_before_boxes[depth];
            find_ispe(body + skip, body_size - skip, depth + 1, largest);
        }
    }
}

bool ko_image_heif_size(const uint8_t *bytes, size_t size, ko_extent *out_size)
{
    ko_extent largest = {0};
    find_ispe(bytes, size, 0, &largest);
    if (largest.width == 0)
        return false;
    *out_size = largest;
    return true;
}
