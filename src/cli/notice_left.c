#include "cli/notice_left.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "case/fact_command.h"
#include "case/plan_json.h"
#include "cli/cli.h"
#include "cli/table_file.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_WORDS 5 /* of one reason, and candidates with the same words */
#define SHOWN_CANDIDATES 6

/* --- on the terminal --- */

static int compare(const void *a, const void *b)
{
    const ko_plan_left *x = *(const ko_plan_left *const *)a;
    const ko_plan_left *y = *(const ko_plan_left *const *)b;
    if (x->why != y->why)
        return x->why < y->why ? -1 : 1;
    const int by_words = strcmp(x->words, y->words);
    return by_words ? by_words
                    : (x->candidate_id > y->candidate_id) - (x->candidate_id < y->candidate_id);
}

/* Some that lie side by side. */
typedef struct run {
    const ko_plan_left *const *left;
    size_t n;
} run;

static run same_why(run all)
{
    size_t n = 1;
    while (n < all.n && all.left[n]->why == all.left[0]->why)
        n++;
    return (run){all.left, n};
}

static run same_words(run all)
{
    size_t n = 1;
    while (n < all.n && strcmp(all.left[n]->words, all.left[0]->words) == 0)
        n++;
    return (run){all.left, n};
}

static run behind(run all, size_t n)
{
    return (run){all.left + n, all.n - n};
}

/* "      in notice 3, filed 2026-11-20: candidates 4, 5, 9 and 12 more" */
static void print_words(run same)
{
    const size_t shown = same.n <= SHOWN_CANDIDATES ? same.n : SHOWN_CANDIDATES - 1;
    ko_print("      %s: candidate%s", same.left[0]->words, ko_plural(same.n));
    for (size_t i = 0; i < shown; i++)
        ko_print("%s %lld", i ? "," : "", (long long)same.left[i]->candidate_id);
    if (shown < same.n)
        ko_print(" and %zu more", same.n - shown);
    ko_print("\n");
}

/* --- facts that are missing --- */

static bool lacks(const ko_plan_left *left, const char *fact)
{
    for (size_t i = 0; i < left->lacking->n; i++)
        if (strcmp(left->lacking->facts[i], fact) == 0)
            return true;
    return false;
}

static int compare_serials(const void *a, const void *b)
{
    const ko_plan_left *x = *(const ko_plan_left *const *)a;
    const ko_plan_left *y = *(const ko_plan_left *const *)b;
    return strcmp(x->serial, y->serial);
}

/* "      your telephone number: 31 candidates", and the command that states it. Those of one work
 * lie side by side. */
static ko_status print_fact(run left, const char *fact)
{
    ko_buf command = KO_BUF(KO_MAX_LEFT_WORDS);
    const char *first = NULL, *last = "";
    size_t candidates = 0, works = 0;
    for (size_t i = 0; i < left.n; i++) {
        const char *serial = left.left[i]->serial;
        if (!lacks(left.left[i], fact))
            continue;
        first = first ? first : serial;
        candidates++;
        works += strcmp(serial, last) != 0;
        last = serial;
    }
    const ko_status st = ko_fact_command_write(fact, first, &command);
    ko_print("      %s: %zu candidate%s", ko_fact_words(fact, strlen(fact)), candidates,
             ko_plural(candidates));
    if (strncmp(fact, "work.", 5) == 0)
        ko_print(" of %zu work%s", works, ko_plural(works));
    ko_print("\n            %s\n", st == KO_OK ? command.data : "");
    ko_buf_free(&command);
    return st;
}

/* Each fact once, as all of them need it: there are few, and many notices that lack them. */
static ko_status print_facts(const ko_plan_left **left, size_t n)
{
    const char *facts[KO_FACTS];
    size_t n_facts = 0;
    ko_status st = KO_OK;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < left[i]->lacking->n; k++) {
            const char *fact = left[i]->lacking->facts[k];
            size_t at = 0;
            while (at < n_facts && strcmp(facts[at], fact) != 0)
                at++;
            if (at == n_facts)
                facts[n_facts++] = fact;
        }
    qsort((void *)left, n, sizeof(ko_plan_left *), compare_serials);
    for (size_t i = 0; i < n_facts && st == KO_OK; i++)
        st = print_fact((run){left, n}, facts[i]);
    return st;
}

/* --- all of them --- */

static void print_groups(run same)
{
    size_t shown = 0;
    for (run rest = same; rest.n; shown++) {
        const run group = same_words(rest);
        if (shown == SHOWN_WORDS) {
            ko_print("      and %zu more\n", rest.n);
            return;
        }
        print_words(group);
        rest = behind(rest, group.n);
    }
}

ko_status ko_notice_left_print(const ko_plan *plan, ko_error *err)
{
    const size_t n = ko_plan_left_count(plan);
    if (n == 0)
        return KO_OK;
    const ko_plan_left **sorted = ko_alloc_array(n, sizeof(ko_plan_left *));
    if (!sorted)
        return ko_fail(err, KO_E_NOMEM, "no memory for %zu candidates", n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = ko_plan_left_at(plan, i);
    qsort((void *)sorted, n, sizeof(ko_plan_left *), compare);
    ko_print("left out: %zu candidate%s\n", n, ko_plural(n));
    ko_status st = KO_OK;
    for (size_t from = 0; from < n && st == KO_OK;) {
        const run group = same_why((run){sorted + from, n - from});
        ko_print("%5zu %s\n", group.n, ko_plan_why_words(group.left[0]->why));
        if (group.left[0]->why == KO_PLAN_FACT_MISSING)
            st = print_facts(sorted + from, group.n);
        else
            print_groups(group);
        from += group.n;
    }
    ko_free((void *)sorted);
    return st == KO_OK ? st : ko_fail(err, st, "no memory for %zu candidates", n);
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
