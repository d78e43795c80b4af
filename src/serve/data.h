/* serve/data.h - the files of serve/data, as they were when the program was built. */
#ifndef KO_SERVE_DATA_H
#define KO_SERVE_DATA_H

#include "base/embedded.h"

extern const ko_embedded ko_serve_files[]; /* ends in {0} */

#endif
