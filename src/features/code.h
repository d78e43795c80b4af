/* features/code.h - codes of variants. */
#ifndef KO_FEATURES_CODE_H
#define KO_FEATURES_CODE_H

#include <knockoff/features.h>

/* The code of a variant of the descriptor, from its own code: what ko_descriptor_code makes
 * of ko_descriptor_variant, with a fraction of the work. */
void ko_code_variant(const ko_descriptor *descriptor, const ko_code *code, unsigned variant,
                     ko_code *out_code);

#endif
