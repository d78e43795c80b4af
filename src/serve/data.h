/* serve/data.h - the files of serve/data, as they were when the program was built. */
#ifndef KO_SERVE_DATA_H
#define KO_SERVE_DATA_H

#include <stddef.h>

typedef struct ko_serve_file {
    const char *name; /* "index.html" */
    const unsigned char *bytes;
    size_t size; /* a zero follows that is not counted */
} ko_serve_file;

extern const ko_serve_file ko_serve_files[]; /* ends in {0} */

#endif
