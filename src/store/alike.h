/* store/alike.h - whether two photos are one picture.
 *
 * They are when they have the same bytes, or when a fingerprint of one, turned and mirrored in
 * whatever way, lies within KO_NEGATIVE_BITS of the other's; of plain pictures (under
 * KO_FP_QUALITY_MIN) only the bytes count, as for pictures that never count (store/negative.h).
 * Pure; any thread may call. */
#ifndef KO_STORE_ALIKE_H
#define KO_STORE_ALIKE_H

#include "store/seen.h"

#include <knockoff/fingerprint.h>

/* What of a photo tells its picture from others. */
typedef struct ko_traits {
    int64_t photo_id; /* 0: none, which is like no other */
    uint8_t sha256[KO_SHA256_SIZE];
    int quality;
    ko_fp fp;
} ko_traits;

typedef enum ko_alike {
    KO_ALIKE_NOT = 0,
    KO_ALIKE_LOOKS,
    KO_ALIKE_BYTES,
} ko_alike;

/* A picture in all orientations, to be compared with many. */
typedef struct ko_traits_turned {
    const ko_traits *picture; /* borrowed */
    ko_fp fps[KO_ORIENT_COUNT];
} ko_traits_turned;

void ko_traits_turn(const ko_traits *picture, ko_traits_turned *out_turned);
ko_alike ko_traits_alike(const ko_traits_turned *a, const ko_traits *b);

#endif
