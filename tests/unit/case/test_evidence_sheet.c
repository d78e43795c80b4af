/* The evidence of a notice as a PDF: what is known of each listing stands beside its pictures,
 * whatever its seller wrote, and nothing of the user's machine. */
#include "case/evidence_sheet.h"

#include "proof/pdf.h"
#include "scan/market.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/profile.h"

#define MUG "https://www.etsy.com/listing/1001"
#define PIN "https://www.ebay.com/itm/1002"

/* Two listings that show the goldfish, and the notice about them. */
typedef struct stall {
    market *m;
    char *photos[2];
    ko_notice_item items[2];
    size_t n_items;
    int64_t notice;
} stall;

static char *own(const char *text)
{
    char *copy = ko_strdup(text);
    assert_non_null(copy);
    return copy;
}

static void offer(stall *s, size_t i, const char *photo, const char *url, const char *title)
{
    ko_buf bytes = KO_BUF((size_t)1 << 20);
    char name[64], path[160];
    (void)snprintf(name, sizeof name, "%zu.jpg", i);
    (void)snprintf(path, sizeof path, "%s/%s", s->m->folder, name);
    assert_int_equal(ko_file_read(photo, &bytes, NULL), KO_OK);
    assert_int_equal(ko_file_write(path, bytes.data, bytes.size, NULL), KO_OK);
    s->photos[i] = own(path);
    const ko_photo_file file = {
        .path = path, .bytes = (int64_t)bytes.size, .modified_at = 1, .url = ""};
    ko_listing record = {.url = own(url),
                         .title = own(title),
                         .seller = own("Pin\xE2\x80\xAEPalace"),
                         .seller_id = own("88"),
                         .price = own("3.99"),
                         .currency = own("EUR")};
    ko_ingested what;
    assert_int_equal(ko_listing_settle(&record, NULL), KO_OK);
    assert_int_equal(ko_seen_add(s->m->store, &record, path, &file, 1, 0, &what, NULL), KO_OK);
    ko_listing_free(&record);
    ko_buf_free(&bytes);
}

static ko_status take_item(void *context, const ko_candidate *c)
{
    stall *s = context;
    const ko_listing *listing = &c->listing->record;
    assert_true(s->n_items < 2);
    ko_notice_item *item = &s->items[s->n_items++];
    *item = (ko_notice_item){.candidate_id = c->id,
                             .listing_id = c->listing->id,
                             .url = own(listing->url),
                             .item = own(listing->item_id),
                             .platform = own(listing->platform),
                             .seller = own(listing->seller),
                             .seller_id = own(listing->seller_id),
                             .title = own(listing->title),
                             .score = c->match.evidence.score,
                             .has_evidence = true};
    memcpy(item->photo_sha256, c->photo->sha256, KO_SHA256_SIZE);
    memcpy(item->view_sha256, c->view->sha256, KO_SHA256_SIZE);
    return KO_OK;
}

static int64_t keep(stall *s, const ko_notice_item *items, size_t n)
{
    int64_t id = 0;
    const ko_notice notice = {.channel = "etsy",
                              .work_id = 1,
                              .serial = "KO-000001",
                              .work_title = "goldfish",
                              .host = "",
                              .reason = "",
                              .part = 1,
                              .parts = 1,
                              .who = "Ann",
                              .good_faith_at = 1795300000,
                              .built_at = 1795319400,
                              .folder = ""};
    assert_int_equal(ko_store_begin(s->m->store, NULL), KO_OK);
    assert_int_equal(ko_notice_add(s->m->store, &notice, items, n, &id, NULL), KO_OK);
    assert_int_equal(ko_store_commit(s->m->store, NULL), KO_OK);
    return id;
}

static int set_up(void **state)
{
    stall *s = calloc(1, sizeof *s); /* not ours: a test's own */
    assert_non_null(s);
    assert_int_equal(open_market((void **)&s->m), 0);
    static char title[50001] = "Mug \x1b[31m\xE2\x80\xAE\xF4\x80\x80\x81 \xE9\xB1\xBC ";
    memset(title + strlen(title), 'w', sizeof title - 1 - strlen(title));
    add_works(s->m, WORKS "/goldfish.png", 0);
    offer(s, 0, PHOTOS "/goldfish-mug.jpg", MUG, title);
    offer(s, 1, PHOTOS "/goldfish-pin.jpg", PIN, "Pin) Tj /Author (x");
    (void)scan_all(s->m);
    assert_int_equal(ko_profile_set(s->m->store, KO_PROFILE_LEGAL_NAME, "Ann Artist", NULL), KO_OK);
    const ko_candidate_filter any = {.all = true};
    assert_int_equal(ko_candidate_each(s->m->store, &any, take_item, s, NULL), KO_OK);
    assert_int_equal(s->n_items, 2);
    s->notice = keep(s, s->items, 2);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    stall *s = *state;
    for (size_t i = 0; i < 2; i++) {
        const ko_notice_item *item = &s->items[i];
        const char *const texts[] = {item->url,       item->item,  item->platform, item->seller,
                                     item->seller_id, item->title, s->photos[i]};
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            ko_free((char *)texts[t]);
    }
    void *opened = s->m;
    free(s);
    return close_market(&opened);
}

static void take_line(void *context, const char *line)
{
    (void)snprintf(context, 256, "%s", line);
}

static ko_buf sheet_of(stall *s, int64_t notice, unsigned states, ko_problems *problems)
{
    ko_buf pdf = KO_BUF(KO_MAX_EVIDENCE_PDF_BYTES);
    ko_error err = {0};
    if (ko_evidence_sheet(s->m->store, notice, states, "Knockoff 1.0", problems, &pdf, &err) !=
        KO_OK)
        fail_msg("not written: %s", err.text);
    return pdf;
}

static void assert_says(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("'%s' is not in:\n%s", words, text);
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, word)); at++)
        n++;
    return n;
}

static void all_that_is_known_stands_beside_the_pictures(void **state)
{
    stall *s = *state;
    ko_problems problems = {0};
    ko_buf pdf = sheet_of(s, s->notice, 0, &problems);
    assert_int_equal(problems.count, 0);
    assert_sound(&pdf);
    assert_int_equal(pdf_pages(&pdf), 2);
    ko_buf text = pdf_says(&pdf, "pdftotext -layout %s -");
    static const char *const said[] = {"Evidence for notice 1",
                                       "KO-000001 goldfish",
                                       "Ann Artist",
                                       "2026-11-22",
                                       "A person looked at each of the listings",
                                       "Listing 1 of 2",
                                       "Listing 2 of 2",
                                       "Pin) Tj /Author (x",
                                       "Pin\xEF\xBF\xBDPalace, id 88",
                                       "etsy, item 1001",
                                       "3.99 EUR",
                                       "would match by chance ("};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        assert_says(text.data, said[i]);
    for (size_t i = 0; i < 2; i++) {
        char sha256[2 * KO_SHA256_SIZE + 1];
        ko_text_hex(s->items[i].photo_sha256, KO_SHA256_SIZE, sha256);
        assert_says(text.data, sha256);
        assert_int_equal(count(text.data, s->items[i].url), 2); /* in the table, at its place */
    }
    ko_buf_free(&text);
    ko_buf images = pdf_says(&pdf, "pdfimages -list %s | awk 'NR > 2 { print $4, $9 }'");
    assert_string_equal(images.data, "1200 jpeg\n1200 jpeg\n");
    ko_buf_free(&images);
    ko_buf_free(&pdf);
}

static void what_sellers_write_does_no_harm(void **state)
{
    stall *s = *state;
    ko_buf pdf = sheet_of(s, s->notice, 0, NULL);
    ko_buf text = pdf_says(&pdf, "pdftotext -layout %s -");
    assert_says(text.data, "Mug \xEF\xBF\xBD[31m\xEF\xBF\xBD\xEF\xBF\xBD \xE9\xB1\xBC\n");
    assert_null(strstr(text.data, "\xE2\x80\xAE"));
    assert_says(text.data, "wwww\xE2\x80\xA6\n");
    assert_true(text.size < 8000); /* the title was cut */
    ko_buf_free(&text);
    ko_buf_free(&pdf);
    /* addresses that are not to be clicked on, and one that is */
    static const char *const urls[] = {"javascript:alert(1)", "file:///etc/passwd",
                                       "https://a.example/') /JS (x", "https://b.example/ok?a=1&b"};
    ko_notice_item items[4];
    for (size_t i = 0; i < 4; i++)
        items[i] = (ko_notice_item){
            .url = urls[i], .item = "", .platform = "", .seller = "", .seller_id = "", .title = ""};
    pdf = sheet_of(s, keep(s, items, 4), 0, NULL);
    assert_sound(&pdf);
    ko_buf links = pdf_says(&pdf, "pdfinfo -url %s | awk 'NR > 1 { print $3 }' | sort -u");
    assert_string_equal(links.data, "https://b.example/ok?a=1&b\n");
    text = pdf_says(&pdf, "pdftotext -layout %s -");
    assert_int_equal(count(text.data, urls[0]), 2);
    assert_int_equal(count(text.data, urls[2]), 2);
    assert_null(strstr(text.data, "Photo SHA-256"));
    ko_buf_free(&text);
    ko_buf_free(&links);
    ko_buf_free(&pdf);
}

static void nothing_tells_of_the_users_machine(void **state)
{
    stall *s = *state;
    ko_buf pdf = sheet_of(s, s->notice, 0, NULL);
    ko_buf whole = pdf_says(&pdf, "{ qpdf --qdf %s -; }");
    ko_buf text = pdf_says(&pdf, "pdftotext %s -");
    assert_true(whole.size > pdf.size / 2);
    for (size_t i = 0; i + 20 < whole.size; i++) {
        assert_false(memcmp(whole.data + i, s->m->folder, strlen(s->m->folder)) == 0);
        assert_false(memcmp(whole.data + i, "/market/", 8) == 0);
    }
    assert_null(strstr(text.data, s->m->folder));
    assert_null(strstr(text.data, "/market/"));
    ko_buf_free(&text);
    ko_buf_free(&whole);
    ko_buf_free(&pdf);
}

static void what_is_gone_has_its_words_alone(void **state)
{
    stall *s = *state;
    char line[256] = "";
    ko_problems problems = {.say = take_line, .context = line};
    assert_int_equal(unlink(s->photos[0]), 0);
    ko_buf pdf = sheet_of(s, s->notice, 0, &problems);
    assert_int_equal(problems.count, 1);
    assert_says(line, MUG ": no picture: ");
    assert_says(line, "No such file or directory");
    assert_sound(&pdf);
    ko_buf images = pdf_says(&pdf, "pdfimages -list %s | awk 'NR > 2 { print $4 }'");
    assert_string_equal(images.data, "1200\n");
    ko_buf_free(&images);
    assert_true(pdf_says_so(&pdf, "pdftotext -layout %s -", "They could not be read again"));
    ko_buf_free(&pdf);
    /* the notice outlives the work */
    assert_int_equal(ko_work_remove(s->m->store, 1, NULL), KO_OK);
    problems.count = 0;
    pdf = sheet_of(s, s->notice, 0, &problems);
    assert_int_equal(problems.count, 2);
    assert_sound(&pdf);
    ko_buf text = pdf_says(&pdf, "pdftotext -layout %s -");
    char sha256[2 * KO_SHA256_SIZE + 1];
    ko_text_hex(s->items[0].photo_sha256, KO_SHA256_SIZE, sha256);
    assert_says(text.data, "KO-000001 goldfish");
    assert_says(text.data, sha256);
    ko_buf_free(&text);
    ko_buf_free(&pdf);
}

static ko_status take_id(void *context, const ko_notice_item *item)
{
    int64_t *last = context;
    *last = item->id;
    return KO_OK;
}

static void only_the_listings_asked_for_are_shown(void **state)
{
    stall *s = *state;
    ko_store *store = s->m->store;
    size_t changed = 0;
    int64_t last = 0;
    ko_notice_event event = {.notice_id = s->notice, .state = KO_NOTICE_FILED, .on = 20800};
    assert_int_equal(ko_notice_tell(store, &event, NULL, 0, &changed, NULL), KO_OK);
    assert_int_equal(ko_notice_item_each(store, s->notice, 0, take_id, &last, NULL), KO_OK);
    event.state = KO_NOTICE_COUNTERED;
    assert_int_equal(ko_notice_tell(store, &event, &last, 1, &changed, NULL), KO_OK);
    ko_buf pdf = sheet_of(s, s->notice, 1U << KO_NOTICE_COUNTERED, NULL);
    ko_buf text = pdf_says(&pdf, "pdftotext -layout %s -");
    assert_says(text.data, "Listing 1 of 1");
    assert_says(text.data, s->items[1].url);
    assert_null(strstr(text.data, s->items[0].url));
    ko_buf_free(&text);
    ko_buf_free(&pdf);
}

static void the_same_notice_gives_the_same_bytes(void **state)
{
    stall *s = *state;
    ko_buf one = sheet_of(s, s->notice, 0, NULL), two = sheet_of(s, s->notice, 0, NULL);
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.data, two.data, one.size);
    assert_true(pdf_says_so(&one, "pdfinfo -isodates %s", "2026-11-22T00:00:00Z"));
    ko_buf_free(&one);
    ko_buf_free(&two);
    ko_error err = {0};
    assert_int_equal(ko_evidence_sheet(s->m->store, 7, 0, "", NULL, &one, &err), KO_E_NOT_FOUND);
    assert_string_equal(err.text, "no notice 7");
    one.max = 30000;
    err = (ko_error){0};
    assert_int_equal(ko_evidence_sheet(s->m->store, s->notice, 0, "", NULL, &one, &err),
                     KO_E_NOMEM);
    assert_null(one.data);
}

/* A sample of all allocations is refused, with and without those after it. */
static void memory_may_end_at_any_moment(void **state)
{
    stall *s = *state;
    const int64_t notice = keep(s, s->items, 1);
    for (int sticky = 0; sticky <= 1; sticky++)
        for (unsigned nth = 1;; nth += 1 + nth / 3) {
            ko_buf pdf = KO_BUF(KO_MAX_EVIDENCE_PDF_BYTES);
            const long live = ko_alloc_live();
            ko_alloc_fault(nth, sticky);
            const ko_status st =
                ko_evidence_sheet(s->m->store, notice, 0, "Knockoff 1.0", NULL, &pdf, NULL);
            const unsigned hits = ko_alloc_fault_hits();
            ko_alloc_fault(0, 0);
            assert_int_equal(st, hits ? KO_E_NOMEM : KO_OK);
            assert_true(st == KO_OK || !pdf.data);
            ko_buf_free(&pdf);
            assert_int_equal(ko_alloc_live(), live);
            if (!hits)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_that_is_known_stands_beside_the_pictures, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_sellers_write_does_no_harm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_tells_of_the_users_machine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_gone_has_its_words_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_the_listings_asked_for_are_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_notice_gives_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_end_at_any_moment, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
