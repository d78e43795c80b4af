/* What became of complaints, in people's words. */
#include "case/status_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_state(const char *text, ko_notice_state expected)
{
    ko_notice_state state = KO_NOTICE_BUILT;
    if (ko_status_read(text, &state) != KO_SAID_STATE || state != expected)
        fail_msg("'%s': %s, not %s", text, ko_notice_state_name(state),
                 ko_notice_state_name(expected));
}

static void assert_said(const char *text, ko_said expected)
{
    ko_notice_state state = KO_NOTICE_BUILT;
    if (ko_status_read(text, &state) != expected)
        fail_msg("'%s'", text);
}

static void four_languages_are_understood(void **state)
{
    (void)state;
    assert_state("Reported", KO_NOTICE_FILED);
    assert_state("pending...", KO_NOTICE_FILED);
    assert_state("in progress", KO_NOTICE_IN_PROGRESS);
    assert_state("REMOVED!!", KO_NOTICE_REMOVED);
    assert_state("taken down \xE2\x9C\x93", KO_NOTICE_REMOVED);
    assert_state("gel\xC3\xB6scht", KO_NOTICE_REMOVED);
    assert_state("Supprim\xC3\xA9"
                 "e",
                 KO_NOTICE_REMOVED);
    assert_state("eliminado", KO_NOTICE_REMOVED);
    assert_state("Unable to process", KO_NOTICE_UNABLE);
    assert_state("zur\xC3\xBC"
                 "ckgewiesen",
                 KO_NOTICE_REFUSED);
    assert_state("contre-notification", KO_NOTICE_COUNTERED);
    assert_state("contranotificaci\xC3\xB3n rechazada", KO_NOTICE_UPHELD);
    assert_state("wieder da", KO_NOTICE_REAPPEARED);
    assert_state("withdrawn", KO_NOTICE_WITHDRAWN);
    assert_state("reinstated", KO_NOTICE_RESTORED);
}

static void the_last_of_several_counts(void **state)
{
    (void)state;
    assert_state("filed, then removed", KO_NOTICE_REMOVED);
    assert_state("removed / back up again 3 June", KO_NOTICE_REAPPEARED);
    assert_state("removed; counter-notice", KO_NOTICE_COUNTERED);
    assert_state("counter-notice refused", KO_NOTICE_UPHELD);
    assert_state("reported - rejected by AliExpress", KO_NOTICE_REFUSED);
}

static void what_is_denied_or_guessed_is_not_understood(void **state)
{
    (void)state;
    assert_state("not removed", KO_NOTICE_FILED);
    assert_state("noch nicht entfernt", KO_NOTICE_FILED);
    assert_said("maybe removed", KO_SAID_UNKNOWN);
    assert_said("never removed", KO_SAID_UNKNOWN);
    assert_said("reported or not?", KO_SAID_UNKNOWN);
    assert_said("the removedness of it", KO_SAID_UNKNOWN);
    assert_said("unremoved", KO_SAID_UNKNOWN);
    assert_said("?", KO_SAID_UNKNOWN);
    assert_said("the seller said that it would be removed if I ask", KO_SAID_UNKNOWN);
    assert_said("", KO_SAID_NOTHING);
}

static void what_is_only_found_was_not_reported(void **state)
{
    (void)state;
    assert_said("to report", KO_SAID_NOT_REPORTED);
    assert_said("Not reported yet", KO_SAID_NOT_REPORTED);
    assert_said("noch nicht gemeldet", KO_SAID_NOT_REPORTED);
    assert_said("offen", KO_SAID_NOT_REPORTED);
    assert_said("\xC3\xA0 signaler", KO_SAID_NOT_REPORTED);
}

static void what_is_written_is_read_as_the_same(void **state)
{
    (void)state;
    for (ko_notice_state s = KO_NOTICE_FILED; s < KO_NOTICE_STATES; s++)
        assert_state(ko_status_of_notice(s), s);
    assert_said(ko_status_of_notice(KO_NOTICE_BUILT), KO_SAID_NOT_REPORTED);
    for (ko_candidate_state s = KO_CANDIDATE_OPEN; s < KO_CANDIDATE_STATES; s++)
        assert_said(ko_status_of_candidate(s), KO_SAID_NOT_REPORTED);
}

static void yes_and_no(void **state)
{
    (void)state;
    assert_true(ko_status_yes("x"));
    assert_true(ko_status_yes("\xE2\x9C\x93"));
    assert_true(ko_status_yes("3 May"));
    assert_false(ko_status_yes(""));
    assert_false(ko_status_yes("-"));
    assert_false(ko_status_yes("No"));
    assert_false(ko_status_yes("noch nicht"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_languages_are_understood),
        cmocka_unit_test(the_last_of_several_counts),
        cmocka_unit_test(what_is_denied_or_guessed_is_not_understood),
        cmocka_unit_test(what_is_only_found_was_not_reported),
        cmocka_unit_test(what_is_written_is_read_as_the_same),
        cmocka_unit_test(yes_and_no),
    };
    return cmocka_run_group_tests_name("case.status_words", tests, NULL, NULL);
}
