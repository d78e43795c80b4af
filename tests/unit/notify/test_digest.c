/* News in words, in JSON, as a feed, and under a signature. */
#include "notify/digest.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "notify/atom.h"
#include "notify/uid.h"
#include "notify/webhook.h"
#include "store/fixture.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

static ko_news_item item(ko_news_kind kind, const char *name)
{
    return (ko_news_item){.kind = kind,
                          .id = 7,
                          .name = name,
                          .serial = "KO-000007",
                          .text = "",
                          .notices = "",
                          .finds = 1,
                          .listings = 1};
}

static char *subject_of(ko_news_item *items, size_t n)
{
    const ko_news news = {.items = items, .n = n};
    ko_buf subject = KO_BUF(1000);
    assert_int_equal(ko_digest_subject(&news, &subject), KO_OK);
    return subject.data;
}

static char *body_of(ko_news_item *items, size_t n)
{
    const ko_news news = {.items = items, .n = n};
    ko_buf body = KO_BUF(KO_MAX_DIGEST_BYTES);
    assert_int_equal(ko_digest_body(&news, &body), KO_OK);
    return body.data;
}

/* --- words --- */

static void a_subject_counts(void **state)
{
    (void)state;
    ko_news_item items[] = {item(KO_NEWS_DUE, "eBay"), item(KO_NEWS_FIND, "Cat"),
                            item(KO_NEWS_FIND, "Fox"), item(KO_NEWS_REMOVED, "Cat"),
                            item(KO_NEWS_SOURCE, "Pins")};
    items[0].day = 20781; /* 2026-11-24 */
    items[1].finds = 11;
    items[3].listings = 2;
    char *subject = subject_of(items, 5);
    assert_string_equal(subject, "Knockoff: 1 answer due by 24 November, 12 new finds, 2 removed, "
                                 "1 source in trouble");
    ko_free(subject);
    subject = subject_of(items + 2, 1);
    assert_string_equal(subject, "Knockoff: 1 new find");
    ko_free(subject);
}

/* What strangers call themselves is in no header. */
static void a_subject_is_of_our_own_words(void **state)
{
    (void)state;
    for (int kind = 0; kind < KO_NEWS_KINDS; kind++) {
        ko_news_item hostile = item((ko_news_kind)kind, "X\r\nBcc: all@m.example");
        hostile.text = hostile.serial = hostile.notices = hostile.name;
        char *subject = subject_of(&hostile, 1);
        for (const char *c = subject; *c; c++)
            assert_true(*c >= ' ' && *c <= '~');
        assert_null(strstr(subject, "Bcc"));
        ko_free(subject);
    }
}

static void a_text_says_what_and_where(void **state)
{
    (void)state;
    ko_news_item items[] = {item(KO_NEWS_DUE, "eBay"), item(KO_NEWS_RETURNED, "Cat"),
                            item(KO_NEWS_FIND, "Fox"), item(KO_NEWS_REMOVED, "Cat")};
    items[0].day = items[3].day = 20781;
    items[0].text = "answer";
    items[0].notices = items[3].notices = "3";
    items[1].notices = "2";
    items[1].best = 9.25;
    items[2].finds = 12;
    items[2].listings = 15;
    items[2].sellers = 4;
    items[2].best = 16;
    char *body = body_of(items, 4);
    assert_string_equal(body, "To be done\n"
                              "  2026-11-24  answer\n"
                              "      eBay, notice 3: 1 listing\n"
                              "\n"
                              "Back again: they go on with an earlier case\n"
                              "  Cat (KO-000007)\n"
                              "      1 find, best score 9.2, earlier notice 2\n"
                              "\n"
                              "New finds\n"
                              "  Fox (KO-000007)\n"
                              "      12 finds in 15 listings of 4 sellers, best score 16.0\n"
                              "\n"
                              "Removed\n"
                              "  Cat (KO-000007)\n"
                              "      1 listing of notice 3, on 2026-11-24\n"
                              "\n"
                              "To see them: knockoff candidates, knockoff due,\n"
                              "or the page of knockoff serve.\n");
    ko_free(body);
}

static void a_long_list_ends_with_how_many_more(void **state)
{
    (void)state;
    ko_news_item items[KO_MAX_DIGEST_ITEMS + 3];
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        items[i] = item(KO_NEWS_WALL, i < KO_MAX_DIGEST_ITEMS ? "a.example" : "z.example");
    char *body = body_of(items, sizeof items / sizeof *items);
    assert_non_null(strstr(body, "  and 3 more\n"));
    assert_null(strstr(body, "z.example"));
    ko_free(body);
}

static void programs_get_all_of_it(void **state)
{
    (void)state;
    ko_news_item items[] = {item(KO_NEWS_FIND, "Cat")};
    int64_t candidates[] = {3, 5};
    const ko_news news = {.items = items, .n = 1, .candidates = candidates, .n_candidates = 2};
    json_t *json = ko_digest_json(&news, "u-1", 1795564800, "s");
    const json_t *first = json_array_get(json_object_get(json, "news"), 0);
    assert_string_equal(json_string_value(json_object_get(json, "digest")), "u-1");
    assert_string_equal(json_string_value(json_object_get(json, "made")), "2026-11-25T00:00:00Z");
    assert_string_equal(json_string_value(json_object_get(first, "kind")), "find");
    assert_true(json_is_null(json_object_get(first, "day")));
    assert_int_equal(json_array_size(json_object_get(json, "candidates")), 2);
    json_decref(json);
}

/* --- the feed --- */

/* How many children of this name an element has; *out_last is the text of the last. */
static size_t children(const xmlNode *parent, const char *name, char out_last[64])
{
    size_t n = 0;
    out_last[0] = '\0';
    for (const xmlNode *c = parent->children; c; c = c->next) {
        if (c->type != XML_ELEMENT_NODE || strcmp((const char *)c->name, name) != 0)
            continue;
        xmlChar *text = xmlNodeGetContent(c);
        (void)snprintf(out_last, 64, "%s", (const char *)text);
        xmlFree(text);
        assert_string_equal((const char *)c->ns->href, "http://www.w3.org/2005/Atom");
        n++;
    }
    return n;
}

static void keep_digest(ko_store *store, int64_t made_at)
{
    char uid[KO_UID_SIZE];
    int64_t id = 0;
    const ko_digest_told told = {.after = number(store, "SELECT ifnull(max(id), 0) FROM digest")};
    assert_int_equal(ko_uid_make(uid, NULL), KO_OK);
    const ko_digest digest = {.uid = uid,
                              .made_at = made_at,
                              .subject = "1 < 2 & 3",
                              .body = "]]> & <script>\n",
                              .json = "{}"};
    assert_int_equal(ko_digest_keep(store, &digest, &told, &id, NULL), KO_OK);
}

/* Writes the feed and reads it again; its own id comes in out_id. */
static xmlDoc *feed_of(ko_store *store, char out_id[64])
{
    ko_buf text = KO_BUF(KO_MAX_ATOM_BYTES);
    ko_error err = {0};
    if (ko_atom_write(store, &text, &err) != KO_OK)
        fail_msg("%s", err.text);
    xmlDoc *doc = xmlReadMemory(text.data, (int)text.size, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    const xmlNode *feed = xmlDocGetRootElement(doc);
    assert_string_equal((const char *)feed->name, "feed");
    assert_int_equal(children(feed, "id", out_id), 1);
    ko_buf_free(&text);
    return doc;
}

/* What RFC 4287, sections 4.1.1 and 4.1.2, asks of a feed and of an entry. */
static void a_feed_has_what_readers_need(void **state)
{
    fixture *f = *state;
    char id[64], again[64], text[64];
    for (size_t i = 0; i < KO_MAX_ATOM_DIGESTS + 1; i++)
        keep_digest(f->store, 1795564800 + (int64_t)i);
    xmlDoc *doc = feed_of(f->store, id);
    const xmlNode *feed = xmlDocGetRootElement(doc);
    size_t n = 0;
    assert_int_equal(strncmp(id, "urn:uuid:", 9), 0);
    assert_int_equal(children(feed, "title", text), 1);
    assert_int_equal(children(feed, "author", text), 1);
    assert_int_equal(children(feed, "updated", text), 1);
    assert_string_equal(text, "2026-11-25T00:00:50Z"); /* the newest's */
    for (const xmlNode *c = feed->children; c; c = c->next) {
        if (c->type != XML_ELEMENT_NODE || strcmp((const char *)c->name, "entry") != 0)
            continue;
        assert_int_equal(children(c, "id", text), 1);
        assert_int_equal(strncmp(text, "urn:uuid:", 9), 0);
        assert_int_equal(children(c, "updated", text), 1);
        assert_int_equal(children(c, "title", text), 1);
        assert_string_equal(text, "1 < 2 & 3");
        assert_int_equal(children(c, "content", text), 1);
        assert_string_equal(text, "]]> & <script>\n");
        n++;
    }
    assert_int_equal(n, KO_MAX_ATOM_DIGESTS);
    xmlFreeDoc(doc);
    xmlFreeDoc(feed_of(f->store, again));
    assert_string_equal(again, id);
}

/* --- the signature --- */

/* As printf '1795564800.{"digest":"u-1"}' | openssl dgst -sha256 -hmac secret says. */
static void a_signature_is_the_hmac_of_moment_and_body(void **state)
{
    (void)state;
    char signature[KO_SIGNATURE_SIZE];
    assert_int_equal(ko_webhook_sign("secret", 1795564800, "{\"digest\":\"u-1\"}", signature),
                     KO_OK);
    assert_string_equal(
        signature,
        "t=1795564800,v1=fc287e4fe0047fd196fd4bd70360e076b0f826f4c84bb0419e2017401e1ebf33");
}

static void uids_are_random_uuids(void **state)
{
    (void)state;
    char one[KO_UID_SIZE], other[KO_UID_SIZE];
    assert_int_equal(ko_uid_make(one, NULL), KO_OK);
    assert_int_equal(ko_uid_make(other, NULL), KO_OK);
    assert_int_equal(strlen(one), KO_UID_SIZE - 1);
    assert_int_equal(one[14], '4');
    assert_non_null(strchr("89ab", one[19]));
    assert_string_not_equal(one, other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subject_counts),
        cmocka_unit_test(a_subject_is_of_our_own_words),
        cmocka_unit_test(a_text_says_what_and_where),
        cmocka_unit_test(a_long_list_ends_with_how_many_more),
        cmocka_unit_test(programs_get_all_of_it),
        cmocka_unit_test_setup_teardown(a_feed_has_what_readers_need, set_up, tear_down),
        cmocka_unit_test(a_signature_is_the_hmac_of_moment_and_body),
        cmocka_unit_test(uids_are_random_uuids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
