/* The ledger of sellers is made once, and anew when the database changed. */
#include "serve/books.h"

#include "store/fixture.h"

static void offer(ko_store *store, const char *url, const char *seller, const char *photo)
{
    ko_ingested what;
    ko_listing record = plain_record(url);
    record.platform = (char *)"etsy";
    record.seller = (char *)seller;
    const ko_photo_file file = file_photo(photo, 10, 20);
    assert_int_equal(ko_seen_add(store, &record, "test", &file, 1, 0, &what, NULL), KO_OK);
}

static const ko_ledger *ledger_of(ko_books *books, size_t *out_n)
{
    ko_books_view view;
    ko_error err = {0};
    if (ko_books_take(books, &view, &err) != KO_OK)
        fail_msg("%s", err.text);
    *out_n = ko_ledger_count(view.ledger);
    ko_books_give(books);
    return view.ledger;
}

static void it_follows_the_database(void **state)
{
    fixture *f = *state;
    ko_books *books = NULL;
    size_t n = 0;
    offer(f->store, "https://www.etsy.com/listing/1", "Pins", "/p/1.jpg");
    assert_int_equal(ko_books_open(f->path, &books, NULL), KO_OK);
    const ko_ledger *first = ledger_of(books, &n);
    assert_int_equal(n, 1);
    assert_ptr_equal(ledger_of(books, &n), first); /* the same one */
    offer(f->store, "https://www.etsy.com/listing/2", "Mugs", "/p/2.jpg");
    while (n < 2) /* it rests for a while after it was made */
        (void)ledger_of(books, &n);
    assert_int_equal(n, 2);
    ko_books_close(books);
}

static void a_database_that_is_gone_is_told(void **state)
{
    ko_books *books = NULL;
    ko_books_view view;
    (void)state;
    assert_int_equal(ko_books_open("/nowhere/at/all.db", &books, NULL), KO_OK);
    assert_int_equal(ko_books_take(books, &view, NULL), KO_E_NOT_FOUND);
    assert_int_equal(ko_books_take(books, &view, NULL),
                     KO_E_NOT_FOUND); /* and nobody is kept out */
    ko_books_close(books);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_follows_the_database, set_up, tear_down),
        cmocka_unit_test(a_database_that_is_gone_is_told),
    };
    return cmocka_run_group_tests_name("serve.books", tests, NULL, NULL);
}
