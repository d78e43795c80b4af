#include "report.h"

#include "base/status.h"
#include "bench.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const double ko_bench_promise_scores[KO_BENCH_PROMISES] = {1, 1.5, 2, 2.5, 3, 4, 5, 6};

static double percent(size_t part, size_t of)
{
    return of ? 100. * (double)part / (double)of : 0;
}

/* --- sets and kinds, in the order in which the photos first have them --- */

typedef ko_status tell_fn(void *context, const char *set, const char *kind,
                          const ko_bench_count *count, ko_error *err);

static bool is_first(const ko_bench_truth *truth, size_t i, bool of_kind)
{
    const ko_bench_photo *p = &truth->photos[i];
    for (size_t k = 0; k < i; k++) {
        const ko_bench_photo *other = &truth->photos[k];
        if (strcmp(p->set, other->set) == 0 && (!of_kind || strcmp(p->kind, other->kind) == 0))
            return false;
    }
    return true;
}

static ko_status tell_one(const ko_bench_trial *t, double threshold, const char *set,
                          const char *kind, tell_fn *tell, void *context, ko_error *err)
{
    ko_bench_count count;
    const ko_status st =
        ko_bench_count_photos(t->truth, t->answers, threshold, set, kind, &count, err);
    return st == KO_OK ? tell(context, set, kind, &count, err) : st;
}

/* Calls tell for every set, with kind NULL and then for each of its kinds, and for all photos,
 * with both NULL. */
static ko_status each_count(const ko_bench_trial *t, double threshold, bool kinds, tell_fn *tell,
                            void *context, ko_error *err)
{
    const ko_bench_photo *photos = t->truth->photos;
    const size_t n = t->truth->n_photos;
    ko_status st = KO_OK;
    for (size_t i = 0; i < n && st == KO_OK; i++) {
        if (!is_first(t->truth, i, false))
            continue;
        st = tell_one(t, threshold, photos[i].set, NULL, tell, context, err);
        for (size_t k = i; kinds && k < n && st == KO_OK; k++)
            if (strcmp(photos[k].set, photos[i].set) == 0 && is_first(t->truth, k, true))
                st = tell_one(t, threshold, photos[i].set, photos[k].kind, tell, context, err);
    }
    return st == KO_OK ? tell_one(t, threshold, NULL, NULL, tell, context, err) : st;
}

/* --- text --- */

static ko_status print_count(void *context, const char *set, const char *kind,
                             const ko_bench_count *c, ko_error *err)
{
    (void)context;
    (void)err;
    if (kind && c->positives + c->false_on_distractors == 0)
        return KO_OK; /* nothing to be seen in it */
    (void)printf("%s%-*s", kind ? "  " : "", kind ? 26 : 28, kind ? kind : set ? set : "all");
    if (c->positives)
        (void)printf(" %6zu %7.1f %7.1f %7.1f", c->positives, percent(c->recognised, c->positives),
                     percent(c->above_distractors, c->positives),
                     percent(c->above_all, c->positives));
    else
        (void)printf(" %6s %7s %7s %7s", "-", "-", "-", "-");
    (void)printf(" %6zu %6zu %6zu %6zu", c->distractors, c->false_on_distractors, c->wrong_works,
                 c->sisters);
    if (c->placed)
        (void)printf("  %.3f  %.3f", c->iou_median, c->iou_mean);
    (void)putchar('\n');
    return KO_OK;
}

static ko_status print_counts(const ko_bench_report *r, ko_error *err)
{
    const ko_bench_trial *t = &r->trials[0];
    char at[24];
    (void)snprintf(at, sizeof at, "at %g", r->threshold);
    (void)printf("\n%-28s %6s %7s %7s %7s %6s %6s %6s %6s  %s\n", "% recognised", "photos", at,
                 "0 dist.", "0 false", "dist.", "false", "wrong", "sister", "IoU median, mean");
    const ko_status st = each_count(t, r->threshold, true, print_count, NULL, err);
    const ko_bench_highest highest = ko_bench_highest_false(t->truth, t->answers);
    (void)printf("0 dist.: above every claim on a distractor, the highest of which is %.2f;"
                 " 0 false: above every false claim, %.2f\n",
                 highest.on_distractors, highest.anywhere);
    return st;
}

static void print_promises(const ko_bench_trial *t)
{
    (void)printf("\nfalse claims on distractors:");
    for (size_t i = 0; i < KO_BENCH_PROMISES; i++) {
        const ko_bench_promise p =
            ko_bench_promise_at(t->truth, t->answers, ko_bench_promise_scores[i]);
        (void)printf("%s at %-3g promised %8.3f (95 %%: %2zu to %3zu), made %3zu",
                     i % 2 ? ";  " : "\n ", p.score, p.promised, p.low, p.high, p.made);
    }
    (void)putchar('\n');
}

static void print_cost(const ko_bench_trial *t)
{
    const ko_bench_cost cost = ko_bench_trial_cost(t);
    const double works = (double)t->truth->n_works;
    (void)printf("\nCPU ms a photo: decode %.2f;", cost.decode_ms);
    for (size_t s = 0; t->engine->stages[s]; s++)
        (void)printf(" %s %.2f", t->engine->stages[s], cost.stage_ms[s]);
    (void)printf("; without decoding %.2f\n", cost.all_ms);
    (void)printf("CPU ms a work: %.1f to register without decoding, %.2f for the index\n",
                 t->add_ms, t->build_ms / works);
    (void)printf("index %.1f MB, %.1f KB a work; kept of each work %.1f KB\n",
                 (double)t->index_bytes / 1e6, (double)t->index_bytes / works / 1e3,
                 (double)t->works_bytes / works / 1e3);
}

static ko_status print_recall(void *context, const char *set, const char *kind,
                              const ko_bench_count *c, ko_error *err)
{
    (void)context;
    (void)kind;
    (void)err;
    if (set && c->positives)
        (void)printf(" %9.1f", percent(c->above_distractors, c->positives));
    return KO_OK;
}

static ko_status print_set(void *context, const char *set, const char *kind,
                           const ko_bench_count *c, ko_error *err)
{
    (void)context;
    (void)kind;
    (void)err;
    if (set && c->positives)
        (void)printf(" %9.9s", strncmp(set, "real-", 5) == 0 ? set + 5 : set);
    return KO_OK;
}

/* All trials at their lowest threshold without a claim on a distractor. */
static ko_status print_peers(const ko_bench_report *r, ko_error *err)
{
    (void)printf("\n%% recognised above every claim on a distractor, by set; all of them; CPU ms a"
                 " photo without decoding; index\n%-10s",
                 "");
    ko_status st = each_count(&r->trials[0], 0, false, print_set, NULL, err);
    (void)printf(" %6s %8s %8s %9s\n", "all", "no false", "ms", "KB a work");
    for (size_t i = 0; i < r->n_trials && st == KO_OK; i++) {
        const ko_bench_trial *t = &r->trials[i];
        (void)printf("%-10s", t->engine->name);
        st = each_count(t, -INFINITY, false, print_recall, NULL, err);
        ko_bench_count all;
        if (st == KO_OK)
            st = ko_bench_count_photos(t->truth, t->answers, -INFINITY, NULL, NULL, &all, err);
        if (st == KO_OK)
            (void)printf(" %6.1f %8.1f %8.1f %9.1f\n",
                         percent(all.above_distractors, all.positives),
                         percent(all.above_all, all.positives), ko_bench_trial_cost(t).all_ms,
                         (double)t->index_bytes / (double)t->truth->n_works / 1e3);
    }
    for (size_t i = 0; i < r->n_trials; i++)
        (void)printf("%s: %s\n", r->trials[i].engine->name, r->trials[i].engine->recipe);
    return st;
}

static size_t count_refused(const ko_bench_trial *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->truth->n_photos; i++)
        n += t->answers[i].refused;
    return n;
}

ko_status ko_bench_report_text(const ko_bench_report *report, ko_error *err)
{
    const ko_bench_trial *t = &report->trials[0];
    (void)printf("bench_match on %s, %u %s\n%zu works, %zu photos (1 in %zu), %zu refused\n",
                 ko_bench_cpu_name(), t->jobs, t->jobs == 1 ? "thread" : "threads",
                 t->truth->n_works, t->truth->n_photos, report->every, count_refused(t));
    ko_status st = print_counts(report, err);
    print_promises(t);
    print_cost(t);
    if (st == KO_OK && report->n_trials > 1)
        st = print_peers(report, err);
    return st;
}

/* --- JSON --- */

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *json_count(const char *set, const char *kind, const ko_bench_count *c)
{
    json_t *o =
        json_pack("{s:s?, s:s?, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "set",
                  set, "kind", kind, "positives", (json_int_t)c->positives, "distractors",
                  (json_int_t)c->distractors, "recognised", (json_int_t)c->recognised,
                  "recognised_above_distractors", (json_int_t)c->above_distractors,
                  "recognised_above_all_false", (json_int_t)c->above_all, "pairs",
                  (json_int_t)c->shown, "pairs_found", (json_int_t)c->found, "false_on_distractors",
                  (json_int_t)c->false_on_distractors, "distractors_hit",
                  (json_int_t)c->distractors_hit, "wrong_works", (json_int_t)c->wrong_works,
                  "sisters", (json_int_t)c->sisters, "placed", (json_int_t)c->placed);
    (void)json_object_set_new(o, "iou_median", c->placed ? json_real(c->iou_median) : json_null());
    (void)json_object_set_new(o, "iou_mean", c->placed ? json_real(c->iou_mean) : json_null());
    return o;
}

typedef struct listing {
    json_t *sets, *kinds, *all;
} listing;

static ko_status list_count(void *context, const char *set, const char *kind,
                            const ko_bench_count *c, ko_error *err)
{
    listing *l = context;
    json_t *o = json_count(set, kind, c);
    if (!o)
        return ko_fail(err, KO_E_NOMEM, "report");
    if (!set)
        l->all = o;
    else
        (void)json_array_append_new(kind ? l->kinds : l->sets, o);
    return KO_OK;
}

static json_t *json_promises(const ko_bench_trial *t)
{
    json_t *list = json_array();
    for (size_t i = 0; i < KO_BENCH_PROMISES; i++) {
        const ko_bench_promise p =
            ko_bench_promise_at(t->truth, t->answers, ko_bench_promise_scores[i]);
        (void)json_array_append_new(list, json_pack("{s:f, s:f, s:I, s:I, s:I}", "score", p.score,
                                                    "promised", p.promised, "low95",
                                                    (json_int_t)p.low, "high95", (json_int_t)p.high,
                                                    "made", (json_int_t)p.made));
    }
    return list;
}

static json_t *json_cost(const ko_bench_trial *t)
{
    const ko_bench_cost cost = ko_bench_trial_cost(t);
    json_t *o = json_pack("{s:f}", "decode", cost.decode_ms);
    for (size_t s = 0; t->engine->stages[s]; s++)
        (void)json_object_set_new(o, t->engine->stages[s], json_real(cost.stage_ms[s]));
    (void)json_object_set_new(o, "all_without_decode", json_real(cost.all_ms));
    return o;
}

static json_t *json_trial(const ko_bench_trial *t, double threshold, ko_error *err)
{
    listing l = {json_array(), json_array(), NULL};
    const double works = (double)t->truth->n_works;
    const ko_bench_highest highest = ko_bench_highest_false(t->truth, t->answers);
    const ko_status st = each_count(t, threshold, true, list_count, &l, err);
    json_t *o = json_pack(
        "{s:s, s:s, s:o, s:o, s:I, s:o, s:f, s:f, s:I, s:f, s:f, s:o?, s:o, s:o}", "engine",
        t->engine->name, "recipe", t->engine->recipe, "highest_false_on_distractors",
        number_or_null(highest.on_distractors), "highest_false", number_or_null(highest.anywhere),
        "refused", (json_int_t)count_refused(t), "cpu_ms_a_photo", json_cost(t),
        "register_cpu_ms_a_work", t->add_ms, "index_cpu_ms", t->build_ms, "index_bytes",
        (json_int_t)t->index_bytes, "index_bytes_a_work", (double)t->index_bytes / works,
        "kept_bytes_a_work", (double)t->works_bytes / works, "all", l.all, "sets", l.sets, "kinds",
        l.kinds);
    if (t->engine->promises)
        (void)json_object_set_new(o, "promises", json_promises(t));
    if (st == KO_OK && o)
        return o;
    json_decref(o);
    return NULL;
}

ko_status ko_bench_report_json(const ko_bench_report *report, ko_error *err)
{
    const ko_bench_truth *truth = report->trials[0].truth;
    json_t *list = json_array();
    ko_status st = KO_OK;
    for (size_t i = 0; i < report->n_trials; i++) {
        const double threshold = i == 0 ? report->threshold : -INFINITY;
        (void)json_array_append_new(list, json_trial(&report->trials[i], threshold, err));
    }
    json_t *o =
        json_pack("{s:s, s:s, s:i, s:I, s:I, s:I, s:f, s:O}", "program", "bench_match", "cpu",
                  ko_bench_cpu_name(), "jobs", (int)report->trials[0].jobs, "works",
                  (json_int_t)truth->n_works, "photos", (json_int_t)truth->n_photos, "every",
                  (json_int_t)report->every, "threshold", report->threshold, "engines", list);
    if (!o || json_array_size(list) != report->n_trials)
        st = ko_fail(err, KO_E_NOMEM, "report");
    else if (json_dumpf(o, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) != 0)
        st = ko_fail(err, KO_E_IO, "standard output");
    else
        (void)putchar('\n');
    json_decref(o);
    json_decref(list);
    return st;
}

static json_t *json_claim(const ko_bench_trial *t, size_t photo, const ko_bench_claim *c)
{
    json_t *o =
        json_pack("{s:s, s:s, s:f, s:s}", "listing", t->truth->photos[photo].name, "original",
                  t->truth->works[c->work], "score", c->score, "method", c->method);
    const float *q = c->quad;
    if (c->placed)
        (void)json_object_set_new(o, "quad",
                                  json_pack("[f,f,f,f,f,f,f,f]", (double)q[0], (double)q[1],
                                            (double)q[2], (double)q[3], (double)q[4], (double)q[5],
                                            (double)q[6], (double)q[7]));
    return o;
}

ko_status ko_bench_report_claims(const ko_bench_trial *trial, const char *path, ko_error *err)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return ko_fail(err, KO_E_IO, "%s: %s", path, strerror(errno));
    bool ok = true;
    for (size_t i = 0; i < trial->truth->n_photos; i++)
        for (size_t k = 0; k < trial->answers[i].n; k++) {
            json_t *claim = json_claim(trial, i, &trial->answers[i].claims[k]);
            ok = ok && claim && json_dumpf(claim, f, JSON_REAL_PRECISION(9)) == 0 &&
                 fputc('\n', f) != EOF;
            json_decref(claim);
        }
    if (fclose(f) != 0 || !ok)
        return ko_fail(err, KO_E_IO, "%s: not written whole", path);
    return KO_OK;
}
