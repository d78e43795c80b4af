#include "fixture.h"

#include "store/profile.h"

#include "base/limits.h"

static ko_status set(ko_store *store, const char *name, const char *text, ko_error *err)
{
    ko_profile_field field;
    assert_int_equal(ko_profile_find(name, &field, NULL), KO_OK);
    return ko_profile_set(store, field, text, err);
}

static void what_is_set_is_there_and_can_be_forgotten(void **state)
{
    fixture *f = *state;
    ko_user profile;
    assert_int_equal(set(f->store, "legal_name", "Ann Ärtist", NULL), KO_OK);
    open_store(f, KO_STORE_OPEN);
    assert_int_equal(ko_profile_read(f->store, &profile, NULL), KO_OK);
    assert_string_equal(profile.text[KO_PROFILE_LEGAL_NAME], "Ann Ärtist");
    assert_string_equal(profile.text[KO_PROFILE_COUNTRY], "");
    assert_string_equal(ko_profile_signature(&profile), "Ann Ärtist");
    ko_profile_free(&profile);
    assert_int_equal(set(f->store, "signature", "A. Ä.", NULL), KO_OK);
    assert_int_equal(set(f->store, "legal_name", "", NULL), KO_OK);
    assert_int_equal(ko_profile_read(f->store, &profile, NULL), KO_OK);
    assert_string_equal(profile.text[KO_PROFILE_LEGAL_NAME], "");
    assert_string_equal(ko_profile_signature(&profile), "A. Ä.");
    ko_profile_free(&profile);
}

static void texts_that_cannot_be_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const refused[][2] = {
        {"country", "XX"},
        {"country", "de"},
        {"country", "D"},
        {"country", "E "},
        {"country", "Germany"},
        {"language", "e"},
        {"language", "english"},
        {"language", "en-"},
        {"language", "en_US"},
        {"public_mail", "ann"},
        {"public_mail", "a@b@c.d"},
        {"public_mail", "Ann <ann@art.example>"},
        {"public_phone", "123"},
        {"public_phone", "call me 555 1234"},
        {"legal_name", "two\nlines"},
        {"public_name", "\xE2\x80\xAE"
                        "nnA"},
    };
    static const char *const taken[][2] = {
        {"country", "NZ"},
        {"country", "AD"},
        {"country", "ZW"},
        {"language", "de"},
        {"language", "zh-Hans-CN"},
        {"public_mail", "ann@art.example"},
        {"private_phone", "+64 (3) 555-1234"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        ko_error err = {0};
        assert_int_equal(set(f->store, refused[i][0], refused[i][1], &err), KO_E_USAGE);
        assert_string_not_equal(err.text, "");
    }
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        assert_int_equal(set(f->store, taken[i][0], taken[i][1], NULL), KO_OK);
}

static void a_text_has_a_limit(void **state)
{
    fixture *f = *state;
    char text[KO_MAX_PROFILE_TEXT + 2];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ko_error err = {0};
    assert_int_equal(set(f->store, "private_address", text, &err), KO_E_USAGE);
    assert_non_null(strstr(err.text, "501 bytes, limit 500"));
    text[KO_MAX_PROFILE_TEXT] = '\0';
    assert_int_equal(set(f->store, "private_address", text, NULL), KO_OK);
}

static void an_unknown_field_names_those_there_are(void **state)
{
    (void)state;
    ko_profile_field field;
    ko_error err = {0};
    assert_int_equal(ko_profile_find("name", &field, &err), KO_E_USAGE);
    assert_non_null(strstr(err.text, "'name'"));
    assert_non_null(strstr(err.text, "private_address"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_set_is_there_and_can_be_forgotten),
        TEST(texts_that_cannot_be_are_refused),
        TEST(a_text_has_a_limit),
        cmocka_unit_test(an_unknown_field_names_those_there_are),
    };
    return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
