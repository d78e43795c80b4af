/* notice/data.h - the files of notice/data, as they were when the program was built. */
#ifndef KO_NOTICE_DATA_H
#define KO_NOTICE_DATA_H

#include <stddef.h>

typedef struct ko_notice_file {
    const char *name; /* "rules.json" */
    const unsigned char *bytes;
    size_t size; /* a zero follows that is not counted */
} ko_notice_file;

extern const ko_notice_file ko_notice_files[]; /* ends in {0} */

#endif
