#include "verdicts.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void ko_verdict_wrong(ko_verdicts *v, const char *name, const char *fmt, ...)
{
    va_list arguments;
    if (!v->wrong)
        return;
    (void)fprintf(v->wrong, "%s: ", name);
    va_start(arguments, fmt);
    (void)vfprintf(v->wrong, fmt, arguments);
    va_end(arguments);
    (void)fputc('\n', v->wrong);
}

void ko_verdict_add(ko_verdicts *v, const char *name, size_t wrong, const char *fmt, ...)
{
    va_list arguments;
    assert(v->n < KO_VERDICTS_MAX);
    ko_verdict_line *line = &v->lines[v->n++];
    line->name = name;
    line->wrong = wrong;
    va_start(arguments, fmt);
    (void)vsnprintf(line->words, sizeof line->words, fmt, arguments);
    va_end(arguments);
}

size_t ko_verdicts_wrong(const ko_verdicts *v)
{
    size_t sum = 0;
    for (size_t i = 0; i < v->n; i++)
        sum += v->lines[i].wrong;
    return sum;
}

void ko_verdicts_print(const ko_verdicts *v)
{
    for (size_t i = 0; i < v->n; i++) {
        const ko_verdict_line *line = &v->lines[i];
        if (line->wrong)
            (void)printf("%-15s %zu WRONG  %s\n", line->name, line->wrong, line->words);
        else
            (void)printf("%-15s good  %s\n", line->name, line->words);
    }
}

json_t *ko_verdicts_json(const ko_verdicts *v)
{
    json_t *all = json_array();
    for (size_t i = 0; all && i < v->n; i++) {
        const ko_verdict_line *line = &v->lines[i];
        json_t *one = json_pack("{s:s, s:I, s:s}", "name", line->name, "wrong",
                                (json_int_t)line->wrong, "words", line->words);
        if (json_array_append_new(all, one) != 0) {
            json_decref(all);
            all = NULL;
        }
    }
    return all;
}
