/* platform/escape.h - percent-encoding (RFC 3986 section 2). */
#ifndef KO_PLATFORM_ESCAPE_H
#define KO_PLATFORM_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* The value of the %XX that text[0..n) begins with, or -1. */
int ko_escape_value(const char *text, size_t n);

/* Letters, digits, "-", ".", "_" and "~": the same with or without encoding. */
bool ko_escape_unreserved(unsigned char c);

/* Writes %XX with capital digits to out[0..3). */
void ko_escape_write(unsigned char c, char *out);

#endif
