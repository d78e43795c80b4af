/* A picture is what its bytes say. Names lie on marketplaces: most ".jpg" of some shops
 * are WebP. */
#include "image/sniff.h"

#include <knockoff/image.h>

#include <assert.h>
#include <string.h>

typedef struct magic {
    const char *text;
    uint8_t size, offset;
} magic;

static bool has(const uint8_t *bytes, size_t size, magic m)
{
    return size >= (size_t)m.offset + m.size && memcmp(bytes + m.offset, m.text, m.size) == 0;
}

static const struct {
    magic magic;
    ko_image_kind kind;
} kinds[] = {
    {{"\xFF\xD8\xFF", 3, 0}, KO_IMAGE_JPEG}, {{"\x89PNG\r\n\x1A\n", 8, 0}, KO_IMAGE_PNG},
    {{"GIF87a", 6, 0}, KO_IMAGE_GIF},        {{"GIF89a", 6, 0}, KO_IMAGE_GIF},
    {{"II*\0", 4, 0}, KO_IMAGE_TIFF},        {{"MM\0*", 4, 0}, KO_IMAGE_TIFF},
    {{"II+\0", 4, 0}, KO_IMAGE_TIFF}, /* BigTIFF */
    {{"MM\0+", 4, 0}, KO_IMAGE_TIFF},        {{"8BPS\0\1", 6, 0}, KO_IMAGE_PSD},
    {{"8BPS\0\2", 6, 0}, KO_IMAGE_PSD},     /* PSB, the large one */
    {{"\x1F\x8B\x08", 3, 0}, KO_IMAGE_SVG}, /* SVG is the only picture that is gzipped */
};

static const struct {
    magic magic;
    const char *name;
} unread[] = {
    {{"BM", 2, 0}, "BMP"},
    {{"\0\0\1\0", 4, 0}, "ICO"},
    {{"jP  \r\n\x87\n", 8, 4}, "JPEG 2000"},
    {{"\xFF\x4F\xFF\x51", 4, 0}, "JPEG 2000"},
    {{"JXL \r\n\x87\n", 8, 4}, "JPEG XL"},
    {{"\xFF\x0A", 2, 0}, "JPEG XL"},
    {{"#?RADIANCE", 10, 0}, "Radiance"},
    {{"qoif", 4, 0}, "QOI"},
    {{"%PDF-", 5, 0}, "PDF"},
    {{"%!PS", 4, 0}, "PostScript"},
};

/* ISO/IEC 14496-12, section 4.3: the brands of the "ftyp" box, the major one first, then a
 * version, then those that it is compatible with. A sequence is read as its first picture. */
static ko_image_kind sniff_brands(const uint8_t *bytes, size_t size)
{
    static const struct {
        magic magic;
        ko_image_kind kind;
    } brands[] = {
        {{"avif", 4, 0}, KO_IMAGE_AVIF}, {{"avis", 4, 0}, KO_IMAGE_AVIF},
        {{"heic", 4, 0}, KO_IMAGE_HEIC}, {{"heix", 4, 0}, KO_IMAGE_HEIC},
        {{"heim", 4, 0}, KO_IMAGE_HEIC}, {{"heis", 4, 0}, KO_IMAGE_HEIC},
        {{"hevc", 4, 0}, KO_IMAGE_HEIC}, {{"hevx", 4, 0}, KO_IMAGE_HEIC},
    };
    size_t box = (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
    if (box > size)
        box = size;
    for (size_t at = 8; at + 4 <= box; at += at == 8 ? 8 : 4)
        for (size_t i = 0; i < sizeof brands / sizeof *brands; i++)
            if (has(bytes + at, 4, brands[i].magic))
                return brands[i].kind;
    return KO_IMAGE_UNKNOWN;
}

typedef struct text {
    const char *at, *end;
} text;

static bool starts(text t, const char *word)
{
    const size_t n = strlen(word);
    return (size_t)(t.end - t.at) >= n && memcmp(t.at, word, n) == 0;
}

/* Behind the next occurrence of word, or at the end. */
static text behind(text t, const char *word)
{
    while (t.at < t.end && !starts(t, word))
        t.at++;
    t.at += t.at < t.end ? strlen(word) : 0;
    return t;
}

/* XML whose first element is svg; what may come before it (XML 1.0, section 2.8) is
 * skipped, so that neither a web page with a drawing in it nor a picture whose metadata
 * holds one is taken for SVG. */
static bool is_svg(const uint8_t *bytes, size_t size)
{
    text t = {(const char *)bytes, (const char *)bytes + size};
    if (starts(t, "\xEF\xBB\xBF"))
        t.at += 3;
    while (t.at < t.end) {
        if (strchr(" \t\r\n", *t.at) && *t.at)
            t.at++;
        else if (starts(t, "<?"))
            t = behind(t, "?>");
        else if (starts(t, "<!--"))
            t = behind(t, "-->");
        else if (starts(t, "<!DOCTYPE svg"))
            return true;
        else
            return starts(t, "<svg") || starts(t, "<svg:svg");
    }
    return false;
}

ko_image_kind ko_image_sniff(const void *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (has(bytes, size, kinds[i].magic))
            return kinds[i].kind;
    if (has(bytes, size, (magic){"RIFF", 4, 0}) && has(bytes, size, (magic){"WEBP", 4, 8}))
        return KO_IMAGE_WEBP;
    if (has(bytes, size, (magic){"ftyp", 4, 4}))
        return sniff_brands(bytes, size);
    return is_svg(bytes, size) ? KO_IMAGE_SVG : KO_IMAGE_UNKNOWN;
}

const char *ko_image_unread_kind(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof unread / sizeof *unread; i++)
        if (has(bytes, size, unread[i].magic))
            return unread[i].name;
    return NULL;
}

const char *ko_image_kind_name(ko_image_kind kind)
{
    switch (kind) {
    case KO_IMAGE_UNKNOWN:
        break;
    case KO_IMAGE_JPEG:
        return "JPEG";
    case KO_IMAGE_PNG:
        return "PNG";
    case KO_IMAGE_WEBP:
        return "WebP";
    case KO_IMAGE_GIF:
        return "GIF";
    case KO_IMAGE_TIFF:
        return "TIFF";
    case KO_IMAGE_AVIF:
        return "AVIF";
    case KO_IMAGE_HEIC:
        return "HEIC";
    case KO_IMAGE_SVG:
        return "SVG";
    case KO_IMAGE_PSD:
        return "PSD";
    }
    return "unknown";
}

const char *ko_image_media_type(ko_image_kind kind)
{
    static const char *const types[] = {
        [KO_IMAGE_UNKNOWN] = "application/octet-stream",
        [KO_IMAGE_JPEG] = "image/jpeg",
        [KO_IMAGE_PNG] = "image/png",
        [KO_IMAGE_WEBP] = "image/webp",
        [KO_IMAGE_GIF] = "image/gif",
        [KO_IMAGE_TIFF] = "image/tiff",
        [KO_IMAGE_AVIF] = "image/avif",
        [KO_IMAGE_HEIC] = "image/heic",
        [KO_IMAGE_SVG] = "image/svg+xml",
        [KO_IMAGE_PSD] = "image/vnd.adobe.photoshop",
    };
    assert(kind < sizeof types / sizeof *types);
    return types[kind];
}
