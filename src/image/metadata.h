/* image/metadata.h - titles inside metadata blocks, which nobody has checked before.
 *
 * Each reader finds one text and hands out where it lies, or appends it; a broken block is
 * one without a title. Nothing is decompressed and nothing outside the block is read. */
#ifndef KO_IMAGE_METADATA_H
#define KO_IMAGE_METADATA_H

#include "base/buf.h"

#include <stdint.h>

/* Part of a block that somebody else owns; size 0 means not found. */
typedef struct ko_image_span {
    const uint8_t *at;
    size_t size;
} ko_image_span;

/* The plain text of a PNG (tEXt, or iTXt that is not compressed) under that keyword, in
 * Latin-1 or UTF-8 (PNG Specification, third edition, section 11.3.3). */
ko_image_span ko_image_png_text(ko_image_span png, const char *keyword);

/* Object name, data set 2:05, of an IPTC block: a bare IIM record (IPTC-NAA Information
 * Interchange Model 4.2, chapter 3) or one inside Photoshop image resources (Adobe
 * Photoshop File Formats Specification, "Image Resource Blocks"). The encoding is whatever
 * its writer used. */
ko_image_span ko_image_iptc_title(ko_image_span iptc);

/* Appends dc:title of an XMP packet (ISO 16684-1, sections 7 and 8.3) in UTF-8: the text in
 * the default language, or else the first. Nothing when there is none or it does not fit. */
void ko_image_xmp_title(ko_image_span xmp, ko_buf *out);

#endif
