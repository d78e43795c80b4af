/* watch/metrics.h - what a watch does and how much there is, for programs that keep an eye on
 * machines: a file in OpenMetrics' text format 1.0
 * (https://prometheus.io/docs/specs/om/open_metrics_spec/), as collectors of text files read it. */
#ifndef KO_WATCH_METRICS_H
#define KO_WATCH_METRICS_H

#include "base/buf.h"
#include "store/store.h"

/* Appends all of it to an empty out. Errors of the database, KO_E_LIMIT, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_metrics_text(ko_store *store, ko_buf *out, ko_error *err);

/* Writes the file at path anew, which is never seen half written. Its folder must be there.
 * KO_E_IO, and as ko_metrics_text. */
KO_NODISCARD ko_status ko_metrics_write(ko_store *store, const char *path, ko_error *err);

#endif
