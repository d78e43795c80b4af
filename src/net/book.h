/* net/book.h - things found by their name.
 *
 * Sorted by name: hosts are looked up for every request and new ones are few. A thing begins with
 * its name, a char * that stays as it is; things are borrowed. */
#ifndef KO_NET_BOOK_H
#define KO_NET_BOOK_H

#include "base/status.h"

#include <stddef.h>

typedef struct ko_book {
    void **things;
    size_t n, capacity;
} ko_book;

void *ko_book_find(const ko_book *book, const char *name); /* NULL: not there */
/* Adds a thing whose name is not there. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_book_add(ko_book *book, void *thing, ko_error *err);
void ko_book_free(ko_book *book); /* not the things */

#endif
