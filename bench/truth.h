/* bench/truth.h - photos and works of which is known what shows what.
 *
 * The folder has truth.csv (photo, its works separated by |, set, kind), originals.csv (work
 * first), groups.csv (work, group) and quads.csv (photo, work, eight coordinates); no cell
 * that is used here needs quotes. All text is borrowed from the tables, which the truth owns. */
#ifndef KO_BENCH_TRUTH_H
#define KO_BENCH_TRUTH_H

#include <knockoff/status.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KO_BENCH_WORKS_A_PHOTO 8

typedef struct ko_bench_photo {
    const char *name, *set, *kind;
    uint32_t works[KO_BENCH_WORKS_A_PHOTO]; /* that it shows; none: a distractor */
    size_t n_works;
} ko_bench_photo;

/* Works of one group share parts: a claim of one for another is neither right nor wrong. */
typedef struct ko_bench_membership {
    uint32_t work;
    const char *group;
} ko_bench_membership;

/* Where the corners of a work lie in a photo, in its pixels: x1, y1, ... x4, y4. */
typedef struct ko_bench_place {
    uint32_t photo, work;
    float quad[8];
} ko_bench_place;

typedef struct ko_bench_truth {
    const char *folder;
    size_t n_works, n_photos, n_memberships, n_places;
    const char **works; /* names */
    ko_bench_photo *photos;
    ko_bench_membership *memberships;
    ko_bench_place *places;
    struct ko_bench_table *tables;
} ko_bench_truth;

/* Reads a folder; of its photos one in so many, chosen by their names. Plain designs, which may be
 * undecidable, become a set of their own: of photos whose kind begins with "plain-" the set
 * is "plain". KO_E_NOT_FOUND, KO_E_IO, KO_E_NOMEM, KO_E_FORMAT when a table names a work
 * that originals.csv does not have. */
KO_NODISCARD ko_status ko_bench_truth_read(const char *folder, size_t every,
                                           ko_bench_truth *out_truth, ko_error *err);

void ko_bench_truth_free(ko_bench_truth *truth); /* a zeroed one is fine */

#ifdef __cplusplus
}
#endif
#endif
