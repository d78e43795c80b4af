/* What a form and its letter would miss of a work and its owner. */
#include "case/lacking.h"

#include "notice/rules_open.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A folder of rules of one's own. */
typedef struct fixture {
    char folder[64], letter[96];
    ko_kit kit;
    char texts[KO_PROFILE_FIELDS][32];
    ko_user user;
    ko_work work;
} fixture;

static const ko_work_fields nothing = {"", "", "", "", "", "", "", "", "", "", "", NULL};

static void begin(fixture *f)
{
    *f = (fixture){.folder = "/tmp/knockoff-lacking-XXXXXX"};
    ko_error err = {0};
    if (!mkdtemp(f->folder))
        fail_msg("no folder");
    (void)snprintf(f->letter, sizeof f->letter, "%s/form.txt", f->folder);
    if (ko_kit_open(f->folder, &f->kit, &err) != KO_OK)
        fail_msg("%s", err.text);
    for (int i = 0; i < KO_PROFILE_FIELDS; i++)
        f->user.text[i] = f->texts[i];
    f->work = (ko_work){.serial = "KO-000001", .fields = nothing};
}

static void end(fixture *f)
{
    ko_kit_close(&f->kit);
    (void)unlink(f->letter);
    assert_int_equal(rmdir(f->folder), 0);
}

static void tell(fixture *f, ko_profile_field field, const char *text)
{
    (void)snprintf(f->texts[field], sizeof f->texts[field], "%s", text);
}

static void write_letter(const fixture *f, const char *text)
{
    assert_int_equal(ko_file_write(f->letter, text, strlen(text), NULL), KO_OK);
}

/* The names, each followed by a blank. */
static void assert_lacking(const fixture *f, const char *channel, const char *expected)
{
    char names[512] = "";
    ko_lacking lacking;
    ko_error err = {0};
    if (ko_lacking_find(&f->kit, ko_rules_channel(f->kit.rules, channel), &f->work, &f->user,
                        &lacking, &err) != KO_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < lacking.n; i++) {
        const size_t n = strlen(names);
        (void)snprintf(names + n, sizeof names - n, "%s ", lacking.facts[i]);
    }
    assert_string_equal(names, expected);
}

static void test_all_that_is_asked_for_is_named_once(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    assert_lacking(&f, "etsy",
                   "profile.name profile.address profile.phone profile.mail work.title "
                   "work.published_url ");
    tell(&f, KO_PROFILE_LEGAL_NAME, "Ann Artist");
    tell(&f, KO_PROFILE_PUBLIC_ADDRESS, "P.O. Box 1");
    tell(&f, KO_PROFILE_PUBLIC_MAIL, "ann@art.example");
    f.work.fields.title = "Two cats";
    assert_lacking(&f, "etsy", "profile.phone work.published_url ");
    tell(&f, KO_PROFILE_PUBLIC_PHONE, "555 0100");
    f.work.fields.published_url = "https://art.example/cats";
    assert_lacking(&f, "etsy", "");
    end(&f);
}

/* Notices are handed on to sellers. */
static void test_what_is_private_does_not_count(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    tell(&f, KO_PROFILE_LEGAL_NAME, "Ann Artist");
    tell(&f, KO_PROFILE_PUBLIC_MAIL, "ann@art.example");
    tell(&f, KO_PROFILE_PRIVATE_PHONE, "555 0199");
    tell(&f, KO_PROFILE_PRIVATE_ADDRESS, "1 Home Street");
    f.work.fields.title = "Two cats";
    assert_lacking(&f, "dmca-host", "profile.address profile.phone ");
    end(&f);
}

static void test_a_letter_of_ones_own_asks_for_more(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    tell(&f, KO_PROFILE_LEGAL_NAME, "Ann Artist");
    tell(&f, KO_PROFILE_PUBLIC_ADDRESS, "P.O. Box 1");
    tell(&f, KO_PROFILE_PUBLIC_PHONE, "555 0100");
    tell(&f, KO_PROFILE_PUBLIC_MAIL, "ann@art.example");
    f.work.fields.title = "Two cats";
    write_letter(&f, "@needs the office: work.registration\n"
                     "{work.kind} {work.kind} by {work.author?} {profile.name}\n"
                     "@each {listing.url} {listing.title}\n");
    assert_lacking(&f, "amazon", "work.registration work.kind ");
    end(&f);
}

static void test_a_wrong_letter_is_named(void **state)
{
    (void)state;
    fixture f;
    ko_lacking lacking;
    ko_error err = {0};
    char expected[256];
    begin(&f);
    write_letter(&f, "Hello\n{work.colour}\n");
    assert_int_equal(ko_lacking_find(&f.kit, ko_rules_channel(f.kit.rules, "amazon"), &f.work,
                                     &f.user, &lacking, &err),
                     KO_E_FORMAT);
    (void)snprintf(expected, sizeof expected,
                   "%s: form.txt: line 2: there is no fact \"work.colour\"", f.folder);
    assert_string_equal(err.text, expected);
    write_letter(&f, "");
    assert_lacking(&f, "amazon",
                   "profile.name profile.address profile.phone profile.mail work.title ");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_that_is_asked_for_is_named_once),
        cmocka_unit_test(test_what_is_private_does_not_count),
        cmocka_unit_test(test_a_letter_of_ones_own_asks_for_more),
        cmocka_unit_test(test_a_wrong_letter_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
