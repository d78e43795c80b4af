#include "notify/uid.h"

#include "base/text.h"

#include <openssl/rand.h>
#include <stdio.h>

ko_status ko_uid_make(char out_uid[KO_UID_SIZE], ko_error *err)
{
    unsigned char bytes[16];
    char hex[2 * sizeof bytes + 1];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return ko_fail(err, KO_E_IO, "no randomness for a digest's name");
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
    ko_text_hex(bytes, sizeof bytes, hex);
    (void)snprintf(out_uid, KO_UID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
                   hex + 16, hex + 20);
    return KO_OK;
}
