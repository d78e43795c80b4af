/* bench/watch_duties.h - whether what is due is due on the right day, by a calculation of its own.
 */
#ifndef KO_BENCH_WATCH_DUTIES_H
#define KO_BENCH_WATCH_DUTIES_H

#include "case/kit.h"
#include "store/store.h"
#include "verdicts.h"

#include <stdint.h>

typedef struct ko_watch_duties {
    json_t *holidays; /* the program's file of days off, read by other code */
    size_t checked, days, wrong;
} ko_watch_duties;

/* Reads src/notice/data/holidays.json or another file of its shape. */
bool ko_watch_duties_open(ko_watch_duties *d, const char *holidays);
void ko_watch_duties_close(ko_watch_duties *d);

/* Compares all duties at a moment, which the clock shows. */
KO_NODISCARD ko_status ko_watch_duties_check(ko_watch_duties *d, ko_store *store, const ko_kit *kit,
                                             ko_verdicts *verdicts, ko_error *err);

#endif
