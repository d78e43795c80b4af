/* cli/clusters.h - which of the candidates that are listed show one picture (store/leader.h). */
#ifndef KO_CLI_CLUSTERS_H
#define KO_CLI_CLUSTERS_H

#include "store/candidate.h"

typedef struct ko_cluster_place {
    int64_t leader, id;
    size_t place; /* in the list */
} ko_cluster_place;

/* Zeroed to begin with. */
typedef struct ko_clusters {
    ko_cluster_place *of;
    size_t n, capacity;
} ko_clusters;

/* Takes in the next one of the list. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_clusters_add(ko_clusters *clusters, const ko_candidate *candidate);
/* To be called when all are taken in, and before the next two. */
void ko_clusters_settle(ko_clusters *clusters);

/* Those that show the picture of another one before them in the list. */
size_t ko_clusters_alike(const ko_clusters *clusters);
/* Those of the list that show the picture of a candidate of it, itself among them, in order;
 * borrowed. */
const ko_cluster_place *ko_clusters_of(const ko_clusters *clusters, const ko_candidate *candidate,
                                       size_t *out_n);
void ko_clusters_free(ko_clusters *clusters);

#endif
