/* knockoff notice answer - what is held against a counter-notice. */
#include "cli/notice_answer.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "case/answer.h"
#include "cli/proof_files.h"

#include <string.h>

/* Prints each line of a text. */
static void print_lines(const char *text)
{
    for (const char *line = text; *line;) {
        const size_t n = strcspn(line, "\n");
        ko_print("  - %.*s\n", (int)n, line);
        line += n + (line[n] == '\n');
    }
}

static void print(const ko_notice_run *run, int64_t notice_id, const ko_answer *answer)
{
    const char *missing = answer->missing.size ? answer->missing.data : "";
    if (run->options->common.json) {
        ko_json_line(stdout, ko_answer_json(notice_id, answer));
        return;
    }
    ko_print("notice %lld: the answer is prepared in %s\n", (long long)notice_id, answer->folder);
    if (*missing)
        ko_print("what would make it stronger:\n");
    print_lines(missing);
}

ko_status ko_notice_answer(const ko_notice_run *run, int64_t notice_id, ko_error *err)
{
    char *proof_folder = NULL;
    ko_answer answer = {0};
    ko_status st = ko_proof_folder(&run->options->common, &proof_folder, err);
    if (st == KO_OK) {
        const ko_answer_options options = {.kit = run->kit,
                                           .user = run->user,
                                           .proof_folder = proof_folder,
                                           .root = run->options->out,
                                           .software = "Knockoff " KO_VERSION,
                                           .day = ko_today(),
                                           .now = ko_clock_now(),
                                           .problems = run->problems,
                                           .without_evidence = run->options->without_evidence};
        st = ko_answer_write(run->store, notice_id, &options, &answer, err);
    }
    if (st == KO_OK)
        print(run, notice_id, &answer);
    ko_answer_free(&answer);
    ko_free(proof_folder);
    return st;
}

ko_status ko_notice_verb_answer(const ko_notice_run *run, ko_error *err)
{
    int64_t id = 0;
    if (run->n_words != 1)
        return ko_fail(err, KO_E_USAGE, "notice answer takes the number of one notice");
    const ko_status st = ko_notice_number(run->words[0], &id, err);
    return st == KO_OK ? ko_notice_answer(run, id, err) : st;
}
