/* match/part_patch.h - a view and the place in the photo where it is claimed to be, laid on
 * each other as pictures of gradients. */
#ifndef KO_MATCH_PART_PATCH_H
#define KO_MATCH_PART_PATCH_H

#include "match/part_claim.h"

#define KO_PART_PATCH_STRIDE KO_PART_LOOK_SIDE

/* Rectifies the photo to the look and margin pixels around it (look sides and twice the
 * margin within KO_PART_LOOK_SIDE): gradients to s->patch.photo, 0 where the photo ends,
 * and what is inside of it to s->patch.inside. */
void ko_part_patch_photo(const ko_part_view *view, const ko_part_look *look,
                         const ko_part_claim *claim, uint32_t margin, ko_parts_scratch *s);

/* The view's gradients on a ground, to s->patch.view, and -1 in s->patch.seen where they may
 * be compared: off the border, and only where the view is opaque. */
void ko_part_patch_view(const ko_part_look *look, uint32_t ground, ko_parts_scratch *s);

/* Absolute correlation of a block's gradients, 0..1, as if some noise lay on the photo. */
float ko_part_patch_alike(const ko_gradient_sums *block);

/* The first look that still has the details of a claimed place. */
size_t ko_part_patch_finest(const ko_part_view *view, const ko_part_claim *claim);

#endif
