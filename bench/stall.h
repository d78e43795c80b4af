/* bench/stall.h - an artist's folder and what is sold of it, made up from a seed: designs,
 * listing photos that show them, and the sheets that name both. */
#ifndef KO_BENCH_STALL_H
#define KO_BENCH_STALL_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ko_stall {
    const char *folder; /* to be filled: art/ *.png, photos/ *.jpg, works.csv, listings.csv */
    unsigned works;
    unsigned copies;   /* listings that show a work each */
    unsigned innocent; /* listings that show none */
    unsigned again;    /* rows that name a listing once more by another address of it */
    unsigned sellers;
    uint64_t seed;
} ko_stall;

/* False when a file cannot be written; what was said on standard error. */
bool ko_stall_make(const ko_stall *stall);

#endif
