#include "image/exif.h"

#include <stdbool.h>
#include <string.h>

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3
#define ENTRY_SIZE 12u

static uint32_t get16(const uint8_t *p, bool big)
{
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t get32(const uint8_t *p, bool big)
{
    return big ? get16(p, big) << 16 | get16(p + 2, big) : get16(p + 2, big) << 16 | get16(p, big);
}

unsigned ko_image_exif_orientation(const uint8_t *exif, size_t size)
{
    if (size >= 6 && memcmp(exif, "Exif\0", 5) == 0) {
        exif += 6;
        size -= 6;
    }
    if (size < 8 || (memcmp(exif, "II*\0", 4) != 0 && memcmp(exif, "MM\0*", 4) != 0))
        return 1;
    const bool big = exif[0] == 'M';
    const size_t ifd = get32(exif + 4, big);
    if (ifd > size - 2)
        return 1;
    const size_t room = (size - ifd - 2) / ENTRY_SIZE;
    size_t entries = get16(exif + ifd, big);
    if (entries > room) /* a cut-off directory still tells what it holds */
        entries = room;
    for (size_t i = 0; i < entries; i++) {
        const uint8_t *entry = exif + ifd + 2 + i * ENTRY_SIZE;
        if (get16(entry, big) != TAG_ORIENTATION)
            continue;
        const unsigned value = get16(entry + 8, big);
        return get16(entry + 2, big) == TYPE_SHORT && value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}
