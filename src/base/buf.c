#include "base/buf.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *ko_buf_extend(ko_buf *buf, size_t n)
{
    if (buf->size > buf->max || n > buf->max - buf->size) {
        ko_buf_free(buf);
        return NULL;
    }
    const size_t need = buf->size + n + 1;
    if (need > buf->capacity) {
        size_t capacity = buf->capacity ? buf->capacity : 64;
        while (capacity < need)
            capacity *= 2;
        char *grown = ko_realloc(buf->data, buf->size, capacity);
        if (!grown) {
            ko_buf_free(buf);
            return NULL;
        }
        buf->data = grown;
        buf->capacity = capacity;
    }
    char *start = buf->data + buf->size;
    buf->size += n;
    buf->data[buf->size] = '\0';
    return start;
}

ko_status ko_buf_append(ko_buf *buf, const void *bytes, size_t n)
{
    void *start = ko_buf_extend(buf, n);
    if (!start)
        return KO_E_NOMEM;
    if (n)
        memcpy(start, bytes, n);
    return KO_OK;
}

ko_status ko_buf_text(ko_buf *buf, const char *text)
{
    return ko_buf_append(buf, text, strlen(text));
}

ko_status ko_buf_vprintf(ko_buf *buf, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, fmt, args);
    char *start = length < 0 ? NULL : ko_buf_extend(buf, (size_t)length);
    if (start)
        (void)vsnprintf(start, (size_t)length + 1, fmt, again);
    va_end(again);
    return start ? KO_OK : KO_E_NOMEM;
}

ko_status ko_buf_printf(ko_buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const ko_status st = ko_buf_vprintf(buf, fmt, args);
    va_end(args);
    return st;
}

void ko_buf_clear(ko_buf *buf)
{
    buf->size = 0;
    if (buf->data)
        buf->data[0] = '\0';
}

void ko_buf_free(ko_buf *buf)
{
    ko_free(buf->data);
    *buf = (ko_buf){.max = buf->max};
}
