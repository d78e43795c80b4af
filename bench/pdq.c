/* Fingerprints of whole pictures alone, in eight orientations, as an engine: what a hash list
 * finds. Claims are all pairs within 31 bits, the distance that PDQ's authors advise
 * ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019). */
#include "engine.h"

#include "base/alloc.h"
#include "base/status.h"

#include <knockoff/match.h>

#include <string.h>

#define RADIUS_BITS 31

typedef struct pdq {
    uint32_t n_works, step;
    ko_fp (*fps)[KO_ORIENT_COUNT]; /* of each work, laid on white */
    int *quality;
    uint32_t *work_of; /* each row of the index */
    ko_index *index;
} pdq;

static void pdq_close(void *self)
{
    pdq *p = self;
    if (!p)
        return;
    ko_index_free(p->index);
    ko_free(p->fps);
    ko_free(p->quality);
    ko_free(p->work_of);
    ko_free(p);
}

static void *pdq_open(uint32_t n_works, unsigned workers)
{
    (void)workers;
    pdq *p = ko_alloc_zero(1, sizeof *p);
    if (!p)
        return NULL;
    p->n_works = n_works;
    p->fps = ko_alloc_array(n_works, sizeof *p->fps);
    p->quality = ko_alloc_zero(n_works, sizeof *p->quality);
    p->work_of = ko_alloc_array((size_t)n_works * KO_ORIENT_COUNT, sizeof *p->work_of);
    if (!p->fps || !p->quality || !p->work_of) {
        pdq_close(p);
        return NULL;
    }
    return p;
}

static ko_status pdq_add(void *self, uint32_t work, const ko_image *image, ko_error *err)
{
    pdq *p = self;
    ko_grey laid = {0};
    ko_status st = ko_bench_lay_on_white(image, &laid, err);
    if (st == KO_OK)
        st = ko_fp_orientations(&laid, NULL, p->fps[work], &p->quality[work], err);
    ko_free(laid.px);
    return st;
}

static ko_status pdq_build(void *self, uint32_t step, ko_error *err)
{
    pdq *p = self;
    ko_fp *rows = ko_alloc_array((size_t)p->n_works * KO_ORIENT_COUNT, sizeof *rows);
    if (!rows)
        return ko_fail(err, KO_E_NOMEM, "%u works", p->n_works);
    size_t n = 0;
    for (uint32_t i = 0; i < p->n_works; i += step)
        for (size_t k = 0; k < KO_ORIENT_COUNT && p->quality[i] >= KO_FP_QUALITY_MIN; k++) {
            p->work_of[n] = i;
            rows[n++] = p->fps[i][k];
        }
    ko_index_free(p->index);
    p->index = NULL;
    const ko_status st = ko_index_build(rows, n, &p->index, err);
    ko_free(rows);
    return st;
}

static void pdq_bytes(const void *self, size_t *out_index, size_t *out_works)
{
    const pdq *p = self;
    *out_index = ko_index_bytes(p->index);
    *out_works = p->n_works * sizeof *p->fps;
}

typedef struct collecting {
    const pdq *pdq;
    ko_bench_answer *answer;
} collecting;

static ko_status collect(void *context, const ko_hit *hits, size_t n)
{
    const collecting *c = context;
    ko_bench_answer *out = c->answer;
    for (size_t h = 0; h < n; h++) {
        const uint32_t work = c->pdq->work_of[hits[h].row];
        const double score = KO_FP_BITS - hits[h].distance;
        size_t i = 0;
        while (i < out->n && out->claims[i].work != work)
            i++;
        if (i == KO_BENCH_CLAIMS_MAX)
            continue;
        if (i == out->n)
            out->claims[out->n++] = (ko_bench_claim){.work = work, .method = "whole"};
        if (score > out->claims[i].score)
            out->claims[i].score = score;
    }
    return KO_OK;
}

static ko_status pdq_ask(void *self, unsigned worker, const ko_image *photo, ko_bench_answer *out,
                         ko_error *err)
{
    (void)worker;
    const pdq *p = self;
    const double start_ms = ko_bench_thread_ms();
    ko_fp fp;
    int quality = 0;
    ko_status st = ko_fp_from_grey(&photo->luma, &photo->full, &fp, &quality, err);
    const double hashed_ms = ko_bench_thread_ms();
    if (st == KO_OK && quality >= KO_FP_QUALITY_MIN)
        st = ko_index_search(p->index, &fp, 1, RADIUS_BITS, collect, &(collecting){p, out}, err);
    out->stage_ms[0] = hashed_ms - start_ms;
    out->stage_ms[1] = ko_bench_thread_ms() - hashed_ms;
    return st;
}

static const char *const pdq_stages[] = {"fingerprint", "search", NULL};

const ko_bench_engine ko_bench_pdq = {
    .name = "PDQ",
    .recipe = "whole pictures within 31 of 256 bits, works on white in 8 orientations",
    .stages = pdq_stages,
    .open = pdq_open,
    .add = pdq_add,
    .build = pdq_build,
    .bytes = pdq_bytes,
    .ask = pdq_ask,
    .close = pdq_close,
};
