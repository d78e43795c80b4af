/* serve/data.h - the files of serve/data and serve/clipper, as they were when the program was
 * built. */
#ifndef KO_SERVE_DATA_H
#define KO_SERVE_DATA_H

#include "base/embedded.h"

extern const ko_embedded ko_serve_files[];   /* with knockoff-clipper.zip; ends in {0} */
extern const ko_embedded ko_clipper_files[]; /* the clipping helper; ends in {0} */

#endif
