#include "serve/books.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "case/beside.h"

#include <pthread.h>

/* It is not made anew before so many times as long has passed as making it took. */
#define REST 9

struct ko_books {
    const char *path;
    pthread_mutex_t lock; /* of all */
    ko_store *store;      /* NULL until it is needed */
    ko_kit kit;
    ko_ledger *ledger; /* NULL: none is made */
    int64_t changes;   /* of the database, that are in it */
    ko_day day;
    int64_t made_at, made_ms, took_ms;
};

ko_status ko_books_open(const char *path, ko_books **out_books, ko_error *err)
{
    ko_books *books = ko_alloc_zero(1, sizeof *books);
    if (!books)
        return ko_fail(err, KO_E_NOMEM, "ledger");
    books->path = path;
    (void)pthread_mutex_init(&books->lock, NULL);
    *out_books = books;
    return KO_OK;
}

static void drop(ko_books *books)
{
    ko_ledger_free(books->ledger);
    ko_kit_close(&books->kit);
    books->ledger = NULL;
    books->kit = (ko_kit){0};
}

void ko_books_close(ko_books *books)
{
    if (!books)
        return;
    drop(books);
    ko_store_close(books->store);
    (void)pthread_mutex_destroy(&books->lock);
    ko_free(books);
}

static ko_status make(ko_books *books, ko_day today, ko_error *err)
{
    const int64_t started_ms = ko_clock_ms();
    drop(books);
    ko_status st = ko_beside_kit(books->path, &books->kit, err);
    if (st == KO_OK)
        st = ko_ledger_make(books->store, books->kit.rules, today, &books->ledger, err);
    if (st != KO_OK)
        return st;
    books->day = today;
    books->made_at = ko_clock_now();
    books->made_ms = ko_clock_ms();
    books->took_ms = books->made_ms - started_ms;
    return KO_OK;
}

static ko_status refresh(ko_books *books, ko_error *err)
{
    const ko_day today = ko_today();
    int64_t changes = 0;
    ko_status st = KO_OK;
    if (!books->store)
        st = ko_store_open(books->path, KO_STORE_OPEN, &books->store, err);
    if (st == KO_OK)
        st = ko_store_changes(books->store, &changes, err);
    if (st != KO_OK)
        return st;
    const bool rested = ko_clock_ms() - books->made_ms >= REST * books->took_ms;
    const bool holds = books->ledger && books->day == today;
    if (holds && (changes == books->changes || !rested))
        return KO_OK;
    books->changes = changes; /* from before: what comes meanwhile is taken in the next time */
    return make(books, today, err);
}

ko_status ko_books_take(ko_books *books, ko_books_view *out_view, ko_error *err)
{
    (void)pthread_mutex_lock(&books->lock);
    const ko_status st = refresh(books, err);
    if (st == KO_OK)
        *out_view = (ko_books_view){books->store, &books->kit, books->ledger, books->made_at};
    else
        (void)pthread_mutex_unlock(&books->lock);
    return st;
}

void ko_books_give(ko_books *books)
{
    (void)pthread_mutex_unlock(&books->lock);
}
