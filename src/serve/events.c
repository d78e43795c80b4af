/* What the page shows at its edge, and word of it when it changes. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "serve/data.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

json_t *ko_serve_states_json(const size_t n_in[KO_CANDIDATE_STATES])
{
    json_t *states = json_object();
    for (int i = 0; i < KO_CANDIDATE_STATES; i++)
        (void)json_object_set_new(states, ko_candidate_state_name((ko_candidate_state)i),
                                  json_integer((json_int_t)n_in[i]));
    return states;
}

json_t *ko_serve_news_json(ko_desk *desk, const ko_live_counts *counts)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:o, s:o}", "version", (json_int_t)counts->version,
                     "works", (json_int_t)counts->works, "listings", (json_int_t)counts->listings,
                     "notices_open", (json_int_t)counts->notices_open, "candidates",
                     ko_serve_states_json(counts->candidates), "task",
                     ko_tasks_json(desk->tasks, false));
}

/* "en", ...: of each catalogue of words that is built in. */
static json_t *languages_json(void)
{
    static const char head[] = "text.", tail[] = ".json";
    json_t *languages = json_array();
    for (const ko_embedded *file = ko_serve_files; file->name; file++) {
        const size_t n = strlen(file->name);
        if (strncmp(file->name, head, sizeof head - 1) == 0 && n > sizeof head + sizeof tail - 2 &&
            strcmp(file->name + n - (sizeof tail - 1), tail) == 0)
            (void)json_array_append_new(languages,
                                        json_stringn(file->name + sizeof head - 1,
                                                     n - (sizeof head - 1) - (sizeof tail - 1)));
    }
    return languages;
}

ko_status ko_serve_session(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                           ko_error *err)
{
    (void)request;
    const ko_live_counts counts = ko_live_count(desk->live);
    return ko_serve_answer_json(answer,
                                json_pack("{s:s, s:o, s:o}", "version", desk->version, "languages",
                                          languages_json(), "news",
                                          ko_serve_news_json(desk, &counts)),
                                err);
}

/* --- the stream --- */

/* So often something is sent, so that a browser that is gone is noticed. */
#define BEAT_MS 15000

typedef struct listener {
    ko_desk *desk;
    ko_live_counts seen;
    unsigned number; /* of the stream, from 1 on */
} listener;

/* One event (HTML, section 9.2: Server-sent events). */
static size_t write_news(const listener *l, char *out, size_t room)
{
    static const char head[] = "event: news\ndata: ", tail[] = "\n\n";
    const size_t around = sizeof head - 1 + sizeof tail - 1;
    json_t *object = ko_serve_news_json(l->desk, &l->seen);
    size_t n = 0;
    if (object && room > around)
        n = json_dumpb(object, out + sizeof head - 1, room - around, JSON_COMPACT);
    json_decref(object);
    if (n == 0 || n > room - around)
        return 0;
    memcpy(out, head, sizeof head - 1);
    memcpy(out + sizeof head - 1 + n, tail, sizeof tail - 1);
    return n + around;
}

static size_t listen_on(void *context, char *out, size_t room)
{
    static const char beat[] = ":\n\n"; /* a comment */
    listener *l = context;
    const int64_t before = l->seen.version;
    if (!ko_live_wait(l->desk->live, BEAT_MS, &l->seen) ||
        atomic_load(&l->desk->last_stream) - l->number >= KO_MAX_SERVE_STREAMS)
        return 0;
    if (l->seen.version != before)
        return write_news(l, out, room);
    assert(room >= sizeof beat);
    memcpy(out, beat, sizeof beat - 1);
    return sizeof beat - 1;
}

static void stop_listening(void *context)
{
    ko_free(context);
}

/* A page that was closed is noticed only when something is written to it, and a page that is loaded
 * again must not find the room taken by what it was before. So the oldest stream makes room; a page
 * that is still there asks again by itself. */
ko_status ko_serve_events(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                          ko_error *err)
{
    (void)request;
    listener *l = ko_alloc_zero(1, sizeof *l);
    if (!l)
        return ko_fail(err, KO_E_NOMEM, "stream of events");
    l->desk = desk;
    l->number = atomic_fetch_add(&desk->last_stream, 1) + 1;
    answer->type = "text/event-stream";
    answer->stream = (ko_serve_stream){listen_on, stop_listening, l};
    if (l->number > KO_MAX_SERVE_STREAMS)
        ko_live_touch(desk->live);
    return KO_OK;
}
