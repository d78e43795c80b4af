#include "image/metadata.h"

#include <stdbool.h>
#include <string.h>

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t get16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

/* Cuts n bytes off the front; n must not exceed what is left. */
static void skip(ko_image_span *span, size_t n)
{
    span->at += n;
    span->size -= n;
}

/* Cuts a text that ends in zero off the front, and that zero; false when there is none. */
static bool take_text(ko_image_span *span, ko_image_span *out_text)
{
    const uint8_t *end = span->size ? memchr(span->at, 0, span->size) : NULL;
    if (!end)
        return false;
    *out_text = (ko_image_span){span->at, (size_t)(end - span->at)};
    skip(span, out_text->size + 1);
    return true;
}

static bool equals(ko_image_span span, const char *text)
{
    return span.size == strlen(text) && memcmp(span.at, text, span.size) == 0;
}

static bool take_keyword(ko_image_span *chunk, const char *keyword)
{
    ko_image_span found;
    return take_text(chunk, &found) && equals(found, keyword);
}

/* The text of an iTXt chunk behind its keyword; empty when it is compressed. */
static ko_image_span itxt_text(ko_image_span chunk)
{
    ko_image_span language, translated;
    if (chunk.size < 2 || chunk.at[0] != 0)
        return (ko_image_span){0};
    skip(&chunk, 2);
    if (!take_text(&chunk, &language) || !take_text(&chunk, &translated))
        return (ko_image_span){0};
    return chunk;
}

ko_image_span ko_image_png_text(ko_image_span png, const char *keyword)
{
    if (png.size < 8)
        return (ko_image_span){0};
    skip(&png, 8); /* signature */
    while (png.size >= 12) {
        const uint32_t size = get32(png.at);
        if (size > png.size - 12)
            break;
        const uint8_t *type = png.at + 4;
        ko_image_span chunk = {png.at + 8, size};
        skip(&png, (size_t)size + 12);
        if (memcmp(type, "tEXt", 4) == 0 && take_keyword(&chunk, keyword))
            return chunk;
        if (memcmp(type, "iTXt", 4) == 0 && take_keyword(&chunk, keyword))
            return itxt_text(chunk);
    }
    return (ko_image_span){0};
}

#define RESOURCE_IPTC 0x0404

/* The IIM record among Photoshop image resources: each is "8BIM", a number, a name in
 * Pascal's way and data, both padded to even sizes. */
static ko_image_span find_resource(ko_image_span blocks)
{
    while (blocks.size >= 12 && memcmp(blocks.at, "8BIM", 4) == 0) {
        const uint32_t number = get16(blocks.at + 4);
        const size_t name = (blocks.at[6] + 2u) & ~1u; /* with its length byte */
        skip(&blocks, 6);
        if (name + 4 > blocks.size)
            break;
        skip(&blocks, name);
        const size_t size = get32(blocks.at);
        skip(&blocks, 4);
        if (size > blocks.size)
            break;
        if (number == RESOURCE_IPTC)
            return (ko_image_span){blocks.at, size};
        skip(&blocks, size + (size % 2 && size < blocks.size));
    }
    return (ko_image_span){0};
}

#define IIM_MARK 0x1C

ko_image_span ko_image_iptc_title(ko_image_span iptc)
{
    static const char photoshop[] = "Photoshop 3.0"; /* and a zero */
    if (iptc.size >= sizeof photoshop && memcmp(iptc.at, photoshop, sizeof photoshop) == 0)
        skip(&iptc, sizeof photoshop);
    if (iptc.size >= 4 && memcmp(iptc.at, "8BIM", 4) == 0)
        iptc = find_resource(iptc);
    while (iptc.size >= 5 && iptc.at[0] == IIM_MARK) {
        const bool is_title = iptc.at[1] == 2 && iptc.at[2] == 5;
        const size_t size = get16(iptc.at + 3);
        skip(&iptc, 5);
        if (size > iptc.size) /* also the extended sizes, which no title needs */
            break;
        if (is_title)
            return (ko_image_span){iptc.at, size};
        skip(&iptc, size);
    }
    return (ko_image_span){0};
}
