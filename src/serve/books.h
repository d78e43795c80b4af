/* serve/books.h - the ledger of sellers (case/ledger.h), kept while the database stays as it is.
 *
 * Making it takes most of a second for 100,000 listings, and a page of sellers shows twenty of
 * them. It has a connection of its own, by which it sees what others change. */
#ifndef KO_SERVE_BOOKS_H
#define KO_SERVE_BOOKS_H

#include "case/kit.h"
#include "case/ledger.h"

typedef struct ko_books ko_books;

/* What is lent. */
typedef struct ko_books_view {
    ko_store *store;
    const ko_kit *kit;
    const ko_ledger *ledger;
    int64_t made_at; /* seconds since 1970 */
} ko_books_view;

/* Nothing is read yet. path lives as long as the books. Close with ko_books_close. */
KO_NODISCARD ko_status ko_books_open(const char *path, ko_books **out_books, ko_error *err);
void ko_books_close(ko_books *books); /* NULL is fine */

/* Lends the ledger of today. While a scan changes the database all the time it may be some seconds
 * old, so that making it anew does not go on for ever. Nobody else has it until ko_books_give,
 * which is called unless there was an error. */
KO_NODISCARD ko_status ko_books_take(ko_books *books, ko_books_view *out_view, ko_error *err);
void ko_books_give(ko_books *books);

#endif
