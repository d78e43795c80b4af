/* page/picture.h - what the address of a picture tells of it.
 *
 * Shops serve one picture under many addresses, which differ in a size written into the
 * name ("x.jpg_350x350.jpg", "x-300x300.png", "/s-l225.jpg", "x._SX300_.jpg") or behind it
 * ("?w=300"). Nothing here allocates; any thread may call. */
#ifndef KO_PAGE_PICTURE_H
#define KO_PAGE_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

/* True when both addresses name one picture, in whatever size and on whatever host. Of the file
 * that a browser saved only the name counts. */
bool ko_picture_same(const char *a, const char *b);

/* True when the names of two pictures say that they are of one thing: "12345.jpg" and
 * "12345_alt1.jpg". They share a number of five digits or more and differ only behind it. */
bool ko_picture_sibling(const char *a, const char *b);

/* The longer side in pixels that the address speaks of; one without any is taken for the
 * original and counts as 1,000,000. */
unsigned ko_picture_size_hint(const char *url);

/* Which of two addresses of one picture to take, the higher: its size, with a saved file before
 * all addresses on the web unless it is only a thumbnail. */
double ko_picture_rank(const char *url);

/* True for the stand-ins of pictures to come, for tracking pixels, icons and logos. */
bool ko_picture_is_placeholder(const char *url);

/* True when the path of an address ends like a picture's file. */
bool ko_picture_is_name(const char *url);

/* The best candidate of a srcset attribute (HTML Living Standard, 4.8.4.3.10 "parsing a
 * srcset attribute"): the widest, or the densest. Returns its length and sets *out_url into
 * the text; 0 when there is none. */
size_t ko_picture_srcset(const char *srcset, const char **out_url, double *out_size);

#endif
