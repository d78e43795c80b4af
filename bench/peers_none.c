#include "peers.h"

size_t ko_bench_peers(void)
{
    return 0;
}

const ko_bench_engine *ko_bench_peer(size_t i)
{
    (void)i;
    return NULL;
}
