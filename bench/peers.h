/* bench/peers.h - what others find in the same pictures: features and geometry of OpenCV. */
#ifndef KO_BENCH_PEERS_H
#define KO_BENCH_PEERS_H

#include "engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many there are: none when the benchmark was built without OpenCV. */
size_t ko_bench_peers(void);
const ko_bench_engine *ko_bench_peer(size_t i);

#ifdef __cplusplus
}
#endif
#endif
