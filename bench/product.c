/* The program itself as an engine: the finder that match, scan and lookup ask. */
#include "engine.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/status.h"
#include "match/finder.h"

#include <assert.h>
#include <string.h>

#define FLOOR .5 /* claims below are of no use to any reader */

typedef struct work {
    ko_part_view *part;
    ko_fp_variant *variants;
    size_t n_variants;
    size_t packed_bytes; /* of the part */
} work;

typedef struct product {
    uint32_t n_works, step; /* work i * step is number i of the finder */
    unsigned workers;
    work *works;
    ko_finder *finder;
    ko_parts_scratch **scratches; /* of each worker */
} product;

static void product_close(void *self)
{
    product *p = self;
    if (!p)
        return;
    ko_finder_free(p->finder);
    for (uint32_t i = 0; p->works && i < p->n_works; i++) {
        ko_part_view_free(p->works[i].part);
        ko_free(p->works[i].variants);
    }
    for (unsigned j = 0; p->scratches && j < p->workers; j++)
        ko_parts_scratch_free(p->scratches[j]);
    ko_free(p->works);
    ko_free(p->scratches);
    ko_free(p);
}

static void *product_open(uint32_t n_works, unsigned workers)
{
    product *p = ko_alloc_zero(1, sizeof *p);
    if (!p)
        return NULL;
    p->n_works = n_works;
    p->workers = workers;
    p->works = ko_alloc_zero(n_works, sizeof *p->works);
    p->scratches = ko_alloc_zero(workers, sizeof(ko_parts_scratch *));
    bool ok = p->works && p->scratches;
    for (unsigned j = 0; ok && j < workers; j++)
        ok = ko_parts_scratch_make(&p->scratches[j], NULL) == KO_OK;
    if (!ok) {
        product_close(p);
        return NULL;
    }
    return p;
}

static ko_status product_add(void *self, uint32_t number, const ko_image *image, ko_error *err)
{
    product *p = self;
    work *w = &p->works[number];
    ko_fp_variant variants[KO_FP_VARIANTS_MAX];
    size_t n = 0;
    ko_buf packed = KO_BUF(KO_MAX_IMAGE_BYTES);
    ko_status st = ko_fp_work(&image->luma, &image->alpha, variants, &n, NULL, err);
    if (st != KO_OK)
        return st;
    w->variants = ko_alloc_array(n, sizeof *variants);
    if (!w->variants)
        return ko_fail(err, KO_E_NOMEM, "%zu fingerprints", n);
    memcpy(w->variants, variants, n * sizeof *variants);
    w->n_variants = n;
    st = ko_part_view_make(&image->luma, &image->alpha, &w->part, err);
    if (st == KO_OK)
        st = ko_part_view_pack(w->part, &packed, err);
    w->packed_bytes = packed.size;
    ko_buf_free(&packed);
    return st;
}

static ko_status product_build(void *self, uint32_t step, ko_error *err)
{
    product *p = self;
    const size_t n = (p->n_works + step - 1) / step;
    ko_finder_free(p->finder);
    p->finder = NULL;
    p->step = step;
    ko_finder_view *views = ko_alloc_array(n, sizeof *views);
    double *thresholds = ko_alloc_array(n, sizeof *thresholds);
    ko_status st = KO_OK;
    if (!views || !thresholds) {
        st = ko_fail(err, KO_E_NOMEM, "%zu works", n);
        goto done;
    }
    for (uint32_t i = 0; i < n; i++) {
        const work *w = &p->works[(size_t)i * step];
        thresholds[i] = FLOOR;
        views[i] = (ko_finder_view){
            .work = i, .variants = w->variants, .n_variants = w->n_variants, .part = w->part};
    }
    const ko_finder_works works = {
        .views = views, .n_views = n, .thresholds = thresholds, .n_works = n};
    st = ko_finder_build(&works, p->workers, &p->finder, err);
done:
    ko_free(views);
    ko_free(thresholds);
    return st;
}

static void product_bytes(const void *self, size_t *out_index, size_t *out_works)
{
    const product *p = self;
    *out_index =
        ko_finder_bytes(p->finder) + ko_finder_fingerprints(p->finder) * sizeof(ko_fp_variant);
    *out_works = 0;
    for (uint32_t i = 0; i < p->n_works; i++)
        *out_works += p->works[i].packed_bytes + p->works[i].n_variants * sizeof(ko_fp_variant);
}

/* --- asking --- */

static const char *const product_stages[] = {"pyramid", "features", "search",      "vote",
                                             "verify",  "look",     "fingerprint", NULL};

/* What is no stage of the parts is the whole picture's: its fingerprint and the search. */
static void note_stages(const ko_parts_cost *before, const ko_parts_cost *after, double all_ms,
                        double *stage_ms)
{
    stage_ms[0] = after->pyramid_ms - before->pyramid_ms;
    stage_ms[1] = after->features_ms - before->features_ms;
    stage_ms[2] = after->search_ms - before->search_ms;
    stage_ms[3] = after->vote_ms - before->vote_ms;
    stage_ms[4] = after->verify_ms - before->verify_ms;
    stage_ms[5] = after->look_ms - before->look_ms;
    stage_ms[6] = all_ms;
    for (size_t i = 0; i < 6; i++)
        stage_ms[6] -= stage_ms[i];
}

static void tell(const product *p, const ko_claims *claims, ko_bench_answer *out)
{
    out->n = claims->n < KO_BENCH_CLAIMS_MAX ? claims->n : KO_BENCH_CLAIMS_MAX;
    for (size_t i = 0; i < out->n; i++) {
        const ko_evidence *e = &claims->items[i].evidence;
        ko_bench_claim *c = &out->claims[i];
        *c = (ko_bench_claim){.work = claims->items[i].work * p->step,
                              .score = e->score,
                              .method = ko_method_name(e->method),
                              .placed = e->has_part};
        memcpy(c->quad, e->part.quad, sizeof c->quad);
    }
}

static ko_status product_ask(void *self, unsigned worker, const ko_image *photo,
                             ko_bench_answer *out, ko_error *err)
{
    product *p = self;
    ko_parts_scratch *scratch = p->scratches[worker];
    ko_claims claims = {0};
    ko_parts_cost before, after;
    ko_fp fp;
    int quality = 0;
    const double start_ms = ko_bench_thread_ms();
    ko_parts_scratch_cost(scratch, &before);
    ko_status st = ko_fp_from_grey(&photo->luma, &photo->full, &fp, &quality, err);
    if (st == KO_OK) {
        const ko_finder_photo asked = {.fp = quality < KO_FP_QUALITY_MIN ? NULL : &fp,
                                       .luma = &photo->luma,
                                       .full = photo->full};
        st = ko_finder_ask(p->finder, scratch, &asked, &claims, err);
    }
    ko_parts_scratch_cost(scratch, &after);
    note_stages(&before, &after, ko_bench_thread_ms() - start_ms, out->stage_ms);
    if (st == KO_OK)
        tell(p, &claims, out);
    ko_free(claims.items);
    return st;
}

const ko_bench_engine ko_bench_product = {
    .name = "knockoff",
    .recipe = "whole pictures and parts, as a scan answers",
    .stages = product_stages,
    .promises = true,
    .open = product_open,
    .add = product_add,
    .build = product_build,
    .bytes = product_bytes,
    .ask = product_ask,
    .close = product_close,
};
