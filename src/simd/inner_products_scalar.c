#include "simd/kernels.h"

int32_t ko_inner_products_scalar(const uint8_t *v, const int8_t *vectors, size_t n, int32_t *out)
{
    int32_t most = 0;
    for (size_t i = 0; i < n; i++) {
        const int8_t *first = vectors + i / KO_INNER_GROUP * KO_INNER_GROUP * KO_INNER_LENGTH +
                              i % KO_INNER_GROUP * 4;
        int32_t sum = 0;
        for (size_t j = 0; j < KO_INNER_LENGTH; j++)
            sum += v[j] * first[j / 4 * KO_INNER_GROUP * 4 + j % 4];
        out[i] = sum;
        most = sum > most ? sum : most;
    }
    return most;
}
