#include "cli/notice_left.h"

#include "base/limits.h"
#include "case/fact_command.h"
#include "case/left.h"
#include "case/plan_json.h"
#include "cli/cli.h"
#include "cli/table_file.h"

#include <string.h>

#define SHOWN_WORDS 5 /* of one reason, and candidates with the same words */
#define SHOWN_CANDIDATES 6

/* --- on the terminal --- */

/* "      in notice 3, filed 2026-11-20: candidates 4, 5, 9 and 12 more" */
static void print_words(const ko_left_cause *cause)
{
    const size_t shown = cause->n <= SHOWN_CANDIDATES ? cause->n : SHOWN_CANDIDATES - 1;
    ko_print("      %s: candidate%s", cause->words, ko_plural(cause->n));
    for (size_t i = 0; i < shown; i++)
        ko_print("%s %lld", i ? "," : "", (long long)cause->left[i]->candidate_id);
    if (shown < cause->n)
        ko_print(" and %zu more", cause->n - shown);
    ko_print("\n");
}

/* "      your telephone number: 31 candidates", and the command that states it. */
static ko_status print_fact(const ko_left_cause *cause)
{
    ko_buf command = KO_BUF(KO_MAX_LEFT_WORDS);
    const ko_status st = ko_fact_command_write(cause->fact, cause->left[0]->serial, &command);
    ko_print("      %s: %zu candidate%s", cause->words, cause->n, ko_plural(cause->n));
    if (strncmp(cause->fact, "work.", 5) == 0)
        ko_print(" of %zu work%s", cause->n_works, ko_plural(cause->n_works));
    ko_print("\n            %s\n", st == KO_OK ? command.data : "");
    ko_buf_free(&command);
    return st;
}

static ko_status print_kind(const ko_left_kind *kind)
{
    size_t rest = kind->n;
    ko_status st = KO_OK;
    ko_print("%5zu %s\n", kind->n, ko_plan_why_words(kind->why));
    for (size_t i = 0; i < kind->n_causes && st == KO_OK; i++) {
        const ko_left_cause *cause = &kind->causes[i];
        if (cause->fact) {
            st = print_fact(cause);
        } else if (i < SHOWN_WORDS) {
            print_words(cause);
            rest -= cause->n;
        } else {
            ko_print("      and %zu more\n", rest);
            break;
        }
    }
    return st;
}

ko_status ko_notice_left_print(const ko_plan *plan, ko_error *err)
{
    ko_left left;
    ko_status st = ko_left_make(plan, &left, err);
    if (st == KO_OK && left.n_kinds)
        ko_print("left out: %zu candidate%s\n", ko_plan_left_count(plan),
                 ko_plural(ko_plan_left_count(plan)));
    for (size_t i = 0; i < left.n_kinds && st == KO_OK; i++)
        st = print_kind(&left.kinds[i]);
    ko_left_free(&left);
    return st == KO_OK ? st : ko_fail(err, st, "no memory for what is left out");
}

/* --- for programs --- */

void ko_notice_left_json(const ko_plan *plan)
{
    for (size_t i = 0; i < ko_plan_left_count(plan); i++)
        ko_json_line(stdout, ko_plan_left_json(ko_plan_left_at(plan, i)));
}

static ko_status write_rows(const void *context, ko_csv *csv, size_t *out_rows, ko_error *err)
{
    const ko_plan *plan = context;
    (void)err;
    *out_rows = ko_plan_left_count(plan);
    for (size_t i = 0; i < *out_rows; i++) {
        const ko_plan_left *left = ko_plan_left_at(plan, i);
        char number[32];
        (void)snprintf(number, sizeof number, "%lld", (long long)left->candidate_id);
        ko_csv_cell(csv, number);
        ko_csv_cell(csv, left->serial);
        ko_csv_cell(csv, left->url);
        ko_csv_cell(csv, left->seller);
        ko_csv_cell(csv, ko_plan_why_name(left->why));
        ko_csv_cell(csv, left->words);
        ko_csv_row_end(csv);
    }
    return KO_OK;
}

ko_status ko_notice_left_write(const ko_plan *plan, const char *folder, char **out_path,
                               ko_error *err)
{
    static const char *const columns[] = {"candidate", "work",  "url", "seller",
                                          "why",       "words", NULL};
    const ko_table_file table = {
        .name = "left-out.csv", .columns = columns, .rows = write_rows, .context = plan};
    return ko_table_file_write(&table, folder, out_path, err);
}

size_t ko_notice_left_faults(const ko_plan *plan)
{
    size_t n = 0;
    for (size_t i = 0; i < ko_plan_left_count(plan); i++)
        n += ko_plan_why_is_fault(ko_plan_left_at(plan, i)->why);
    return n;
}
