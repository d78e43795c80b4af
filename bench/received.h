/* bench/received.h - a program that gets news from a webhook, and keeps all that came. */
#ifndef KO_BENCH_RECEIVED_H
#define KO_BENCH_RECEIVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ko_receiver ko_receiver;

typedef struct ko_received {
    int64_t at;   /* came, by the caller's clock */
    char id[64];  /* of the digest, as the header has it */
    bool genuine; /* signed with the secret */
    char *body;
    size_t bytes;
} ko_received;

/* Listens on loopback. NULL when it cannot. secret must outlive it. */
ko_receiver *ko_receiver_start(const char *secret, int64_t (*now)(void));
void ko_receiver_stop(ko_receiver *r); /* NULL is fine */
/* Writes "http://127.0.0.1:PORT/news". */
void ko_receiver_url(const ko_receiver *r, char out[64]);
/* While it is not connected, connections are refused. Not while others call this. */
bool ko_receiver_connect(ko_receiver *r, bool connected);

/* What came so far, in order; only while nothing comes. */
size_t ko_receiver_count(const ko_receiver *r);
const ko_received *ko_receiver_at(const ko_receiver *r, size_t index);

#endif
