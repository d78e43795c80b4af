/* tests/server/pictures.h - any number of different JPEG pictures, each had for a few copies.
 *
 * Some dozen are drawn once. They are coded so that each row of blocks can be cut out and put
 * into another picture; what makes a picture its own are its uppermost rows. */
#ifndef KO_TESTS_SERVER_PICTURES_H
#define KO_TESTS_SERVER_PICTURES_H

#include "base/buf.h"

#include <stdint.h>

typedef struct pictures pictures;

/* Some pictures show the works, any picture files below that folder, printed on a background;
 * NULL: none does. NULL when there is no memory or a work cannot be read, with a line in err. */
pictures *pictures_make(uint64_t seed, const char *works, ko_error *err);
void pictures_free(pictures *all);

/* Puts the JPEG of a number into out. Those of different numbers below 2^24 differ. */
ko_status pictures_get(const pictures *all, uint64_t number, ko_buf *out);
/* The file name of the work that it shows; "" when none. */
const char *pictures_work(const pictures *all, uint64_t number);

/* How many works there are, and the file name of each, by index. */
size_t pictures_works(const pictures *all);
const char *pictures_work_name(const pictures *all, size_t work);

/* One picture that is drawn and coded when it is asked for. */
typedef struct pictures_print {
    int work;         /* index of a work, printed on the middle; -1: none */
    uint64_t scene;   /* what lies behind it, drawn from this number */
    unsigned cropped; /* pixels that are missing at each side, at most 32 */
    int quality;      /* of the JPEG, 1 to 100 */
} pictures_print;
ko_status pictures_draw(const pictures *all, const pictures_print *print, ko_buf *out);

#endif
