#include "case/search.h"

#include "report/counts.h"

#include <stdio.h>
#include <string.h>

ko_status ko_search(ko_store *store, unsigned jobs, ko_problems *problems, ko_searched *out,
                    ko_error *err)
{
    *out = (ko_searched){0};
    ko_status st = ko_store_threshold(store, &out->threshold, err);
    if (st == KO_OK)
        st = ko_scan(store, jobs, problems, &out->scan, err);
    if (st == KO_OK)
        st = ko_sort_candidates(store, &out->sorted, err);
    return st;
}

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

json_t *ko_searched_json(const ko_searched *searched)
{
    const ko_sorted *s = &searched->sorted;
    json_t *all = ko_scan_json(&searched->scan, searched->threshold);
    json_t *sorted = json_pack("{s:I, s:I, s:I, s:I, s:I}", "alike", (json_int_t)s->alike,
                               "returned", (json_int_t)s->returned, "ruled", (json_int_t)s->ruled,
                               "held", (json_int_t)s->held, "new_holds", (json_int_t)s->new_holds);
    const bool whole = all && sorted && json_object_update(all, sorted) == 0;
    json_decref(sorted);
    if (whole)
        return all;
    json_decref(all);
    return NULL;
}
