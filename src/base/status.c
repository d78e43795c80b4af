#include "base/status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *ko_status_name(ko_status status)
{
    switch (status) {
    case KO_OK:
        return "ok";
    case KO_E_NOMEM:
        return "out of memory";
    case KO_E_LIMIT:
        return "over a limit";
    case KO_E_FORMAT:
        return "malformed";
    case KO_E_UNSUPPORTED:
        return "not supported";
    case KO_E_IO:
        return "input/output";
    case KO_E_NOT_FOUND:
        return "not found";
    case KO_E_EXISTS:
        return "already there";
    case KO_E_VERSION:
        return "newer version";
    case KO_E_DAMAGED:
        return "damaged";
    case KO_E_BUSY:
        return "busy";
    case KO_E_STOPPED:
        return "stopped";
    case KO_E_USAGE:
        return "usage";
    }
    return "unknown";
}

ko_status ko_fail(ko_error *err, ko_status code, const char *fmt, ...)
{
    assert(code != KO_OK);
    if (!err || err->text[0])
        return code;
    err->code = code;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    return code;
}

void ko_error_prefix(ko_error *err, const char *what)
{
    if (!err || !err->text[0])
        return;
    const ko_error inner = *err;
    err->text[0] = '\0';
    (void)ko_fail(err, inner.code, "%.*s: %s", KO_ERROR_TEXT_SIZE / 2, what, inner.text);
}
