/* fingerprint/turned.h - the fingerprint of a picture that was turned or mirrored, without the
 * picture. */
#ifndef KO_FINGERPRINT_TURNED_H
#define KO_FINGERPRINT_TURNED_H

#include <knockoff/fingerprint.h>

/* Writes about what a picture with this fingerprint would have in each orientation. Signs of
 * frequencies change, and with them the median, which bits do not tell: of the 81 pictures in
 * fixtures/market half are within 4 bits of ko_fp_orientations, and all within 16. */
void ko_fp_turned(const ko_fp *fp, ko_fp out_fps[KO_ORIENT_COUNT]);

#endif
