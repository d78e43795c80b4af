#include "capture/packer.h"

#include "base/limits.h"

#include <assert.h>

ko_status ko_packer_open(ko_packer *packer)
{
    *packer = (ko_packer){.packed = KO_BUF(2 * KO_MAX_CAPTURE_BODY)};
    packer->open = deflateInit2(&packer->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
                                Z_DEFAULT_STRATEGY) == Z_OK;
    return packer->open ? KO_OK : KO_E_NOMEM;
}

void ko_packer_close(ko_packer *packer)
{
    if (packer->open)
        (void)deflateEnd(&packer->z);
    ko_buf_free(&packer->packed);
    *packer = (ko_packer){0};
}

static ko_status add(ko_packer *packer, const ko_piece *piece, int flush)
{
    z_stream *z = &packer->z;
    z->next_in = (z_const Bytef *)piece->bytes;
    z->avail_in = (uInt)piece->size;
    do {
        unsigned char step[16 << 10];
        z->next_out = step;
        z->avail_out = sizeof step;
        (void)deflate(z, flush); /* fails only when there is nothing to do */
        if (ko_buf_append(&packer->packed, step, sizeof step - z->avail_out) != KO_OK)
            return KO_E_NOMEM;
    } while (z->avail_out == 0);
    assert(z->avail_in == 0);
    return KO_OK;
}

ko_status ko_packer_pack(ko_packer *packer, const ko_piece *pieces, size_t n)
{
    assert(packer->open && n > 0);
    ko_status st = KO_OK;
    ko_buf_clear(&packer->packed);
    (void)deflateReset(&packer->z);
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = add(packer, &pieces[i], i + 1 < n ? Z_NO_FLUSH : Z_FINISH);
    return st;
}
