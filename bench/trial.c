#include "trial.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "base/status.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

static double clock_ms(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

double ko_bench_thread_ms(void)
{
    return clock_ms(CLOCK_THREAD_CPUTIME_ID);
}

ko_status ko_bench_lay_on_white(const ko_image *image, ko_grey *out_luma, ko_error *err)
{
    const ko_grey *luma = &image->luma, *alpha = &image->alpha;
    uint8_t *px = ko_alloc_array(luma->height, luma->width);
    if (!px)
        return ko_fail(err, KO_E_NOMEM, "picture of %ux%u", luma->width, luma->height);
    for (size_t y = 0; y < luma->height; y++)
        for (size_t x = 0; x < luma->width; x++) {
            const unsigned a = alpha->px ? alpha->px[y * alpha->stride + x] : 255;
            px[y * luma->width + x] =
                (uint8_t)((luma->px[y * luma->stride + x] * a + 255 * (255 - a) + 127) / 255);
        }
    *out_luma = (ko_grey){px, luma->width, luma->height, luma->width};
    return KO_OK;
}

static ko_status decode(const char *folder, const char *name, bool trusted, ko_image *out,
                        ko_error *err)
{
    ko_buf bytes = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_image_options options;
    ko_image_options_init(&options);
    options.trusted = trusted;
    char *path = ko_path_join(folder, name);
    ko_status st = path ? ko_file_read(path, &bytes, err) : ko_fail(err, KO_E_NOMEM, "path");
    if (st == KO_OK)
        st = ko_image_decode(bytes.data, bytes.size, &options, out, err);
    ko_free(path);
    ko_buf_free(&bytes);
    return st;
}

static void complain(const char *name, const ko_error *err)
{
    (void)fprintf(stderr, "bench_match: %s: %s\n", name, err->text);
}

/* --- works --- */

typedef struct adding {
    const ko_bench_trial *trial;
    double *ms; /* of each work */
} adding;

static void add_one(void *context, size_t i, unsigned worker)
{
    (void)worker;
    const adding *a = context;
    const ko_bench_trial *t = a->trial;
    ko_image image = {0};
    ko_error err = {0};
    ko_status st = decode(t->truth->folder, t->truth->works[i], true, &image, &err);
    const double start_ms = ko_bench_thread_ms();
    if (st == KO_OK)
        st = t->engine->add(t->self, (uint32_t)i, &image, &err);
    a->ms[i] = ko_bench_thread_ms() - start_ms;
    if (st != KO_OK)
        complain(t->truth->works[i], &err);
    ko_image_free(&image);
}

static ko_status add_works(ko_bench_trial *t, ko_error *err)
{
    const size_t n = t->truth->n_works;
    double *ms = ko_alloc_zero(n, sizeof *ms);
    if (!ms)
        return ko_fail(err, KO_E_NOMEM, "%zu works", n);
    adding a = {t, ms};
    const ko_status st = ko_parallel_for(n, t->jobs, add_one, &a);
    for (size_t i = 0; i < n; i++)
        t->add_ms += ms[i] / (double)n;
    ko_free(ms);
    return st == KO_OK ? st : ko_fail(err, st, "stopped");
}

/* --- photos --- */

typedef struct asking {
    const ko_bench_trial *trial;
    ko_bench_answer *answers;
    size_t every; /* answers[i] is about photo i * every */
} asking;

static void ask_one(void *context, size_t i, unsigned worker)
{
    const asking *a = context;
    const ko_bench_trial *t = a->trial;
    const char *name = t->truth->photos[i * a->every].name;
    ko_bench_answer *answer = &a->answers[i];
    ko_image image = {0};
    ko_error err = {0};
    *answer = (ko_bench_answer){0};
    const double start_ms = ko_bench_thread_ms();
    ko_status st = decode(t->truth->folder, name, false, &image, &err);
    answer->decode_ms = ko_bench_thread_ms() - start_ms;
    if (st == KO_OK)
        st = t->engine->ask(t->self, worker, &image, answer, &err);
    answer->refused = st != KO_OK;
    if (answer->refused) {
        answer->n = 0;
        complain(name, &err);
    }
    ko_image_free(&image);
}

static ko_status ask_photos(const ko_bench_trial *t, ko_bench_answer *answers, size_t every,
                            ko_error *err)
{
    asking a = {t, answers, every};
    const size_t n = (t->truth->n_photos + every - 1) / every;
    const ko_status st = ko_parallel_for(n, t->jobs, ask_one, &a);
    return st == KO_OK ? st : ko_fail(err, st, "stopped");
}

static ko_bench_cost mean_cost(const ko_bench_engine *engine, const ko_bench_answer *answers,
                               size_t n)
{
    ko_bench_cost cost = {0};
    for (size_t i = 0; i < n; i++) {
        cost.decode_ms += answers[i].decode_ms / (double)n;
        for (size_t s = 0; engine->stages[s]; s++) {
            cost.stage_ms[s] += answers[i].stage_ms[s] / (double)n;
            cost.all_ms += answers[i].stage_ms[s] / (double)n;
        }
    }
    return cost;
}

ko_bench_cost ko_bench_trial_cost(const ko_bench_trial *trial)
{
    return mean_cost(trial->engine, trial->answers, trial->truth->n_photos);
}

/* --- the whole --- */

ko_status ko_bench_trial_run(const ko_bench_engine *engine, const ko_bench_truth *truth,
                             unsigned jobs, ko_bench_trial *out_trial, ko_error *err)
{
    assert(jobs > 0);
    ko_bench_trial t = {.engine = engine, .truth = truth, .jobs = jobs};
    ko_status st = KO_OK;
    t.answers = ko_alloc_zero(truth->n_photos, sizeof *t.answers);
    t.self = engine->open((uint32_t)truth->n_works, jobs);
    if (!t.answers || !t.self) {
        st = ko_fail(err, KO_E_NOMEM, "%zu photos", truth->n_photos);
        goto done;
    }
    st = add_works(&t, err);
    const double start_ms = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    if (st == KO_OK)
        st = engine->build(t.self, 1, err);
    t.build_ms = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - start_ms;
    if (st == KO_OK) {
        engine->bytes(t.self, &t.index_bytes, &t.works_bytes);
        st = ask_photos(&t, t.answers, 1, err);
    }
    if (st != KO_OK)
        goto done;
    *out_trial = t;
    t = (ko_bench_trial){0};
done:
    ko_bench_trial_free(&t);
    return st;
}

ko_status ko_bench_trial_again(ko_bench_trial *trial, uint32_t step, size_t max_photos,
                               ko_bench_cost *out_cost, ko_error *err)
{
    assert(step > 0 && max_photos > 0);
    const size_t n = trial->truth->n_photos;
    const size_t every = n > max_photos ? (n + max_photos - 1) / max_photos : 1;
    const size_t asked = (n + every - 1) / every;
    ko_bench_answer *answers = ko_alloc_zero(asked, sizeof *answers);
    if (!answers)
        return ko_fail(err, KO_E_NOMEM, "%zu photos", asked);
    ko_status st = trial->engine->build(trial->self, step, err);
    if (st == KO_OK)
        st = ask_photos(trial, answers, every, err);
    if (st == KO_OK)
        *out_cost = mean_cost(trial->engine, answers, asked);
    ko_free(answers);
    return st;
}

void ko_bench_trial_free(ko_bench_trial *trial)
{
    if (trial->self)
        trial->engine->close(trial->self);
    ko_free(trial->answers);
    *trial = (ko_bench_trial){0};
}
