/* scan/glance.h - works that are new, looked for among all photos ever seen without opening one.
 *
 * Their fingerprints are in the store, so a million photos take seconds, where reading the pictures
 * again takes hours. It finds works that a photo shows as a whole; what is printed on something is
 * left to the scan proper, which comes to all of it and finds no less. */
#ifndef KO_SCAN_GLANCE_H
#define KO_SCAN_GLANCE_H

#include "scan/catalogue.h"

/* Looks for the works that have not seen all photos up to last_id, and adds what it keeps to
 * *out_pairs and *out_candidates. How far works have come is left as it is. KO_E_STOPPED, and what
 * the store says. */
KO_NODISCARD ko_status ko_glance(ko_store *store, const ko_catalogue *catalogue, unsigned jobs,
                                 int64_t last_id, size_t *out_pairs, size_t *out_candidates,
                                 ko_error *err);

#endif
