/* bench/artist.h - an artist made up for a trial: has works, watches shops, and once a day decides
 * about what was found, as it truly is, files notices, and tells what platforms answered. */
#ifndef KO_BENCH_ARTIST_H
#define KO_BENCH_ARTIST_H

#include "case/kit.h"
#include "server/living_market.h"
#include "store/store.h"

typedef struct ko_artist {
    living_market *market;
    const char *database;
    const char *works; /* the market's folder */
    const char *kit;   /* folder with rules of two made-up platforms (fixtures/watch) */
    unsigned shops;
    int64_t every_s;     /* between two runs of a source */
    const char *webhook; /* where news go, with the address of a feed file */
    const char *feed;
    /* what was done so far */
    size_t days, failed_days, accepted, rejected, notices, filed, countered, released;
} ko_artist;

/* Makes the database and all that the artist starts with. The clock is set before.
 * Errors as they come. */
KO_NODISCARD ko_status ko_artist_begin(ko_artist *artist, ko_error *err);

/* A day's work. An error leaves the rest for the next day. */
KO_NODISCARD ko_status ko_artist_day(ko_artist *artist, ko_error *err);

#endif
