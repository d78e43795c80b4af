#include "report/json.h"

#include "base/alloc.h"
#include "base/text.h"

json_t *ko_json_string(const char *text)
{
    char *clean = ko_text_clean_dup(text);
    json_t *string = clean ? json_string(clean) : NULL;
    ko_free(clean);
    return string;
}

json_t *ko_json_day(ko_day day)
{
    char text[KO_DAY_TEXT_SIZE];
    ko_day_text(day, text);
    return json_string(text);
}

void ko_json_line(FILE *file, json_t *object)
{
    if (!object)
        return;
    (void)json_dumpf(object, file, KO_JSON_FLAGS);
    (void)fputc('\n', file);
    json_decref(object);
}
