/* base/embedded.h - files that were built into the program (ko_embed in src/CMakeLists.txt). */
#ifndef KO_BASE_EMBEDDED_H
#define KO_BASE_EMBEDDED_H

#include <stddef.h>

typedef struct ko_embedded {
    const char *name; /* "rules.json" */
    const unsigned char *bytes;
    size_t size; /* a zero follows that is not counted */
} ko_embedded;

/* The file of this name among files, which end in {0}; NULL when there is none. */
const ko_embedded *ko_embedded_find(const ko_embedded *files, const char *name);

#endif
