#include "net/book.h"

#include "base/alloc.h"

#include <assert.h>
#include <string.h>

static const char *name_of(const void *thing)
{
    return *(char *const *)thing;
}

/* The place of the first thing whose name is not before this one. */
static size_t place_of(const ko_book *book, const char *name)
{
    size_t low = 0, high = book->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(name_of(book->things[middle]), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void *ko_book_find(const ko_book *book, const char *name)
{
    const size_t i = place_of(book, name);
    return i < book->n && strcmp(name_of(book->things[i]), name) == 0 ? book->things[i] : NULL;
}

ko_status ko_book_add(ko_book *book, void *thing, ko_error *err)
{
    assert(!ko_book_find(book, name_of(thing)));
    void **grown = ko_grown((void *)book->things, book->n, &book->capacity, sizeof *book->things);
    if (!grown)
        return ko_fail(err, KO_E_NOMEM, "no memory for host number %zu", book->n + 1);
    const size_t i = place_of(&(ko_book){.things = grown, .n = book->n}, name_of(thing));
    memmove((void *)(grown + i + 1), (void *)(grown + i), (book->n - i) * sizeof *grown);
    grown[i] = thing;
    book->things = grown;
    book->n++;
    return KO_OK;
}

void ko_book_free(ko_book *book)
{
    ko_free((void *)book->things);
    *book = (ko_book){0};
}
