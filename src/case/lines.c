#include "case/lines.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdarg.h>

void ko_lines_say(ko_lines *lines, const char *fmt, ...)
{
    if (lines->no_memory)
        return;
    ko_buf said = KO_BUF(KO_MAX_SAID_LINE);
    va_list args;
    va_start(args, fmt);
    ko_status st = ko_buf_vprintf(&said, fmt, args);
    va_end(args);
    if (st == KO_OK)
        st = ko_text_clean(lines->out, said.data, said.size);
    if (st == KO_OK)
        st = ko_buf_text(lines->out, "\n");
    lines->no_memory = st != KO_OK;
    ko_buf_free(&said);
}

void ko_lines_blank(ko_lines *lines)
{
    if (!lines->no_memory)
        lines->no_memory = ko_buf_text(lines->out, "\n") != KO_OK;
}

ko_status ko_lines_end(ko_lines *lines, ko_error *err)
{
    if (!lines->no_memory)
        return KO_OK;
    ko_buf_free(lines->out);
    return ko_fail(err, KO_E_NOMEM, "no room for a text");
}
