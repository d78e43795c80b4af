/* scan/scan.h - listings against works: candidates out.
 *
 * A scan looks at every photo once and compares every photo with every work once. How far
 * it has got is kept with each work, batch by batch, in the transaction that keeps what
 * was found: killed at any moment it goes on where it was, with nothing lost or doubled.
 * A work added or changed later starts again at the first photo, and only with that work; what
 * shows it as a whole is found in seconds, before the pictures are opened again (scan/glance.h). */
#ifndef KO_SCAN_SCAN_H
#define KO_SCAN_SCAN_H

#include "scan/problems.h"
#include "store/store.h"

typedef struct ko_scan_counts {
    size_t photos_read, photos_refused; /* looked at for the first time */
    size_t photos_gone;    /* looked at earlier, their files gone: compared as a whole alone */
    size_t pairs_found;    /* photos that show a work, found this time */
    size_t new_candidates; /* listings queued this time */
    size_t works, fingerprints;
} ko_scan_counts;

/* Runs until nothing is left to compare. Photos that cannot be read are problems; they are
 * marked so and not tried again. KO_E_STOPPED when the user asked to stop. */
KO_NODISCARD ko_status ko_scan(ko_store *store, unsigned jobs, ko_problems *problems,
                               ko_scan_counts *out_counts, ko_error *err);

#endif
