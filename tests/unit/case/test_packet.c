/* The folder that a notice is filed from: what the form wants, nothing of strangers that could do
 * harm, nothing of the user that is not meant for others. */
#include "case/packet.h"
#include "case/plan.h"

#include "case/accepted.h"
#include "case/told.h"

#include "base/file.h"
#include "base/limits.h"
#include "report/digest.h"
#include "store/paper.h"

#include <dirent.h>
#include <jansson.h>

#define ART KO_FIXTURES "/market/works/Geranium.png"

typedef struct desk {
    fixture *f;
    ko_store *store;
    ko_kit kit;
    ko_user user;
    int64_t work, view;
    int n_offers;
    char root[96], proof[96];
    ko_packet_options options;
    bool is_unsigned; /* of the packet written last */
} desk;

/* A view whose file is there, so that it can be marked. */
static int64_t real_view(ko_store *store, int64_t work)
{
    int64_t id = 0;
    ko_view view = plain_view(work, 1);
    view.path = ART;
    assert_int_equal(ko_file_digest(ART, KO_MAX_IMAGE_BYTES, view.sha256, &view.bytes, NULL),
                     KO_OK);
    assert_int_equal(ko_view_add(store, &view, &id, NULL), KO_OK);
    return id;
}

static desk *open_desk(void **state)
{
    desk *d = calloc(1, sizeof *d);
    assert_non_null(d);
    d->f = *state;
    d->store = d->f->store;
    d->user = full_user();
    open_kit(&d->kit);
    d->work = full_work(d->store, "Geranium");
    d->view = real_view(d->store, d->work);
    (void)snprintf(d->root, sizeof d->root, "%s/out", d->f->folder);
    (void)snprintf(d->proof, sizeof d->proof, "%s/proof", d->f->folder);
    d->options = (ko_packet_options){.kit = &d->kit,
                                     .user = &d->user,
                                     .proof_folder = d->proof,
                                     .software = "Knockoff",
                                     .without_evidence = true};
    return d;
}

/* Removes all files below a folder, and the folders. */
static void remove_below(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char inside[512];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        if (unlink(inside) != 0)
            remove_below(inside);
    }
    (void)closedir(folder);
    assert_int_equal(rmdir(path), 0);
}

static void close_desk(desk *d)
{
    remove_below(d->root);
    remove_below(d->proof);
    ko_kit_close(&d->kit);
    free(d);
}

static void offer(desk *d, const char *url, const char *title, const char *seller)
{
    put_offer(d->store, url, title, seller, ++d->n_offers);
    assert_int_equal(add_match(d->store, d->work, d->view, d->n_offers, 9), 1);
}

/* Plans and keeps all that can be: notices from 1 on. */
static void keep_all(desk *d, ko_plan_request request)
{
    ko_plan *plan = NULL;
    ko_error err = {0};
    if (ko_plan_make(d->store, &d->kit, &d->user, &request, &plan, &err) != KO_OK ||
        ko_plan_keep(d->store, plan, "Ann Artist", &err) != KO_OK)
        fail_msg("%s", err.text);
    ko_plan_free(plan);
}

static void write_packet(desk *d, int64_t notice)
{
    ko_error err = {0};
    if (ko_packet_write(d->store, notice, d->root, &d->options, &d->is_unsigned, &err) != KO_OK)
        fail_msg("%s", err.text);
}

static char *read_text(const char *folder, const char *name)
{
    char path[512];
    ko_buf text = KO_BUF(1 << 20);
    ko_error err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    if (ko_file_read(path, &text, &err) != KO_OK)
        fail_msg("%s", err.text);
    return text.data;
}

static void assert_file(const desk *d, const char *folder, const char *name, const char *expected)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", d->root, folder);
    char *text = read_text(path, name);
    assert_string_equal(text, expected);
    ko_free(text);
}

static bool is_there(const desk *d, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", d->root, name);
    return access(path, F_OK) == 0;
}

/* --- what is in it --- */

static void assert_digests(const desk *d, const char *folder, const json_t *files)
{
    size_t i;
    json_t *file;
    json_array_foreach(files, i, file)
    {
        char path[256], hex[65];
        uint8_t sha256[32];
        int64_t bytes = 0;
        (void)snprintf(path, sizeof path, "%s/%s/%s", d->root, folder,
                       json_string_value(json_object_get(file, "name")));
        assert_int_equal(ko_file_digest(path, 1 << 24, sha256, &bytes, NULL), KO_OK);
        for (size_t k = 0; k < 32; k++)
            (void)snprintf(hex + 2 * k, 3, "%02x", sha256[k]);
        assert_string_equal(json_string_value(json_object_get(file, "sha256")), hex);
        assert_int_equal(json_integer_value(json_object_get(file, "bytes")), bytes);
    }
}

static void lists_are_as_the_form_wants_them(void **state)
{
    desk *d = open_desk(state);
    offer(d, "https://de.aliexpress.com/item/1005003145192016.html?spm=a2g0o", "pin", "shop");
    offer(d, "https://www.ebay.de/itm/Pin/223456789012?var=1", "pin", "shop");
    offer(d, "https://art-copies.example/p/7?utm_source=x", "pin", "shop");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){0});
    for (int64_t notice = 1; notice <= 3; notice++) {
        write_packet(d, notice);
        assert_int_equal(d->is_unsigned, notice == 1); /* nobody else asks for a signature */
    }
    assert_file(d, "0001-alibaba-ipp-KO-000001", "urls.txt",
                "https://www.aliexpress.com/item/1005003145192016.html\n");
    assert_false(is_there(d, "0001-alibaba-ipp-KO-000001/letter.pdf"));
    assert_file(d, "0002-ebay-noci-KO-000001", "items.txt", "223456789012\n");
    assert_file(d, "0002-ebay-noci-KO-000001", "reason.txt",
                "The item bears an unlawful copy of my work.\n");
    assert_true(is_there(d, "0002-ebay-noci-KO-000001/letter.pdf"));
    assert_file(d, "0003-dmca-host-KO-000001-art-copies.example", "urls.txt",
                "https://art-copies.example/p/7\n");
    assert_int_equal(number(d->store, "SELECT count(*) FROM notice WHERE folder = ''"), 0);
    close_desk(d);
}

static void a_notice_for_programs(void **state)
{
    desk *d = open_desk(state);
    offer(d, "https://www.etsy.com/listing/11", "pin", "shop");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){0});
    write_packet(d, 1);
    char path[256];
    (void)snprintf(path, sizeof path, "%s/0001-etsy-KO-000001/notice.json", d->root);
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    const char *url = NULL, *phone = NULL, *most = NULL;
    assert_int_equal(json_unpack(json, "{s:[{s:s}], s:{s:s}, s:{s:{s:s}}}", "items", "url", &url,
                                 "complainant", "phone", &phone, "sources", "etsy-help",
                                 "checked_on", &most),
                     0);
    assert_string_equal(url, "https://www.etsy.com/listing/11");
    assert_string_equal(phone, "+64 3 555 0000");
    const json_t *files = json_object_get(json, "files");
    assert_int_equal(json_array_size(files), 6); /* all but itself */
    assert_digests(d, "0001-etsy-KO-000001", files);
    json_decref(json);
    close_desk(d);
}

static void the_checklist_says_what_to_do(void **state)
{
    desk *d = open_desk(state);
    static const char *const lines[] = {
        "Notice 1: Alibaba IPP, with an account, KO-000001 Geranium\n",
        " Open https://ipp.alibabagroup.com [",
        "paste all of urls.txt: 1 URL, one a line [",
        "choose \"Pirated copy\" and paste reason.txt beside it [",
        "knockoff proof KO-000001 --sign KEY.p12",
        "/papers/post.png (evidence)\n",
        "knockoff notice filed 1 --ref NUMBER\n",
        "  - YOU: answer the counter-notice",
        "Where these rules are from",
    };
    const ko_paper paper = {.role = KO_PAPER_EVIDENCE, .path = "/papers/post.png", .bytes = 1};
    assert_int_equal(ko_paper_add(d->store, d->work, &paper, NULL), KO_OK);
    offer(d, "https://www.aliexpress.com/item/1005003145192016.html", "pin", "shop");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){0});
    write_packet(d, 1);
    char path[256];
    (void)snprintf(path, sizeof path, "%s/0001-alibaba-ipp-KO-000001", d->root);
    char *text = read_text(path, "CHECKLIST.txt");
    const char *at = text;
    for (size_t i = 0; at && i < sizeof lines / sizeof *lines; i++) {
        at = strstr(at, lines[i]); /* in this order */
        if (!at)
            fail_msg("no \"%s\" in its place in\n%s", lines[i], text);
    }
    ko_free(text);
    close_desk(d);
}

/* --- what is not in it --- */

/* Calls fn for each file of all packets with its name and text. */
static void each_file(const desk *d, void (*fn)(const char *name, const char *text, size_t n))
{
    ko_paths paths = {0};
    assert_int_equal(ko_paths_walk(&paths, d->root, NULL, NULL), KO_OK);
    assert_true(paths.count > 0);
    for (size_t i = 0; i < paths.count; i++) {
        ko_buf text = KO_BUF(1 << 24);
        assert_int_equal(ko_file_read(paths.path[i], &text, NULL), KO_OK);
        fn(ko_path_name(paths.path[i]), text.data, text.size);
        ko_buf_free(&text);
    }
    ko_paths_free(&paths);
}

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static void assert_harmless(const char *name, const char *text, size_t n)
{
    if (!ends_with(name, ".txt") && !ends_with(name, ".json"))
        return;
    for (size_t i = 0; i < n; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\n') || text[i] == 0x7f)
            fail_msg("%s: byte %zu is 0x%02x", name, i, (unsigned char)text[i]);
    assert_null(strstr(text, "\xE2\x80\xAE")); /* writes from right to left */
    assert_null(strstr(text, "\n=HYPERLINK"));
    assert_null(strstr(text, "\nforged line"));
}

static void words_of_strangers_stay_words(void **state)
{
    desk *d = open_desk(state);
    static const char *const friendly[] = {"friendly"};
    static const char hostile[] = "=HYPERLINK(\"http://x\")\x1b[31m\xE2\x80\xAEnip\nforged line";
    offer(d, "https://art-copies.example/p/7", hostile, hostile);
    offer(d, "https://www.etsy.com/listing/11", hostile, hostile);
    accept(d->store, 0, true);
    execute(d->store, "UPDATE listing SET title = char(27) || title, seller = seller || char(10)");
    keep_all(d, (ko_plan_request){.work_id = d->work, .channels = friendly, .n_channels = 1});
    write_packet(d, 1);
    write_packet(d, 2);
    each_file(d, assert_harmless);
    close_desk(d);
}

static bool has(const char *text, size_t n, const char *what)
{
    const size_t m = strlen(what);
    for (size_t i = 0; i + m <= n; i++)
        if (memcmp(text + i, what, m) == 0)
            return true;
    return false;
}

static void assert_private(const char *name, const char *text, size_t n)
{
    if (has(text, n, "Hidden Lane") || has(text, n, "555 7777"))
        fail_msg("%s tells what is private", name);
    if (has(text, n, KO_FIXTURES) && strcmp(name, "CHECKLIST.txt") != 0)
        fail_msg("%s tells where the user's files are", name);
}

static void nothing_private_goes_out(void **state)
{
    desk *d = open_desk(state);
    offer(d, "https://art-copies.example/p/7", "pin", "shop");
    offer(d, "https://www.ebay.com/itm/223456789012", "pin", "shop");
    offer(d, "https://www.temu.com/goods.html?goods_id=601091", "pin", "shop");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){0});
    for (int64_t notice = 1; notice <= 3; notice++)
        write_packet(d, notice);
    each_file(d, assert_private);
    close_desk(d);
}

/* --- folders --- */

static void put_text(const char *path, const char *text)
{
    assert_int_equal(ko_file_write(path, text, strlen(text), NULL), KO_OK);
}

/* A proof that is kept, such as a statement that was signed, is not made again. */
static void proof_that_is_kept_is_taken(void **state)
{
    desk *d = open_desk(state);
    char path[256];
    offer(d, "https://www.etsy.com/listing/11", "pin", "shop");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){0});
    assert_int_equal(ko_folder_make(d->proof, NULL), KO_OK);
    (void)snprintf(path, sizeof path, "%s/KO-000001-proof.jpg", d->proof);
    put_text(path, "picture");
    (void)snprintf(path, sizeof path, "%s/KO-000001-statement.pdf", d->proof);
    put_text(path, "signed /ByteRange [0 1 2 3]");
    write_packet(d, 1);
    assert_file(d, "0001-etsy-KO-000001", "proof.jpg", "picture");
    assert_file(d, "0001-etsy-KO-000001", "statement.pdf", "signed /ByteRange [0 1 2 3]");
    (void)snprintf(path, sizeof path, "%s/0001-etsy-KO-000001", d->root);
    char *text = read_text(path, "CHECKLIST.txt");
    assert_non_null(strstr(text, "statement.pdf  the Copyright Claim Statement, signed\n"));
    ko_free(text);
    close_desk(d);
}

/* What a try that was killed left is replaced, before and after it got its name. */
static void a_packet_is_whole_or_not_there(void **state)
{
    desk *d = open_desk(state);
    char path[256];
    offer(d, "https://www.etsy.com/listing/11", "pin", "shop");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){0});
    (void)snprintf(path, sizeof path, "%s/0001-etsy-KO-000001.part", d->root);
    assert_int_equal(ko_folder_make(path, NULL), KO_OK);
    (void)snprintf(path, sizeof path, "%s/0001-etsy-KO-000001.part/half", d->root);
    put_text(path, "ha");
    write_packet(d, 1);
    assert_false(is_there(d, "0001-etsy-KO-000001.part"));
    assert_false(is_there(d, "0001-etsy-KO-000001/half"));
    execute(d->store, "UPDATE notice SET folder = ''");
    (void)snprintf(path, sizeof path, "%s/0001-etsy-KO-000001/urls.txt", d->root);
    assert_int_equal(unlink(path), 0);
    write_packet(d, 1);
    assert_true(is_there(d, "0001-etsy-KO-000001/urls.txt"));
    close_desk(d);
}

static void withdraw(const desk *d, int64_t item)
{
    const ko_notice_event event = {.notice_id = 1, .state = KO_NOTICE_WITHDRAWN, .on = 99999};
    size_t changed = 0;
    assert_int_equal(ko_notice_tell(d->store, &event, &item, 1, &changed, NULL), KO_OK);
}

static void what_was_withdrawn_is_not_in_it(void **state)
{
    const char *folder = "0001-etsy-KO-000001";
    char path[160];
    desk *d = open_desk(state);
    offer(d, "https://www.etsy.com/listing/1", "One", "A");
    offer(d, "https://www.etsy.com/listing/2", "Two", "B");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){0});
    write_packet(d, 1);
    withdraw(d, 2);
    assert_int_equal(ko_packet_remove(d->store, 1, NULL), KO_OK);
    assert_false(is_there(d, folder));
    write_packet(d, 1);
    assert_file(d, folder, "urls.txt", "https://www.etsy.com/listing/1\n");
    (void)snprintf(path, sizeof path, "%s/%s", d->root, folder);
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = {"letter.txt", "notice.json", "CHECKLIST.txt"};
        char *text = read_text(path, names[i]);
        assert_null(strstr(text, "listing/2"));
        ko_free(text);
    }
    withdraw(d, 1);
    assert_int_equal(ko_packet_remove(d->store, 1, NULL), KO_OK);
    assert_int_equal(ko_packet_write(d->store, 1, d->root, &d->options, &d->is_unsigned, NULL),
                     KO_E_NOT_FOUND);
    assert_int_equal(ko_packet_remove(d->store, 9, NULL), KO_E_NOT_FOUND);
    close_desk(d);
}

/* Another database numbers its notices alike. */
static void packets_of_others_stay(void **state)
{
    desk *d = open_desk(state);
    ko_error err = {0};
    char path[256];
    offer(d, "https://www.etsy.com/listing/11", "pin", "shop");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){0});
    write_packet(d, 1);
    execute(d->store, "UPDATE notice SET folder = '', built_at = 7");
    assert_int_equal(ko_packet_write(d->store, 1, d->root, &d->options, &d->is_unsigned, &err),
                     KO_E_EXISTS);
    (void)snprintf(path, sizeof path, "%s/0001-etsy-KO-000001: is there already", d->root);
    assert_memory_equal(err.text, path, strlen(path));
    assert_true(is_there(d, "0001-etsy-KO-000001/urls.txt"));
    close_desk(d);
}

static void what_it_rests_on_must_be_there(void **state)
{
    desk *d = open_desk(state);
    ko_error err = {0};
    assert_int_equal(ko_packet_write(d->store, 1, d->root, &d->options, &d->is_unsigned, &err),
                     KO_E_NOT_FOUND);
    assert_string_equal(err.text, "there is no notice 1");
    offer(d, "https://www.etsy.com/listing/11", "pin", "shop");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){0});
    d->user.text[KO_PROFILE_PUBLIC_PHONE] = (char *)""; /* forgotten meanwhile */
    err = (ko_error){0};
    assert_int_equal(ko_packet_write(d->store, 1, d->root, &d->options, &d->is_unsigned, &err),
                     KO_E_NOT_FOUND);
    assert_string_equal(err.text, "form.txt: missing: your telephone number (profile.phone)");
    assert_false(is_there(d, "0001-etsy-KO-000001"));
    assert_false(is_there(d, "0001-etsy-KO-000001.part"));
    assert_int_equal(ko_work_remove(d->store, d->work, NULL), KO_OK);
    err = (ko_error){0};
    assert_int_equal(ko_packet_write(d->store, 1, d->root, &d->options, &d->is_unsigned, &err),
                     KO_E_NOT_FOUND);
    assert_string_equal(err.text, "notice 1: work KO-000001 was removed");
    close_desk(d);
}

/* A photo that is gone is said, and its listing has its words alone. */
static void evidence_whose_picture_is_gone(void **state)
{
    desk *d = open_desk(state);
    ko_problems problems = {0};
    d->options.without_evidence = false;
    d->options.problems = &problems;
    offer(d, "https://www.etsy.com/listing/11", "pin", "shop");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){0});
    write_packet(d, 1);
    assert_int_equal(problems.count, 1);
    char path[256];
    (void)snprintf(path, sizeof path, "%s/0001-etsy-KO-000001", d->root);
    char *text = read_text(path, "evidence.pdf");
    assert_memory_equal(text, "%PDF-", 5);
    ko_free(text);
    text = read_text(path, "CHECKLIST.txt");
    assert_non_null(strstr(text, "evidence.pdf   each listing beside the work"));
    ko_free(text);
    close_desk(d);
}

static void an_interface_gets_json(void **state)
{
    desk *d = open_desk(state);
    static const char *const api[] = {"ebay-vero-api"};
    offer(d, "https://www.ebay.com/itm/223456789012", "pin", "shop");
    accept(d->store, 0, true);
    keep_all(d, (ko_plan_request){.channels = api, .n_channels = 1});
    write_packet(d, 1);
    char path[256];
    (void)snprintf(path, sizeof path, "%s/0001-ebay-vero-api-KO-000001", d->root);
    char *text = read_text(path, "vero.json");
    assert_non_null(strstr(text, "\"223456789012\""));
    ko_free(text);
    text = read_text(path, "CHECKLIST.txt");
    assert_non_null(strstr(text, "hold vero.json against the documentation of version 2"));
    ko_free(text);
    close_desk(d);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lists_are_as_the_form_wants_them), TEST(a_notice_for_programs),
        TEST(the_checklist_says_what_to_do),    TEST(words_of_strangers_stay_words),
        TEST(nothing_private_goes_out),         TEST(proof_that_is_kept_is_taken),
        TEST(a_packet_is_whole_or_not_there),   TEST(what_was_withdrawn_is_not_in_it),
        TEST(packets_of_others_stay),           TEST(what_it_rests_on_must_be_there),
        TEST(an_interface_gets_json),           TEST(evidence_whose_picture_is_gone),
    };
    return cmocka_run_group_tests_name("case.packet", tests, NULL, NULL);
}
