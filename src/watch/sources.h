/* watch/sources.h - how a source fared; for this folder alone. */
#ifndef KO_WATCH_SOURCES_H
#define KO_WATCH_SOURCES_H

#include "store/source.h"

typedef enum ko_source_state {
    KO_SOURCE_NEW,     /* not run yet */
    KO_SOURCE_RUNNING, /* its run has begun and not ended */
    KO_SOURCE_OK,
    KO_SOURCE_BLOCKED, /* it showed a wall in its last run */
    KO_SOURCE_FAILED,  /* nothing of it could be had, or it was refused */
    KO_SOURCE_PAUSED,
    KO_SOURCE_STATES
} ko_source_state;

const char *ko_source_state_name(ko_source_state state); /* "new", ... */

KO_NODISCARD ko_status ko_source_state_find(ko_store *store, const ko_source *source,
                                            ko_source_state *out_state, ko_error *err);

#endif
