#include "base/texts.h"

#include "base/alloc.h"

const char *ko_texts_keep(ko_texts *texts, const char *text)
{
    if (!text || !*text)
        return "";
    char **grown = ko_grown(texts->kept, texts->n, &texts->capacity, sizeof *texts->kept);
    if (grown)
        texts->kept = grown;
    char *copy = grown ? ko_strdup(text) : NULL;
    if (!copy) {
        texts->no_memory = true;
        return "";
    }
    texts->kept[texts->n++] = copy;
    return copy;
}

void ko_texts_free(ko_texts *texts)
{
    for (size_t i = 0; i < texts->n; i++)
        ko_free(texts->kept[i]);
    ko_free(texts->kept);
    *texts = (ko_texts){0};
}
