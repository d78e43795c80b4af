#include "watch/source_json.h"

#include "base/clock.h"
#include "crawl/due.h"
#include "report/json.h"
#include "watch/sources.h"

static void write_moment(int64_t at, char out[KO_TIME_SIZE])
{
    out[0] = '\0';
    if (at)
        ko_clock_text(at, out);
}

ko_status ko_source_json(ko_store *store, const ko_source *source, json_t **out_object,
                         ko_error *err)
{
    char added[KO_TIME_SIZE], last[KO_TIME_SIZE], next[KO_TIME_SIZE];
    ko_source_state state;
    const ko_status st = ko_source_state_find(store, source, &state, err);
    if (st != KO_OK)
        return st;
    write_moment(source->added_at, added);
    write_moment(source->last_run, last);
    write_moment(ko_due_begin_at(source, ko_clock_now()), next);
    *out_object = json_pack(
        "{s:I, s:o, s:o, s:o, s:I, s:b, s:b, s:I, s:s, s:s, s:o, s:s, s:s}", "source",
        (json_int_t)source->id, "name", ko_json_string(source->name), "url",
        ko_json_string(source->url), "kind", ko_json_string(source->kind), "every_s",
        (json_int_t)source->every_s, "paused", source->paused, "running", source->running,
        "listings", (json_int_t)source->listings, "added", added, "last_run", last, "last_result",
        ko_json_string(source->last_result), "next", next, "state", ko_source_state_name(state));
    return *out_object ? KO_OK : ko_fail(err, KO_E_NOMEM, "source %s", source->name);
}
