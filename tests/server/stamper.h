/* tests/server/stamper.h - an authority of timestamps that lives as long as a test, honest or
 * not. */
#ifndef KO_TESTS_SERVER_STAMPER_H
#define KO_TESTS_SERVER_STAMPER_H

#include <stddef.h>

typedef struct stamper stamper;

typedef enum stamper_mood {
    STAMPER_HONEST,
    STAMPER_REFUSES, /* takes no SHA-256 */
    STAMPER_OTHER,   /* stamps another digest */
    STAMPER_REPLAYS, /* with another nonce */
    STAMPER_FUTURE,  /* two days ahead */
    STAMPER_EXPIRED, /* with a time after the end of its certificate, which is long past */
    STAMPER_FORGES,  /* with a byte of its signature changed */
    STAMPER_MOODS
} stamper_mood;

/* Makes keys and certificates; NULL when that cannot be done. */
stamper *stamper_make(void);
/* Writes the certificate that all is signed below as PEM; 0 when it cannot. */
int stamper_write_ca(const stamper *s, const char *path);
/* The answer to a request, in DER, to be freed with OPENSSL_free; NULL when the request is none. */
unsigned char *stamper_answer(const stamper *s, stamper_mood mood, const void *request, size_t size,
                              size_t *out_size);
void stamper_free(stamper *s); /* NULL is fine */

#endif
