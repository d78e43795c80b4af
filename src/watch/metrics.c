#include "watch/metrics.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "store/job.h"
#include "store/look.h"
#include "store/outbox.h"
#include "store/tally.h"
#include "watch/sources.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- the format --- */

/* Lines; the first failure stays, and nothing is added after it. */
typedef struct page {
    ko_buf *out;
    ko_status st;
} page;

static void put(page *p, const char *fmt, ...) KO_PRINTF(2, 3);
static void put(page *p, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (p->st == KO_OK)
        p->st = ko_buf_vprintf(p->out, fmt, args);
    va_end(args);
}

/* Begins a family of samples. Its unit, if it has one, is the end of its name, and stands in unit
 * (section "Unit"). */
static void begin(page *p, const char *name, const char *type, const char *unit, const char *help)
{
    put(p, "# TYPE %s %s\n", name, type);
    if (unit)
        put(p, "# UNIT %s %s\n", name, unit);
    put(p, "# HELP %s %s\n", name, help);
}

static void put_number(page *p, const char *name, const char *help, int64_t value)
{
    begin(p, name, "gauge", NULL, help);
    put(p, "%s %" PRId64 "\n", name, value);
}

/* A sample with one label, whose value is escaped (section "Escaping"). */
static void put_labelled(page *p, const char *name, const char *label, const char *value,
                         int64_t number)
{
    put(p, "%s{%s=\"", name, label);
    for (const char *c = value; *c; c++)
        put(p, "%s%c", *c == '\n' || *c == '"' || *c == '\\' ? "\\" : "", *c == '\n' ? 'n' : *c);
    put(p, "\"} %" PRId64 "\n", number);
}

/* --- what there is --- */

static void put_amounts(page *p, const ko_tally *t)
{
    put_number(p, "knockoff_works", "Artworks that are searched for.", t->works);
    put_number(p, "knockoff_listings", "Listings that were seen.", t->listings);
    put_number(p, "knockoff_photos", "Pictures of listings.", t->photos);
    put_number(p, "knockoff_photos_unread", "Pictures that no scan has looked at.", t->unread);
    begin(p, "knockoff_candidates", "gauge", NULL, "Candidates, by what became of them.");
    for (size_t i = 0; i < KO_CANDIDATE_STATES; i++)
        put_labelled(p, "knockoff_candidates", "state",
                     ko_candidate_state_name((ko_candidate_state)i), t->candidates[i]);
    put_number(p, "knockoff_candidates_unsorted", "Candidates that were not looked through yet.",
               t->unsorted);
    put_number(p, "knockoff_notices", "Notices that were built.", t->notices);
    begin(p, "knockoff_notice_listings", "gauge", NULL, "Listings in notices, by their state.");
    for (size_t i = 0; i < KO_NOTICE_STATES; i++)
        put_labelled(p, "knockoff_notice_listings", "state",
                     ko_notice_state_name((ko_notice_state)i), t->items[i]);
    begin(p, "knockoff_database_bytes", "gauge", "bytes", "Size of the database.");
    put(p, "knockoff_database_bytes %" PRId64 "\n", t->bytes);
}

static ko_status put_looks(page *p, ko_store *store, ko_error *err)
{
    ko_look_counts looks = {0};
    ko_delivery_counts deliveries = {0};
    ko_status st = ko_look_count(store, ko_clock_now(), &looks, err);
    if (st == KO_OK)
        st = ko_delivery_count(store, &deliveries, err);
    if (st != KO_OK)
        return st;
    begin(p, "knockoff_looks", "gauge", NULL,
          "Listings that are looked at again, by what was found last.");
    for (size_t i = 0; i < KO_LOOK_OUTCOMES; i++)
        put_labelled(p, "knockoff_looks", "outcome", ko_look_outcome_name((ko_look_outcome)i),
                     looks.in[i]);
    put_number(p, "knockoff_looks_due", "Listings that are to be looked at now.", looks.due);
    put_number(p, "knockoff_deliveries_waiting", "Deliveries of digests that are tried again.",
               (int64_t)deliveries.waiting);
    return KO_OK;
}

typedef struct sources {
    ko_store *store;
    int64_t in[KO_SOURCE_STATES];
    ko_error *err;
} sources;

static ko_status on_source(void *context, const ko_source *source)
{
    sources *s = context;
    ko_source_state state;
    const ko_status st = ko_source_state_find(s->store, source, &state, s->err);
    if (st == KO_OK)
        s->in[state]++;
    return st;
}

static ko_status put_sources(page *p, ko_store *store, ko_error *err)
{
    sources s = {.store = store, .err = err};
    const ko_status st = ko_source_each(store, NULL, on_source, &s, err);
    if (st != KO_OK)
        return st;
    begin(p, "knockoff_sources", "gauge", NULL, "Sources, by how they fared.");
    for (size_t i = 0; i < KO_SOURCE_STATES; i++)
        put_labelled(p, "knockoff_sources", "state", ko_source_state_name((ko_source_state)i),
                     s.in[i]);
    return KO_OK;
}

/* --- what was done --- */

typedef struct family {
    const char *name, *type, *unit, *help;
    const char *sample; /* a counter's have names of their own */
    int64_t (*value)(const ko_job_history *history);
} family;

static int64_t succeeded_at(const ko_job_history *h)
{
    return h->succeeded_at;
}

static int64_t succeeded_s(const ko_job_history *h)
{
    return h->succeeded_s;
}

static int64_t failures(const ko_job_history *h)
{
    return h->plan.failures;
}

static int64_t runs(const ko_job_history *h)
{
    return h->runs;
}

static int64_t failed(const ko_job_history *h)
{
    return h->failed;
}

static const family job_families[] = {
    {"knockoff_job_last_success_timestamp_seconds", "gauge", "seconds",
     "When a job last ended well, since 1970; 0: never.",
     "knockoff_job_last_success_timestamp_seconds", succeeded_at},
    {"knockoff_job_last_duration_seconds", "gauge", "seconds", "How long it took then.",
     "knockoff_job_last_duration_seconds", succeeded_s},
    {"knockoff_job_failures_in_a_row", "gauge", NULL, "Failures since then.",
     "knockoff_job_failures_in_a_row", failures},
    {"knockoff_job_runs", "counter", NULL, "Times that a job was begun.", "knockoff_job_runs_total",
     runs},
    {"knockoff_job_failures", "counter", NULL, "Times that it failed.",
     "knockoff_job_failures_total", failed},
};

typedef struct jobs {
    page *page;
    const family *family;
} jobs;

static ko_status on_job(void *context, const ko_job_history *history)
{
    const jobs *j = context;
    put_labelled(j->page, j->family->sample, "job", history->plan.name, j->family->value(history));
    return KO_OK;
}

static ko_status put_jobs(page *p, ko_store *store, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < sizeof job_families / sizeof *job_families; i++) {
        const family *f = &job_families[i];
        jobs j = {.page = p, .family = f};
        begin(p, f->name, f->type, f->unit, f->help);
        st = ko_job_each(store, on_job, &j, err);
    }
    return st;
}

/* Memory of this process, where the system tells it: the second number of proc(5), statm, in pages.
 */
static void put_memory(page *p)
{
    FILE *statm = fopen("/proc/self/statm", "re");
    char text[128] = "";
    char *end = text;
    if (!statm)
        return;
    if (fgets(text, sizeof text, statm) && strtoll(text, &end, 10) > 0) {
        const int64_t pages = strtoll(end, NULL, 10);
        begin(p, "process_resident_memory_bytes", "gauge", "bytes", "Memory that is in use.");
        put(p, "process_resident_memory_bytes %" PRId64 "\n",
            pages * (int64_t)sysconf(_SC_PAGESIZE));
    }
    (void)fclose(statm);
}

ko_status ko_metrics_text(ko_store *store, ko_buf *out, ko_error *err)
{
    page p = {.out = out};
    ko_tally tally;
    ko_status st = ko_tally_read(store, &tally, err);
    if (st != KO_OK)
        return st;
    put_amounts(&p, &tally);
    st = put_looks(&p, store, err);
    if (st == KO_OK)
        st = put_sources(&p, store, err);
    if (st == KO_OK)
        st = put_jobs(&p, store, err);
    put_memory(&p);
    put(&p, "# EOF\n");
    if (st == KO_OK && p.st != KO_OK)
        st = ko_fail(err, p.st, "metrics");
    return st;
}

/* --- the file --- */

ko_status ko_metrics_write(ko_store *store, const char *path, ko_error *err)
{
    ko_buf text = KO_BUF(KO_MAX_METRICS_BYTES), part = KO_BUF(KO_MAX_PATH_BYTES);
    ko_status st = ko_metrics_text(store, &text, err);
    if (st == KO_OK && ko_buf_printf(&part, "%s.part", path) != KO_OK)
        st = ko_fail(err, KO_E_LIMIT, "%.300s: too long a path", path);
    if (st == KO_OK)
        st = ko_file_write(part.data, text.data, text.size, err);
    if (st == KO_OK && rename(part.data, path) != 0)
        st = ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    ko_buf_free(&part);
    ko_buf_free(&text);
    return st;
}
