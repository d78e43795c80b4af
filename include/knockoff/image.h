/* knockoff/image.h - from hostile bytes to rasters.
 *
 * The kind of a picture is read from its bytes, never from its name. Every limit is
 * checked from the header, before pixels are decoded. EXIF orientation is applied:
 * width, height and pixels are those a person sees. A ko_image owns its planes; free
 * it with ko_image_free. Any thread may call any function. */
#ifndef KNOCKOFF_IMAGE_H
#define KNOCKOFF_IMAGE_H

#include <knockoff/raster.h>
#include <knockoff/status.h>

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ko_image_kind {
    KO_IMAGE_UNKNOWN = 0,
    KO_IMAGE_JPEG,
    KO_IMAGE_PNG,
    KO_IMAGE_WEBP,
    KO_IMAGE_GIF,
    KO_IMAGE_TIFF,
    KO_IMAGE_AVIF,
    KO_IMAGE_HEIC,
    KO_IMAGE_SVG,
    KO_IMAGE_PSD
} ko_image_kind;

/* How to decode. Start from ko_image_options_init. */
typedef struct ko_image_options {
    /* The decoder may shrink while it decodes (JPEG) or rasterise at will (SVG) as long
     * as the shorter side stays at or above min_side_px and the longer one at or above
     * min_long_side_px. With both 0 the size is full. */
    uint32_t min_side_px, min_long_side_px;
    /* The artist's own file: also SVG and PSD, whose decoders are not hardened
     * against hostile bytes. Listing photos are never trusted. */
    bool trusted;
    /* Caps, from base/limits.h by default; callers may only lower them. */
    size_t max_bytes;
    uint32_t max_side_px;
    uint64_t max_pixels;
} ko_image_options;

KO_API void ko_image_options_init(ko_image_options *options);

/* A decoded picture. */
typedef struct ko_image {
    ko_grey luma;   /* Rec. 601 luma of the sRGB colours, alpha not applied */
    ko_grey alpha;  /* same size as luma; px is NULL when every pixel is opaque */
    ko_extent full; /* as displayed; a drawing (SVG) is as large as its raster */
    ko_image_kind kind;
} ko_image;

/* Tells the kind from the first bytes: 64 are enough, but for SVG all up to its first
 * element. Gzipped data count as SVG. */
KO_API ko_image_kind ko_image_sniff(const void *bytes, size_t size);

/* "JPEG", "PNG", ...; never NULL. */
KO_API const char *ko_image_kind_name(ko_image_kind kind);

/* Decodes borrowed bytes to luma and alpha. Of an animation or a file of several pictures,
 * the first. Wide-gamut and CMYK pictures are converted through their embedded profile.
 * KO_E_FORMAT: damaged, empty or no picture. KO_E_UNSUPPORTED: a kind that is not read,
 * or not from untrusted hands. KO_E_LIMIT: beyond a cap. KO_E_NOMEM.
 * A truncated picture is refused, not half shown. */
KO_API KO_NODISCARD ko_status ko_image_decode(const void *bytes, size_t size,
                                              const ko_image_options *options, ko_image *out_image,
                                              ko_error *err);

/* Decodes borrowed bytes to full-size RGB, alpha and colour profile ignored (but
 * for CMYK, which has no RGB without one): the pixels that the PDQ reference hashes, turned
 * as EXIF says. Same errors as ko_image_decode.
 * The caller frees out_rgb->px with ko_image_rgb_free. */
KO_API KO_NODISCARD ko_status ko_image_decode_rgb(const void *bytes, size_t size,
                                                  const ko_image_options *options, ko_rgb *out_rgb,
                                                  ko_error *err);

KO_API void ko_image_free(ko_image *image); /* NULL and zeroed images are fine */
KO_API void ko_image_rgb_free(ko_rgb *rgb);

#ifdef __cplusplus
}
#endif
#endif
