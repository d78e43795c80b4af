/* The text of units and of lines of cron: what is in a path means nothing there, and what others
 * wrote stays as it is. */
#include "watch/units.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const ko_unit plain = {.program = "/usr/bin/knockoff",
                              .database = "/home/ann/.local/share/knockoff/knockoff.db",
                              .is_default = true,
                              .every_s = 3600};

static void assert_holds(const ko_buf *text, const char *part)
{
    if (!strstr(text->data, part))
        fail_msg("no\n%s\nin\n%s", part, text->data);
}

static void a_service_names_paths_to_the_byte(void **state)
{
    const ko_unit odd = {.program = "/opt/my tools/100%/knockoff",
                         .database = "/home/ann/a \"b\" \\ $HOME %h é.db"};
    ko_buf out = KO_BUF(KO_MAX_UNIT_BYTES);
    (void)state;
    assert_int_equal(ko_unit_service(&odd, false, &out, NULL), KO_OK);
    assert_int_equal(strncmp(out.data, KO_UNIT_MARK "\n", strlen(KO_UNIT_MARK) + 1), 0);
    assert_holds(&out, "\nExecStart=:\"/opt/my tools/100%%/knockoff\" watch --db "
                       "\"/home/ann/a \\\"b\\\" \\\\ $HOME %%h é.db\"\n");
    assert_holds(&out, "\nRestart=on-failure\n");
    assert_holds(&out, "\n[Install]\nWantedBy=default.target\n");
    ko_buf_free(&out);
    assert_int_equal(ko_unit_service(&plain, true, &out, NULL), KO_OK);
    assert_holds(&out, "\nType=oneshot\n");
    assert_holds(&out, " watch --once --db ");
    assert_null(strstr(out.data, "[Install]")); /* its timer has one */
    ko_buf_free(&out);
}

static void a_path_that_would_be_another_line_is_refused(void **state)
{
    static const char *const bad[] = {"/a\nExecStart=/bin/sh", "/a\x7f", "/a\xff", "relative.db"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ko_unit unit = plain;
        ko_buf out = KO_BUF(KO_MAX_UNIT_BYTES);
        unit.database = bad[i];
        assert_int_equal(ko_unit_service(&unit, false, &out, NULL), KO_E_USAGE);
        assert_int_equal(ko_unit_timer(&unit, &out, NULL), KO_E_USAGE);
        ko_buf_free(&out);
        assert_int_equal(ko_unit_crontab(&unit, "", true, &out, NULL), KO_E_USAGE);
        ko_buf_free(&out);
    }
}

static void intervals_are_those_that_begin_at_midnight(void **state)
{
    static const struct {
        int64_t every_s;
        const char *calendar, *cron;
    } cases[] = {{60, "*-*-* *:00/1:00", "*/1 * * * *"},
                 {1800, "*-*-* *:00/30:00", "*/30 * * * *"},
                 {3600, "*-*-* 00/1:00:00", "1 * * * *"},
                 {21600, "*-*-* 00/6:00:00", "1 */6 * * *"},
                 {86400, "*-*-* 00:00:00", "1 1 * * *"},
                 {604800, "Mon *-*-* 00:00:00", "1 1 * * 1"},
                 {2520, NULL, NULL},
                 {18000, NULL, NULL},
                 {172800, NULL, NULL},
                 {90, NULL, NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ko_unit unit = plain;
        ko_buf timer = KO_BUF(KO_MAX_UNIT_BYTES), table = KO_BUF(KO_MAX_UNIT_BYTES);
        char line[64];
        unit.every_s = cases[i].every_s;
        const ko_status wanted = cases[i].cron ? KO_OK : KO_E_USAGE;
        assert_int_equal(ko_unit_timer(&unit, &timer, NULL), wanted);
        assert_int_equal(ko_unit_crontab(&unit, "", true, &table, NULL), wanted);
        if (wanted == KO_OK) {
            (void)snprintf(line, sizeof line, "\nOnCalendar=%s\n", cases[i].calendar);
            assert_holds(&timer, line);
            (void)snprintf(line, sizeof line, "\n%s nice '", cases[i].cron);
            assert_holds(&table, line);
        }
        ko_buf_free(&timer);
        ko_buf_free(&table);
    }
}

static void assert_table(const ko_unit *unit, const char *table, bool line, const char *wanted)
{
    ko_buf out = KO_BUF(KO_MAX_CRONTAB_BYTES);
    assert_int_equal(ko_unit_crontab(unit, table, line, &out, NULL), KO_OK);
    assert_string_equal(out.data, wanted);
    ko_buf_free(&out);
}

#define LINE                                                                                       \
    "# knockoff-watch: begin\n1 * * * * nice '/usr/bin/knockoff' watch --once --db "               \
    "'/home/ann/.local/share/knockoff/knockoff.db' >/dev/null\n# knockoff-watch: end\n"

static void lines_of_others_stay_as_they_are(void **state)
{
    const ko_unit odd = {.program = "/k", .database = "/it's 100%/a b.db", .every_s = 3600};
    char name[KO_UNIT_NAME_SIZE];
    (void)state;
    assert_table(&plain, "", true, LINE);
    assert_table(&plain, LINE, true, LINE);
    assert_table(&plain, LINE, false, "");
    assert_table(&plain, "MAILTO=ann\n0 1 * * * backup", true,
                 "MAILTO=ann\n0 1 * * * backup\n" LINE);
    assert_table(&plain, "# one\n" LINE "# two", false, "# one\n# two");
    assert_table(&plain, "# one\n\n" LINE "# two\n", true, "# one\n\n" LINE "# two\n");
    /* Without its end it is not ours to take away. */
    assert_table(&plain, "# knockoff-watch: begin\n0 1 * * * backup\n", false,
                 "# knockoff-watch: begin\n0 1 * * * backup\n");
    assert_table(&plain, "# knockoff-watch: beginning\n# knockoff-watch: end\n", false,
                 "# knockoff-watch: beginning\n# knockoff-watch: end\n");
    ko_unit_name(&odd, name);
    assert_string_equal(name, "knockoff-watch-a_b-b7676705");
    assert_table(&odd, LINE, true,
                 LINE
                 "# knockoff-watch-a_b-b7676705: begin\n49 * * * * nice '/k' watch --once --db "
                 "'/it'\\''s 100\\%/a b.db' >/dev/null\n# knockoff-watch-a_b-b7676705: end\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_names_paths_to_the_byte),
        cmocka_unit_test(a_path_that_would_be_another_line_is_refused),
        cmocka_unit_test(intervals_are_those_that_begin_at_midnight),
        cmocka_unit_test(lines_of_others_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
