#include "fixture.h"

#include "store/alias.h"

/* Returns the number of the alias, 0 when these are joined already. */
static int64_t join(ko_store *store, ko_alias_kind kind, const char *text, ko_alias_kind other_kind,
                    const char *other)
{
    int64_t id = -1;
    const ko_alias alias = {
        .platform = "etsy", .kind = {kind, other_kind}, .text = {text, other}, .who = "Ann"};
    assert_int_equal(ko_alias_add(store, &alias, &id, NULL), KO_OK);
    return id;
}

static ko_status say(void *context, const ko_alias *alias)
{
    char *words = context;
    const size_t used = strlen(words);
    assert_string_equal(alias->platform, "etsy");
    assert_string_equal(alias->who, "Ann");
    assert_true(alias->at > 0);
    (void)snprintf(words + used, 256 - used, "%lld %s=%s %s=%s; ", (long long)alias->id,
                   ko_alias_kind_name(alias->kind[0]), alias->text[0],
                   ko_alias_kind_name(alias->kind[1]), alias->text[1]);
    return KO_OK;
}

static void assert_all(ko_store *store, const char *expected)
{
    char words[256] = "";
    assert_int_equal(ko_alias_each(store, say, words, NULL), KO_OK);
    assert_string_equal(words, expected);
}

static void names_are_joined_once_in_whatever_order(void **state)
{
    fixture *f = *state;
    assert_int_equal(join(f->store, KO_ALIAS_LICENCE, "Shenzhen Co", KO_ALIAS_NAME, "Pins"), 1);
    assert_int_equal(join(f->store, KO_ALIAS_NAME, "Pins", KO_ALIAS_LICENCE, "Shenzhen Co"), 0);
    assert_int_equal(join(f->store, KO_ALIAS_NAME, "Zed", KO_ALIAS_NAME, "Pins"), 2);
    assert_int_equal(join(f->store, KO_ALIAS_NAME, "Pins", KO_ALIAS_NAME, "Zed"), 0);
    /* The same words of another kind are another name. */
    assert_int_equal(join(f->store, KO_ALIAS_STORE, "Pins", KO_ALIAS_NAME, "Pins"), 3);
    open_store(f, KO_STORE_OPEN);
    assert_all(f->store, "1 name=Pins licence=Shenzhen Co; 2 name=Pins name=Zed; "
                         "3 name=Pins store=Pins; ");
}

static void what_joins_nothing_is_refused(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    int64_t id = 77;
    ko_error err = {0};
    ko_alias alias = {.platform = "etsy",
                      .kind = {KO_ALIAS_CODE, KO_ALIAS_CODE},
                      .text = {"c1", "c1"},
                      .who = ""};
    assert_int_equal(ko_alias_add(store, &alias, &id, &err), KO_E_USAGE);
    assert_string_equal(err.text, "code 'c1' is one name, and there are two to be joined");
    alias.text[1] = "";
    assert_int_equal(ko_alias_add(store, &alias, &id, NULL), KO_E_USAGE);
    assert_int_equal(id, 77);
    assert_all(store, "");
}

static void a_removed_alias_is_gone_and_its_number_not_given_again(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    (void)join(store, KO_ALIAS_NAME, "a", KO_ALIAS_NAME, "b");
    (void)join(store, KO_ALIAS_NAME, "a", KO_ALIAS_NAME, "c");
    assert_int_equal(ko_alias_remove(store, 2, NULL), KO_OK);
    assert_int_equal(ko_alias_remove(store, 2, NULL), KO_E_NOT_FOUND);
    assert_int_equal(join(store, KO_ALIAS_NAME, "a", KO_ALIAS_NAME, "c"), 3);
    assert_all(store, "1 name=a name=b; 3 name=a name=c; ");
}

static void kinds_are_found_by_name(void **state)
{
    (void)state;
    ko_alias_kind found = KO_ALIAS_NAME;
    ko_error err = {0};
    for (ko_alias_kind kind = 0; kind < KO_ALIAS_KINDS; kind++) {
        assert_int_equal(ko_alias_kind_find(ko_alias_kind_name(kind), &found, NULL), KO_OK);
        assert_int_equal(found, kind);
    }
    assert_int_equal(ko_alias_kind_find("shop", &found, &err), KO_E_USAGE);
    assert_string_equal(err.text, "'shop' is no kind of name: name, store, code or licence");
}

static void damage_is_told_not_handed_on(void **state)
{
    ko_store *store = ((fixture *)*state)->store;
    char words[256] = "";
    (void)join(store, KO_ALIAS_NAME, "a", KO_ALIAS_NAME, "b");
    execute(store, "UPDATE alias SET kind_2 = 4");
    assert_int_equal(ko_alias_each(store, say, words, NULL), KO_E_DAMAGED);
    assert_string_equal(words, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(names_are_joined_once_in_whatever_order),
        TEST(what_joins_nothing_is_refused),
        TEST(a_removed_alias_is_gone_and_its_number_not_given_again),
        cmocka_unit_test(kinds_are_found_by_name),
        TEST(damage_is_told_not_handed_on),
    };
    return cmocka_run_group_tests_name("alias", tests, NULL, NULL);
}
