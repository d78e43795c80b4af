#include "cli/clusters.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdlib.h>

/* One that is not sorted yet is alone. */
static int64_t leader_of(const ko_candidate *c)
{
    return c->leader ? c->leader : c->id;
}

ko_status ko_clusters_add(ko_clusters *clusters, const ko_candidate *c)
{
    ko_cluster_place *of = ko_grown(clusters->of, clusters->n, &clusters->capacity, sizeof *of);
    if (!of)
        return KO_E_NOMEM;
    clusters->of = of;
    of[clusters->n] = (ko_cluster_place){leader_of(c), c->id, clusters->n};
    clusters->n++;
    return KO_OK;
}

static int compare(const void *a, const void *b)
{
    const ko_cluster_place *x = a, *y = b;
    if (x->leader != y->leader)
        return x->leader < y->leader ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

void ko_clusters_settle(ko_clusters *clusters)
{
    if (clusters->n > 1)
        qsort(clusters->of, clusters->n, sizeof *clusters->of, compare);
}

size_t ko_clusters_alike(const ko_clusters *clusters)
{
    size_t n = 0;
    for (size_t i = 1; i < clusters->n; i++)
        n += clusters->of[i].leader == clusters->of[i - 1].leader;
    return n;
}

const ko_cluster_place *ko_clusters_of(const ko_clusters *clusters, const ko_candidate *c,
                                       size_t *out_n)
{
    const int64_t leader = leader_of(c);
    size_t low = 0, high = clusters->n, n = 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (clusters->of[middle].leader < leader)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + n < clusters->n && clusters->of[low + n].leader == leader)
        n++;
    assert(n > 0);
    *out_n = n;
    return &clusters->of[low];
}

void ko_clusters_free(ko_clusters *clusters)
{
    ko_free(clusters->of);
    *clusters = (ko_clusters){0};
}
