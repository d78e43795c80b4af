/* image/convert.h - pixels whose numbers are not sRGB yet. */
#ifndef KO_IMAGE_CONVERT_H
#define KO_IMAGE_CONVERT_H

#include "image/job.h"

/* A decoded picture in the colours of its file; rows lie without gaps. */
typedef struct ko_image_raw {
    uint8_t *px;
    uint32_t width, height;
    unsigned channels;      /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha, or CMYK */
    bool cmyk;              /* 255 is full ink */
    const uint8_t *profile; /* ICC; NULL or useless: sRGB or a common press is assumed */
    size_t profile_size;
} ko_image_raw;

/* Begins the job and puts every row of the borrowed picture in sRGB.
 * KO_E_NOMEM, KO_E_UNSUPPORTED (the colour engine cannot start). */
KO_NODISCARD ko_status ko_image_convert(ko_image_job *job, const ko_image_raw *raw);

#endif
