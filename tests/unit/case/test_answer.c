/* What an answer to a counter-notice says, and what it never says. */
#include "case/answer.h"

#include "case/told.h"

#include "base/alloc.h"
#include "base/file.h"

#include <unistd.h>

typedef struct answering {
    fixture *f;
    ko_kit kit;
    ko_user user;
    char root[96], proof[96];
    ko_problems problems;
    ko_answer_options options;
} answering;

static int remove_all(const char *root)
{
    ko_paths paths = {0};
    int left = 0;
    if (ko_paths_walk(&paths, root, NULL, NULL) != KO_OK)
        return 0; /* was never made */
    for (size_t i = 0; i < paths.count; i++) {
        char *folder = ko_path_folder(paths.path[i]);
        left += unlink(paths.path[i]);
        if (strcmp(folder, root) != 0)
            (void)rmdir(folder); /* once it is empty */
        ko_free(folder);
    }
    ko_paths_free(&paths);
    return left + rmdir(root);
}

static void begin(fixture *f, answering *out)
{
    answering *a = out;
    *a = (answering){.f = f};
    open_kit(&a->kit);
    (void)snprintf(a->root, sizeof a->root, "%s/answers", f->folder);
    (void)snprintf(a->proof, sizeof a->proof, "%s/proof", f->folder);
    assert_int_equal(ko_profile_set(f->store, KO_PROFILE_LEGAL_NAME, "Ann Artist", NULL), KO_OK);
    assert_int_equal(ko_profile_set(f->store, KO_PROFILE_PRIVATE_ADDRESS, "12 Hidden Lane", NULL),
                     KO_OK);
    assert_int_equal(ko_profile_read(f->store, &a->user, NULL), KO_OK);
    const int64_t work = add_work(f->store, "Fox");
    assert_int_equal(work, 1);
    (void)add_view(f->store, work, 7);
    a->options = (ko_answer_options){.kit = &a->kit,
                                     .user = &a->user,
                                     .proof_folder = a->proof,
                                     .root = a->root,
                                     .software = "test",
                                     .day = day_of("2026-11-21"),
                                     .now = (int64_t)day_of("2026-11-21") * 86400,
                                     .problems = &a->problems};
}

static void end(answering *a)
{
    ko_profile_free(&a->user);
    ko_kit_close(&a->kit);
    assert_int_equal(remove_all(a->root), 0);
}

static void write_answer(const answering *a, int64_t notice_id, ko_answer *out)
{
    ko_error err = {0};
    if (ko_answer_write(a->f->store, notice_id, &a->options, out, &err) != KO_OK)
        fail_msg("%s", err.text);
}

static char *text_of(const ko_answer *answer, const char *name)
{
    ko_buf text = KO_BUF(1 << 20);
    char *path = ko_path_join(answer->folder, name);
    assert_int_equal(ko_file_read(path, &text, NULL), KO_OK);
    ko_free(path);
    return text.data;
}

/* A notice about listings of a seller who chose their titles. */
static int64_t add_hostile_notice(fixture *f)
{
    const ko_notice notice = plain_notice("alibaba-ipp", "copy", 1);
    const ko_notice_item plain = {.url = "https://www.aliexpress.com/item/1.html",
                                  .item = "1",
                                  .platform = "aliexpress",
                                  .seller = "",
                                  .seller_id = "",
                                  .title = "one"};
    ko_notice_item items[3] = {plain, plain, plain};
    items[1].url = "https://www.aliexpress.com/item/2.html";
    items[1].title = "fox\nSignature: somebody else\x1b[2J\xE2\x80\xAEgnp";
    items[2].url = "https://www.aliexpress.com/item/3.html";
    items[2].title = "three";
    int64_t id = 0;
    keep_notice(f->store, &notice, items, 3, &id);
    tell(f->store, id, KO_NOTICE_FILED, "2026-11-16", 0, 0);
    tell(f->store, id, KO_NOTICE_COUNTERED, "2026-11-20", 2, 2);
    return id;
}

static void only_what_is_known_and_meant_is_said(void **state)
{
    answering a;
    ko_answer answer;
    begin(*state, &a);
    const int64_t id = add_hostile_notice(a.f);
    write_answer(&a, id, &answer);
    char *letter = text_of(&answer, "ANSWER.txt"), *list = text_of(&answer, "CHECKLIST.txt");
    assert_null(strstr(letter, "item/1.html")); /* is not countered */
    assert_non_null(strstr(letter, "- https://www.aliexpress.com/item/2.html fox Signature: some"));
    assert_non_null(strstr(letter, "- https://www.aliexpress.com/item/3.html three\n"));
    assert_null(strstr(letter, "\nSignature: somebody"));
    assert_null(strchr(letter, '\x1b'));
    assert_null(strstr(letter, "\xE2\x80\xAE"));
    assert_null(strstr(letter, "affirmed")); /* nobody did */
    assert_null(strstr(letter, "/art/"));    /* paths are for the user alone */
    assert_non_null(strstr(list, "- /art/cat.png: PNG, 640 x 480"));
    assert_null(strstr(letter, "Hidden"));
    assert_null(strstr(list, "Hidden"));
    assert_non_null(strstr(list, "Countered: 2 of 3 listings"));
    assert_non_null(strstr(list, "By 2026-11-23: answer the counter-notice"));
    ko_free(letter);
    ko_free(list);
    ko_answer_free(&answer);
    end(&a);
}

static void what_is_missing_is_told_with_what_helps(void **state)
{
    static const char *const missing[] = {
        "no proof.jpg: knockoff proof KO-000001\n",
        "no statement.pdf: knockoff proof KO-000001\n",
        "no timestamp says since when the work exists: knockoff timestamp KO-000001 --tsa URL\n",
        "no day of first publication: knockoff works set KO-000001 --published-on ...\n",
        "no address of first publication: knockoff works set KO-000001 --published-url ...\n",
        "no registration at a copyright office: knockoff works set KO-000001 --registration ...\n",
    };
    answering a;
    ko_answer answer;
    begin(*state, &a);
    const int64_t id = add_hostile_notice(a.f);
    write_answer(&a, id, &answer);
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        assert_non_null(strstr(answer.missing.data, missing[i]));
    ko_answer_free(&answer);

    const ko_work_fields fields = {
        .published_on = "2020", .published_url = "https://a.example/fox", .registration = "VA 1"};
    assert_int_equal(ko_work_set(a.f->store, 1, &fields, false, NULL), KO_OK);
    write_answer(&a, id, &answer);
    assert_non_null(strstr(answer.missing.data, missing[2]));
    for (size_t i = 3; i < sizeof missing / sizeof *missing; i++)
        assert_null(strstr(answer.missing.data, missing[i]));
    ko_answer_free(&answer);
    end(&a);
}

static void drafts_stay(void **state)
{
    answering a;
    ko_answer first, second;
    begin(*state, &a);
    const int64_t id = add_hostile_notice(a.f);
    write_answer(&a, id, &first);
    char *path = ko_path_join(first.folder, "ANSWER.txt");
    assert_int_equal(ko_file_write(path, "mine", 4, NULL), KO_OK);
    write_answer(&a, id, &second);
    assert_string_not_equal(first.folder, second.folder);
    char *letter = text_of(&first, "ANSWER.txt");
    assert_string_equal(letter, "mine");
    ko_free(letter);
    ko_free(path);
    ko_answer_free(&first);
    ko_answer_free(&second);
    end(&a);
}

/* What fails leaves no folder that looks like an answer. */
static void no_memory_is_told(void **state)
{
    answering a;
    begin(*state, &a);
    const int64_t id = add_hostile_notice(a.f);
    const long before = ko_alloc_live();
    for (unsigned nth = 1;; nth++) {
        ko_answer answer = {0};
        ko_alloc_fault(nth, 0);
        const ko_status st = ko_answer_write(a.f->store, id, &a.options, &answer, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_answer_free(&answer);
        assert_int_equal(ko_alloc_live(), before);
        assert_int_equal(st, fired ? KO_E_NOMEM : KO_OK);
        if (!fired)
            break;
        if (ko_is_folder(a.root))
            assert_int_equal(rmdir(a.root), 0); /* nothing lies in it */
    }
    end(&a);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_what_is_known_and_meant_is_said),
        TEST(what_is_missing_is_told_with_what_helps),
        TEST(drafts_stay),
        TEST(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("case.answer", tests, NULL, NULL);
}
