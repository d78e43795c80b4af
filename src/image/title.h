/* image/title.h - what the artist called a picture. */
#ifndef KO_IMAGE_TITLE_H
#define KO_IMAGE_TITLE_H

#include <stddef.h>

/* The title that a picture's metadata give it: dc:title of XMP (the language-neutral one
 * first), else the IPTC object name; of a PNG, XMP or else its "Title" text. Clean UTF-8 (see
 * ko_text_clean), trimmed, of an endless one the first 400 bytes; the caller frees it with
 * ko_free. NULL when there is none, the metadata are broken, or there is no memory. Kinds
 * that only the artist's own files may have hold none. Any thread. */
char *ko_image_title(const void *bytes, size_t size);

#endif
