#include "case/sorted.h"

#include <stdio.h>
#include <string.h>

/* Adds a part; one candidate shows, two show. */
static void add(char *out, size_t n, const char *one, const char *more)
{
    const size_t used = strlen(out);
    if (n)
        (void)snprintf(out + used, KO_SORTED_WORDS_SIZE - used, "%s%zu %s", used ? "; " : "", n,
                       n == 1 ? one : more);
}

void ko_sorted_words(const ko_sorted *s, char out[KO_SORTED_WORDS_SIZE])
{
    out[0] = '\0';
    add(out, s->alike, "shows the picture of another", "show the picture of another");
    add(out, s->returned, "goes on with an earlier case", "go on with an earlier case");
    add(out, s->ruled, "is set aside by a rule", "are set aside by rules");
    add(out, s->held, "is held back", "are held back");
}

json_t *ko_sorted_json(json_t *scan, const ko_sorted *s)
{
    json_t *added = json_pack("{s:I, s:I, s:I, s:I, s:I}", "alike", (json_int_t)s->alike,
                              "returned", (json_int_t)s->returned, "ruled", (json_int_t)s->ruled,
                              "held", (json_int_t)s->held, "new_holds", (json_int_t)s->new_holds);
    const bool whole = scan && added && json_object_update(scan, added) == 0;
    json_decref(added);
    if (whole)
        return scan;
    json_decref(scan);
    return NULL;
}
