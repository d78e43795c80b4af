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

void ko_json_line(FILE *file, json_t *object)
{
    if (!object)
        return;
    /* ten digits tell any two scores apart; all seventeen would print 6.2 as 6.2000000000000002 */
    (void)json_dumpf(object, file, JSON_COMPACT | JSON_REAL_PRECISION(10));
    (void)fputc('\n', file);
    json_decref(object);
}
