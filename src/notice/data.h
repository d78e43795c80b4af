/* notice/data.h - the files of notice/data, as they were when the program was built. */
#ifndef KO_NOTICE_DATA_H
#define KO_NOTICE_DATA_H

#include "base/embedded.h"

extern const ko_embedded ko_notice_files[]; /* ends in {0} */

#endif
