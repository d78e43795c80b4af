#include "match_plots.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/status.h"
#include "bench.h"
#include "plot.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SUBTITLE_SIZE 160

static size_t count_distractors(const ko_bench_truth *truth)
{
    size_t n = 0;
    for (size_t i = 0; i < truth->n_photos; i++)
        n += truth->photos[i].n_works == 0;
    return n;
}

static void write_subtitle(const ko_bench_truth *truth, const char *more, char out[SUBTITLE_SIZE])
{
    const size_t distractors = count_distractors(truth);
    (void)snprintf(out, SUBTITLE_SIZE, "%zu photos with a work, %zu without, %zu works%s",
                   truth->n_photos - distractors, distractors, truth->n_works, more);
}

static ko_status write_plot(const ko_bench_plot *plot, const char *folder, const char *name,
                            ko_error *err)
{
    char *path = ko_path_join(folder, name);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "%s", name);
    const ko_status st = ko_bench_plot_write(plot, path, err);
    ko_free(path);
    return st;
}

/* --- recall against false candidates --- */

/* Coordinates of one trial's line, from the lowest threshold without a false claim down; y,
 * in per cent, follows x in the same block. */
static ko_status recall_line(const ko_bench_trial *t, ko_bench_plot_series *out, double **out_xy,
                             ko_error *err)
{
    ko_bench_tradeoff *points = NULL;
    size_t n = 0;
    const ko_status st = ko_bench_tradeoffs(t->truth, t->answers, &points, &n, err);
    if (st != KO_OK)
        return st;
    size_t skipped = 0;
    while (skipped + 1 < n && points[skipped + 1].false_a_photo <= 0)
        skipped++;
    n -= skipped;
    double *xy = ko_alloc_array(2 * n, sizeof *xy);
    for (size_t i = 0; xy && i < n; i++) {
        xy[i] = points[skipped + i].false_a_photo;
        xy[n + i] = 100 * points[skipped + i].recall;
    }
    ko_free(points);
    if (!xy)
        return ko_fail(err, KO_E_NOMEM, "%zu points", n);
    *out = (ko_bench_plot_series){
        .name = t->engine->name, .style = KO_BENCH_PLOT_STEPS, .n = n, .x = xy, .y = xy + n};
    *out_xy = xy;
    return KO_OK;
}

static ko_status plot_recall(const ko_bench_trial *trials, size_t n_trials, const char *folder,
                             ko_error *err)
{
    ko_bench_plot_series series[KO_BENCH_PLOT_SERIES_MAX];
    double *xy[KO_BENCH_PLOT_SERIES_MAX] = {0};
    char subtitle[SUBTITLE_SIZE];
    const double distractors = fmax((double)count_distractors(trials[0].truth), 1);
    ko_status st = KO_OK;
    for (size_t i = 0; i < n_trials && st == KO_OK; i++)
        st = recall_line(&trials[i], &series[i], &xy[i], err);
    write_subtitle(trials[0].truth, "", subtitle);
    const ko_bench_plot plot = {
        .title = "Recall against false candidates",
        .subtitle = subtitle,
        .x = {.label = "false candidates a photo without any work",
              .low = .3 / distractors,
              .high = 1,
              .log = true,
              .none = "none"},
        .y = {.label = "photos with a work recognised, %", .low = 0, .high = 100},
        .series = series,
        .n_series = n_trials,
    };
    if (st == KO_OK)
        st = write_plot(&plot, folder, "recall.svg", err);
    for (size_t i = 0; i < n_trials; i++)
        ko_free(xy[i]);
    return st;
}

/* --- cost against works --- */

#define SIZES 6 /* all works, half of them, ... */
#define COST_PHOTOS 60

typedef struct sizes {
    double works[SIZES];
    double ms[KO_BENCH_PLOT_SERIES_MAX][SIZES];
    ko_bench_plot_series series[KO_BENCH_PLOT_SERIES_MAX];
    size_t n_series;
} sizes;

static void add_line(sizes *s, const char *name, ko_bench_plot_style style)
{
    assert(s->n_series < KO_BENCH_PLOT_SERIES_MAX);
    s->series[s->n_series] = (ko_bench_plot_series){
        .name = name, .style = style, .n = SIZES, .x = s->works, .y = s->ms[s->n_series]};
    s->n_series++;
}

/* The first trial's stages get lines of their own. */
static ko_status measure_sizes(ko_bench_trial *trials, size_t n_trials, sizes *s, ko_error *err)
{
    for (size_t t = 0; t < n_trials; t++)
        add_line(s, trials[t].engine->name, KO_BENCH_PLOT_LINE);
    const char *const *stages = trials[0].engine->stages;
    for (size_t k = 0; stages[k] && s->n_series < KO_BENCH_PLOT_SERIES_MAX; k++)
        add_line(s, stages[k], KO_BENCH_PLOT_DASHED);
    for (size_t i = 0; i < SIZES; i++) {
        const uint32_t step = UINT32_C(1) << (SIZES - 1 - i);
        s->works[i] = ceil((double)trials[0].truth->n_works / step);
        for (size_t t = 0; t < n_trials; t++) {
            ko_bench_cost cost;
            const ko_status st = ko_bench_trial_again(&trials[t], step, COST_PHOTOS, &cost, err);
            if (st != KO_OK)
                return st;
            s->ms[t][i] = cost.all_ms;
            for (size_t k = 0; t == 0 && n_trials + k < s->n_series; k++)
                s->ms[n_trials + k][i] = cost.stage_ms[k];
        }
    }
    return KO_OK;
}

static double highest_ms(const sizes *s)
{
    double highest = 1;
    for (size_t k = 0; k < s->n_series; k++)
        for (size_t i = 0; i < SIZES; i++)
            highest = fmax(highest, s->ms[k][i]);
    return highest;
}

static ko_status plot_cost(ko_bench_trial *trials, size_t n_trials, const char *folder,
                           ko_error *err)
{
    static sizes s;
    s = (sizes){0};
    const ko_status st = measure_sizes(trials, n_trials, &s, err);
    if (st != KO_OK)
        return st;
    char subtitle[SUBTITLE_SIZE];
    (void)snprintf(subtitle, sizeof subtitle, "at most %d photos a point, %s", COST_PHOTOS,
                   ko_bench_cpu_name());
    const ko_bench_plot plot = {
        .title = "Cost against the number of works",
        .subtitle = subtitle,
        .x = {.label = "works",
              .low = s.works[0],
              .high = fmax(s.works[SIZES - 1], 2),
              .log = true},
        .y = {.label = "CPU ms a photo, without decoding",
              .low = .05,
              .high = 1.5 * highest_ms(&s),
              .log = true},
        .series = s.series,
        .n_series = s.n_series,
    };
    return write_plot(&plot, folder, "cost.svg", err);
}

/* --- promised against measured --- */

#define PROMISES 46 /* scores .5, .6, ... 5 */

static ko_status plot_promises(const ko_bench_trial *t, const char *folder, ko_error *err)
{
    double promised[PROMISES], low[PROMISES], high[PROMISES], made[PROMISES];
    const double photos = fmax((double)count_distractors(t->truth), 1);
    for (size_t i = 0; i < PROMISES; i++) {
        const double score = .5 + .1 * (double)(PROMISES - 1 - i);
        const ko_bench_promise p = ko_bench_promise_at(t->truth, t->answers, score);
        promised[i] = p.promised / photos;
        low[i] = (double)p.low / photos;
        high[i] = (double)p.high / photos;
        made[i] = (double)p.made / photos;
    }
    const ko_bench_plot_series series[] = {
        {.name = "made", .style = KO_BENCH_PLOT_POINTS, .n = PROMISES, .x = promised, .y = made},
        {.name = "promised",
         .style = KO_BENCH_PLOT_DASHED,
         .n = PROMISES,
         .x = promised,
         .y = promised},
        {.name = "95 % of chance",
         .style = KO_BENCH_PLOT_BAND,
         .n = PROMISES,
         .x = promised,
         .y = low,
         .y2 = high},
    };
    char subtitle[SUBTITLE_SIZE];
    write_subtitle(t->truth, "; a promise is 10 to the power of -score", subtitle);
    const ko_bench_plot plot = {
        .title = "False candidates: promised and made",
        .subtitle = subtitle,
        .x = {.label = "promised a photo without any work (score 2: 0.01, score 3: 0.001)",
              .low = 1e-5,
              .high = 1,
              .log = true},
        .y = {.label = "made a photo without any work",
              .low = .3 / photos,
              .high = 1,
              .log = true,
              .none = "none"},
        .series = series,
        .n_series = sizeof series / sizeof *series,
    };
    return write_plot(&plot, folder, "promises.svg", err);
}

ko_status ko_bench_match_plots(ko_bench_trial *trials, size_t n_trials, const char *folder,
                               ko_error *err)
{
    assert(n_trials > 0 && n_trials < KO_BENCH_PLOT_SERIES_MAX);
    ko_status st = ko_folder_make(folder, err);
    if (st == KO_OK)
        st = plot_recall(trials, n_trials, folder, err);
    if (st == KO_OK)
        st = plot_promises(&trials[0], folder, err);
    if (st == KO_OK)
        st = plot_cost(trials, n_trials, folder, err);
    return st;
}
