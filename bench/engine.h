/* bench/engine.h - something that can be asked which works a photo shows: this program, or
 * another way that it is compared with. All are given the same decoded pictures.
 *
 * An engine is opened, given every work once, built, asked, and closed. add and ask may be
 * called by several threads at once, each ask of one worker on one thread at a time. */
#ifndef KO_BENCH_ENGINE_H
#define KO_BENCH_ENGINE_H

#include "score.h"

#include <knockoff/image.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ko_bench_engine {
    const char *name;
    const char *recipe;        /* one line */
    const char *const *stages; /* of ask, in order, ended by NULL */
    bool promises;             /* scores are -log10 of the false claims expected a photo */

    /* workers call ask with numbers from 0; NULL when there is no memory. */
    void *(*open)(uint32_t n_works, unsigned workers);
    /* Describes a work, to be asked for with its number. */
    ko_status (*add)(void *self, uint32_t work, const ko_image *image, ko_error *err);
    /* Makes an index of works 0, step, 2 * step, ...; an earlier index is dropped. */
    ko_status (*build)(void *self, uint32_t step, ko_error *err);
    /* Bytes of the index, and of what the engine keeps of all works to build it from. */
    void (*bytes)(const void *self, size_t *out_index, size_t *out_works);
    /* Fills claims, n and stage_ms of a zeroed answer. */
    ko_status (*ask)(void *self, unsigned worker, const ko_image *photo,
                     ko_bench_answer *out_answer, ko_error *err);
    void (*close)(void *self); /* NULL is fine */
} ko_bench_engine;

/* Whole pictures and parts together, as a scan answers. */
extern const ko_bench_engine ko_bench_product;

/* Whole pictures alone, at the distance that PDQ's authors advise. */
extern const ko_bench_engine ko_bench_pdq;

/* Milliseconds of CPU that this thread has had. */
double ko_bench_thread_ms(void);

/* A copy of the luma with what is transparent laid on white; its px are for ko_free. */
KO_NODISCARD ko_status ko_bench_lay_on_white(const ko_image *image, ko_grey *out_luma,
                                             ko_error *err);

#ifdef __cplusplus
}
#endif
#endif
