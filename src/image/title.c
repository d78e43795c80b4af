#include "image/title.h"

#include "base/alloc.h"
#include "base/text.h"
#include "image/metadata.h"
#include "image/vips.h"

#include <string.h>

/* What a title may have in the file; of that, what is kept. Shops cut titles at 140. */
#define FOUND_BYTES_MAX ((size_t)64 << 10)
#define KEPT_BYTES_MAX ((size_t)400)

static void append(ko_buf *found, ko_image_span text)
{
    if (text.size && ko_buf_append(found, text.at, text.size) != KO_OK)
        ko_buf_clear(found);
}

static void find_in_png(ko_image_span png, ko_buf *found)
{
    ko_image_xmp_title(ko_image_png_text(png, "XML:com.adobe.xmp"), found);
    if (found->size == 0)
        append(found, ko_image_png_text(png, "Title"));
}

static ko_image_span blob(VipsImage *image, const char *name)
{
    const void *at = NULL;
    size_t size = 0;
    if (!vips_image_get_typeof(image, name) || vips_image_get_blob(image, name, &at, &size) != 0)
        return (ko_image_span){0};
    return (ko_image_span){at, size};
}

static void find_by_vips(ko_image_span bytes, ko_image_kind kind, ko_buf *found)
{
    VipsImage *image = ko_image_vips_open(bytes.at, bytes.size, kind);
    if (!image)
        return;
    ko_image_xmp_title(blob(image, VIPS_META_XMP_NAME), found);
    if (found->size == 0)
        append(found, ko_image_iptc_title(blob(image, VIPS_META_IPTC_NAME)));
    g_object_unref(image);
}

/* Old writers used Latin-1 without saying so; text that is no UTF-8 is taken for it. */
static ko_status append_utf8(ko_buf *out, const char *text, size_t n)
{
    if (ko_text_is_utf8(text, n))
        return ko_buf_append(out, text, n);
    ko_status st = KO_OK;
    for (size_t i = 0; i < n && st == KO_OK; i++) {
        const unsigned char c = (unsigned char)text[i];
        const char two[2] = {(char)(0xC0 | c >> 6), (char)(0x80 | (c & 0x3F))};
        st = c < 0x80 ? ko_buf_append(out, &text[i], 1) : ko_buf_append(out, two, 2);
    }
    return st;
}

/* Bytes of text to keep: all, or as many whole characters as fit. */
static size_t kept_size(const ko_buf *text)
{
    size_t n = text->size;
    if (n > KEPT_BYTES_MAX)
        for (n = KEPT_BYTES_MAX; n && (text->data[n] & 0xC0) == 0x80;)
            n--;
    return n;
}

static char *clean(const ko_buf *found)
{
    ko_buf text = KO_BUF(2 * FOUND_BYTES_MAX), cleaned = KO_BUF(3 * KEPT_BYTES_MAX);
    char *title = NULL;
    if (append_utf8(&text, found->data, found->size) == KO_OK &&
        ko_text_clean(&cleaned, text.data, kept_size(&text)) == KO_OK) {
        const char *trimmed = ko_text_trim(cleaned.data);
        title = *trimmed ? ko_strdup(trimmed) : NULL;
    }
    ko_buf_free(&text);
    ko_buf_free(&cleaned);
    return title;
}

char *ko_image_title(const void *bytes, size_t size)
{
    const ko_image_span all = {bytes, size};
    const ko_image_kind kind = ko_image_sniff(bytes, size);
    ko_buf found = KO_BUF(FOUND_BYTES_MAX);
    switch (kind) {
    case KO_IMAGE_PNG:
        find_in_png(all, &found);
        break;
    case KO_IMAGE_JPEG:
    case KO_IMAGE_WEBP:
    case KO_IMAGE_TIFF:
    case KO_IMAGE_AVIF:
    case KO_IMAGE_HEIC:
        find_by_vips(all, kind, &found);
        break;
    case KO_IMAGE_UNKNOWN:
    case KO_IMAGE_GIF:
    case KO_IMAGE_SVG:
    case KO_IMAGE_PSD:
        break;
    }
    char *title = found.size ? clean(&found) : NULL;
    ko_buf_free(&found);
    return title;
}
