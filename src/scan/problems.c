#include "scan/problems.h"

#include "base/limits.h"

#include <stdarg.h>
#include <stdio.h>

void ko_problem(ko_problems *problems, const char *fmt, ...)
{
    problems->count++;
    if (!problems->say)
        return;
    char line[KO_MAX_PATH_BYTES + KO_ERROR_TEXT_SIZE];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    problems->say(problems->context, line);
}
