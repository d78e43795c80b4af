/* base/buf.h - bytes that grow, up to a maximum given at birth.
 *
 * A buffer owns its bytes and always ends in a zero that is not counted. A failed append
 * empties it, so that half a text is never used by mistake. */
#ifndef KO_BASE_BUF_H
#define KO_BASE_BUF_H

#include "base/status.h"

#include <stdarg.h>
#include <stddef.h>

typedef struct ko_buf {
    char *data; /* NULL until the first append */
    size_t size, capacity, max;
} ko_buf;

#define KO_BUF(max_bytes) ((ko_buf){.max = (max_bytes)})

KO_NODISCARD ko_status ko_buf_append(ko_buf *buf, const void *bytes, size_t n);
KO_NODISCARD ko_status ko_buf_text(ko_buf *buf, const char *text);
KO_NODISCARD ko_status ko_buf_printf(ko_buf *buf, const char *fmt, ...) KO_PRINTF(2, 3);
KO_NODISCARD ko_status ko_buf_vprintf(ko_buf *buf, const char *fmt, va_list args) KO_PRINTF(2, 0);
/* Makes room for n bytes more and counts them; returns where they start, or NULL. */
void *ko_buf_extend(ko_buf *buf, size_t n);
void ko_buf_clear(ko_buf *buf); /* keeps the memory */
void ko_buf_free(ko_buf *buf);  /* keeps the maximum */

#endif
