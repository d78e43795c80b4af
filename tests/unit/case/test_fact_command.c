/* What a channel asks for can be stated, by a command that exists. */
#include "case/fact_command.h"

#include "notice/rules_open.h"

#include "store/profile.h"

#include <stdio.h>
#include <string.h>

static void test_what_channels_ask_for_can_be_stated(void **state)
{
    (void)state;
    ko_rules *rules = rules_open();
    for (size_t i = 0; i < ko_rules_count(rules); i++) {
        const ko_channel *channel = ko_rules_at(rules, i);
        for (size_t k = 0; k < channel->n_facts; k++) {
            const char *fact = channel->facts[k];
            if (strcmp(fact, "work.serial") != 0 && !ko_fact_command(fact))
                fail_msg("%s asks for %s, which no command states", channel->id, fact);
        }
    }
    ko_rules_free(rules);
}

/* The field that "profile set NAME=..." names is one of the profile. */
static void test_fields_of_the_profile_exist(void **state)
{
    (void)state;
    static const char *const facts[] = {
        "profile.name",    "profile.company", "profile.role", "profile.address",
        "profile.country", "profile.phone",   "profile.mail", "profile.signature",
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const char *command = ko_fact_command(facts[i]);
        char name[32] = "";
        ko_profile_field field;
        assert_non_null(command);
        assert_int_equal(sscanf(command, "profile set %31[a-z_]=...", name), 1);
        assert_int_equal(ko_profile_find(name, &field, NULL), KO_OK);
        assert_false(ko_profile_is_private(field));
    }
}

static void test_the_program_knows_where_it_found_a_listing(void **state)
{
    (void)state;
    assert_null(ko_fact_command("listing.url"));
    assert_null(ko_fact_command("work.serial"));
    assert_string_equal(ko_fact_command("work.published_url"),
                        "works set SERIAL --published-url ...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_channels_ask_for_can_be_stated),
        cmocka_unit_test(test_fields_of_the_profile_exist),
        cmocka_unit_test(test_the_program_knows_where_it_found_a_listing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
