/* A database that an older Knockoff left: nothing is lost, and what it could not find is. */
#include "market.h"

#include "store/alias.h"
#include "store/allow.h"
#include "store/decision.h"
#include "store/negative.h"
#include "store/notice.h"
#include "store/paper.h"
#include "store/profile.h"
#include "store/remark.h"
#include "store/source.h"
#include "store/web.h"

#include <sqlite3.h>

/* The dump of an older schema with its pictures in the given folder, in place of the market's
 * database. */
static void open_older(market *m, int schema, const char *folder)
{
    static const char placeholder[] = "@MARKET@";
    ko_buf dump = KO_BUF(1 << 20), sql = KO_BUF(1 << 20);
    char path[256];
    (void)snprintf(path, sizeof path, "%s/database/schema-%d.sql", KO_FIXTURES, schema);
    assert_int_equal(ko_file_read(path, &dump, NULL), KO_OK);
    for (const char *at = dump.data; *at;) {
        const char *next = strstr(at, placeholder);
        const size_t n = next ? (size_t)(next - at) : strlen(at);
        assert_int_equal(ko_buf_append(&sql, at, n), KO_OK);
        if (next)
            assert_int_equal(ko_buf_text(&sql, folder), KO_OK);
        at += n + (next ? sizeof placeholder - 1 : 0);
    }
    (void)snprintf(path, sizeof path, "%s/older.db", m->folder);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql.data, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    ko_buf_free(&dump);
    ko_buf_free(&sql);
    ko_store_close(m->store);
    m->store = NULL;
    assert_int_equal(ko_store_open(path, KO_STORE_OPEN, &m->store, NULL), KO_OK);
}

static ko_status number(void *context, const ko_candidate *c)
{
    int64_t *of_goldfish_pin = context;
    if (strstr(c->photo->path, "goldfish-pin"))
        *of_goldfish_pin = c->id;
    return KO_OK;
}

static void what_was_found_stays_and_prints_are_found_now(void **state)
{
    market *m = *state;
    open_older(m, 1, KO_FIXTURES "/market");
    ko_buf before = queue_of(m);
    assert_string_equal(before.data, "goldfish<goldfish-pin.jpg 13.296000\n");
    const ko_scan_counts counts = scan_all(m);
    assert_int_equal(m->problems.count, 0);
    assert_int_equal(counts.photos_read + counts.photos_gone, 0);
    assert_int_equal(counts.new_candidates, 1);
    ko_buf after = queue_of(m);
    assert_non_null(strstr(after.data, "goldfish<goldfish-mug.jpg"));
    int64_t id = 0;
    const ko_candidate_filter all = {.all = true};
    assert_int_equal(ko_candidate_each(m->store, &all, number, &id, NULL), KO_OK);
    assert_int_equal(id, 1);
    assert_int_equal(scan_all(m).pairs_found, 0);
    ko_buf_free(&before);
    ko_buf_free(&after);
}

static void files_that_are_gone_are_named_and_the_rest_goes_on(void **state)
{
    market *m = *state;
    open_older(m, 1, "/nowhere");
    const ko_scan_counts counts = scan_all(m);
    assert_int_equal(m->problems.count, 1); /* the work's; photos are counted */
    assert_int_equal(counts.photos_gone, 2);
    assert_int_equal(counts.new_candidates, 0);
    ko_buf queue = queue_of(m);
    assert_string_equal(queue.data, "goldfish<goldfish-pin.jpg 13.296000\n");
    ko_buf_free(&queue);
}

static ko_status write_listing(void *context, const ko_seen *seen)
{
    const ko_listing *r = &seen->record;
    ko_status st = ko_buf_printf(
        context, "%lld %s %s|%s|%s|%s|%s %lld|%lld..%lld|", (long long)seen->id,
        r->key[0] == '/' ? "(path)" : r->key, r->url, r->title, r->seller, r->price, r->currency,
        (long long)r->amount.low_minor, (long long)seen->first_seen, (long long)seen->last_seen);
    for (size_t i = 0; st == KO_OK && i < r->n_pictures; i++)
        st = ko_buf_printf(context, " %s", ko_path_name(r->pictures[i].path));
    return st == KO_OK ? ko_buf_text(context, "\n") : st;
}

static ko_status write_candidate(void *context, const ko_candidate *c)
{
    return ko_buf_printf(context, "%lld: listing %lld, %zu photos\n", (long long)c->id,
                         (long long)c->listing->id, c->n_photos_matched);
}

/* Two URLs of one listing were two listings to the second schema, each with its candidate. */
static void two_urls_of_one_listing_become_one(void **state)
{
    market *m = *state;
    open_older(m, 2, KO_FIXTURES "/market");
    ko_buf text = KO_BUF(1 << 20);
    assert_int_equal(ko_seen_each(m->store, 0, write_listing, &text, NULL), KO_OK);
    assert_string_equal(text.data,
                        "1 etsy:1234567890 https://www.etsy.com/listing/1234567890|Goldfish Pin|"
                        "PinPalace88|5,20 €|EUR 520|1795311289..1795318489|"
                        " goldfish-mug.jpg goldfish-pin.jpg\n"
                        "2 https://stall.test/p/goldfish-pin https://stall.test/p/goldfish-pin|"
                        "Goldfish Pin gold|Koi & Co|£4,80|GBP 480|1795314889..1795314889|"
                        " goldfish-pin.jpg\n"
                        "4 (path) |||| 0|1795314889..1795314889| cats-clipart.webp\n");
    ko_buf_clear(&text);
    const ko_candidate_filter filter = {0};
    assert_int_equal(ko_candidate_each(m->store, &filter, write_candidate, &text, NULL), KO_OK);
    assert_string_equal(text.data, "1: listing 1, 2 photos\n2: listing 2, 1 photos\n");
    ko_buf_free(&text);
}

/* --- from the third schema on --- */

static ko_status write_state(void *context, const ko_candidate *c)
{
    return ko_buf_printf(context, "%s of %s%s%s: %s%s%s\n", c->work->fields.title,
                         c->listing->record.title, c->listing->record.platform[0] ? " on " : "",
                         c->listing->record.platform, ko_candidate_state_name(c->state),
                         c->decision.who[0] ? " by " : "", c->decision.who);
}

static ko_status write_source(void *context, const ko_source *source)
{
    return ko_buf_printf(context, "%s every %lld s\n", source->url, (long long)source->every_s);
}

static ko_status write_picture(void *context, const ko_web_picture *picture)
{
    return ko_buf_printf(context, "to fetch: %s\n", picture->url);
}

/* What people decided nothing about stays open, and where things come from is known. */
static void nothing_of_the_third_schema_is_lost(void **state)
{
    market *m = *state;
    open_older(m, 3, KO_FIXTURES "/market");
    ko_buf text = KO_BUF(1 << 20);
    double threshold = 0;
    const ko_candidate_filter filter = {0};
    assert_int_equal(ko_candidate_each(m->store, &filter, write_state, &text, NULL), KO_OK);
    assert_int_equal(ko_source_each(m->store, NULL, write_source, &text, NULL), KO_OK);
    assert_int_equal(ko_web_picture_each_new(m->store, 0, INT64_MAX, 9, write_picture, &text, NULL),
                     KO_OK);
    assert_string_equal(text.data, "Wolf Spirit (night edition) of Wolf Pin: open\n"
                                   "goldfish of Goldfish Pin on etsy: open\n"
                                   "goldfish of Goldfish mug on aliexpress: open\n"
                                   "https://stall.test/ every 21600 s\n"
                                   "to fetch: https://stall.test/i/cats.jpg\n");
    assert_int_equal(ko_store_threshold(m->store, &threshold, NULL), KO_OK);
    assert_true(threshold == 5.5);
    assert_int_equal(scan_all(m).photos_read, 0);
    ko_buf_free(&text);
}

static ko_status write_work(void *context, const ko_work *work)
{
    const ko_work_fields *f = &work->fields;
    return ko_buf_printf(context, "%s by %s, %s %s\n", f->title, f->author, f->published_on,
                         f->published_in);
}

static ko_status write_paper(void *context, const ko_paper *paper)
{
    return ko_buf_printf(context, "%s %s\n", ko_paper_role_name(paper->role),
                         ko_path_name(paper->path));
}

static ko_status write_allow(void *context, const ko_allow *allow)
{
    char words[KO_ALLOW_WORDS_SIZE];
    ko_allow_words(allow, words);
    return ko_buf_printf(context, "allowed: %s\n", words);
}

static ko_status write_negative(void *context, const ko_negative *negative)
{
    return ko_buf_printf(context, "never counts: %s\n", ko_path_name(negative->path));
}

static ko_status write_act(void *context, const ko_act *act, const ko_decision *decision)
{
    return ko_buf_printf(context, "%s%s %lld\n", act->verb, act->undone ? " (taken back)" : "",
                         (long long)(decision ? decision->candidate_id : 0));
}

static void nothing_that_was_decided_under_the_fourth_schema_is_lost(void **state)
{
    market *m = *state;
    open_older(m, 4, KO_FIXTURES "/market");
    ko_buf text = KO_BUF(1 << 20);
    ko_user user;
    const ko_candidate_filter filter = {0};
    assert_int_equal(ko_candidate_each(m->store, &filter, write_state, &text, NULL), KO_OK);
    assert_int_equal(ko_work_each(m->store, 1, write_work, &text, NULL), KO_OK);
    assert_int_equal(ko_paper_each(m->store, 1, write_paper, &text, NULL), KO_OK);
    assert_int_equal(ko_allow_each(m->store, 0, write_allow, &text, NULL), KO_OK);
    assert_int_equal(ko_negative_each(m->store, 0, write_negative, &text, NULL), KO_OK);
    assert_int_equal(ko_act_each(m->store, 0, write_act, &text, NULL), KO_OK);
    assert_string_equal(text.data,
                        "Wolf Spirit (night edition) of Wolf Pin: rejected by A. Ärtist\n"
                        "goldfish of Goldfish Pin on etsy: accepted by A. Ärtist\n"
                        "goldfish of Goldfish mug on aliexpress: open\n"
                        "goldfish by Ann Ärtist, 2021-05-04 DE\n"
                        "evidence goldfish.png\n"
                        "allowed: Koi & Co on stall.test\n"
                        "never counts: wolf-enamel-pin.jpg\n"
                        "accept 1\nreject 3\nunsure (taken back) 2\nundo 2\nallow 0\n");
    assert_int_equal(ko_profile_read(m->store, &user, NULL), KO_OK);
    assert_string_equal(user.text[KO_PROFILE_LEGAL_NAME], "Ann Ärtist");
    ko_profile_free(&user);
    ko_buf_free(&text);
}

static void what_was_decided_earlier_can_be_taken_back_and_complained_about(void **state)
{
    market *m = *state;
    ko_undone undone;
    int64_t notice = 0;
    size_t changed = 0;
    const ko_notice about = {.channel = "etsy",
                             .work_id = 1,
                             .serial = "KO-000001",
                             .work_title = "",
                             .host = "",
                             .reason = "",
                             .part = 1,
                             .parts = 1,
                             .who = "",
                             .folder = ""};
    const ko_notice_item item = {.candidate_id = 1,
                                 .listing_id = 1,
                                 .url = "",
                                 .item = "",
                                 .platform = "etsy",
                                 .seller = "",
                                 .seller_id = "",
                                 .title = ""};
    const ko_remark remark = {.listing_id = 1, .work = "", .name = "notes", .text = "seen"};
    open_older(m, 4, KO_FIXTURES "/market");
    assert_int_equal(ko_act_undo(m->store, "Ann", &undone, NULL), KO_OK);
    assert_string_equal(undone.verb, "allow");
    assert_int_equal(ko_act_undo(m->store, "Ann", &undone, NULL), KO_OK);
    assert_string_equal(undone.verb, "reject");
    ko_buf text = KO_BUF(1 << 20);
    assert_int_equal(ko_negative_each(m->store, 0, write_negative, &text, NULL), KO_OK);
    assert_null(text.data);
    assert_int_equal(ko_store_begin(m->store, NULL), KO_OK);
    assert_int_equal(ko_notice_add(m->store, &about, &item, 1, &notice, NULL), KO_OK);
    assert_int_equal(ko_store_commit(m->store, NULL), KO_OK);
    const ko_notice_event filed = {.notice_id = notice, .state = KO_NOTICE_FILED, .on = 30000};
    assert_int_equal(ko_notice_tell(m->store, &filed, NULL, 0, &changed, NULL), KO_OK);
    assert_int_equal(changed, 1);
    assert_int_equal(ko_remark_put(m->store, &remark, NULL), KO_OK);
    ko_buf_free(&text);
}

static ko_status write_item(void *context, const ko_notice_item *item)
{
    return ko_buf_printf(context, "%s: %s\n", item->url, ko_notice_state_name(item->state));
}

static ko_status write_alias(void *context, const ko_alias *alias)
{
    return ko_buf_printf(context, "%s is %s\n", alias->text[0], alias->text[1]);
}

/* Cases go on, and what a scan finds now is looked through like anything that is new. */
static void nothing_of_the_fifth_schema_is_lost(void **state)
{
    market *m = *state;
    open_older(m, 5, KO_FIXTURES "/market");
    ko_buf text = KO_BUF(1 << 20);
    const ko_candidate_filter filter = {0};
    assert_int_equal(ko_candidate_each(m->store, &filter, write_state, &text, NULL), KO_OK);
    assert_int_equal(ko_notice_item_each(m->store, 0, 0, write_item, &text, NULL), KO_OK);
    assert_int_equal(ko_alias_each(m->store, write_alias, &text, NULL), KO_OK);
    assert_string_equal(text.data,
                        "Wolf Spirit (night edition) of Wolf Pin: rejected by A. Ärtist\n"
                        "goldfish of Goldfish Pin on etsy: accepted by A. Ärtist\n"
                        "goldfish of Goldfish mug on aliexpress: open\n"
                        "https://www.etsy.com/listing/1234567890: removed\n"
                        "PinPalace88 is Pin Co\n");
    assert_int_equal(scan_all(m).new_candidates, 0);
    ko_buf_free(&text);
}

int main(void)
{
#define MARKET_TEST(f) cmocka_unit_test_setup_teardown(f, open_market, close_market)
    const struct CMUnitTest tests[] = {
        MARKET_TEST(what_was_found_stays_and_prints_are_found_now),
        MARKET_TEST(files_that_are_gone_are_named_and_the_rest_goes_on),
        MARKET_TEST(two_urls_of_one_listing_become_one),
        MARKET_TEST(nothing_of_the_third_schema_is_lost),
        MARKET_TEST(nothing_that_was_decided_under_the_fourth_schema_is_lost),
        MARKET_TEST(what_was_decided_earlier_can_be_taken_back_and_complained_about),
        MARKET_TEST(nothing_of_the_fifth_schema_is_lost),
    };
    return cmocka_run_group_tests_name("scan/older", tests, NULL, NULL);
}
