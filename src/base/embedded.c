#include "base/embedded.h"

#include <string.h>

const ko_embedded *ko_embedded_find(const ko_embedded *files, const char *name)
{
    while (files->name && strcmp(files->name, name) != 0)
        files++;
    return files->name ? files : NULL;
}
