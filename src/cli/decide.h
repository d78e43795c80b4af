/* cli/decide.h - knockoff candidates accept, reject, unsure, licensed, reopen, undo and log. */
#ifndef KO_CLI_DECIDE_H
#define KO_CLI_DECIDE_H

#include "cli/choice.h"
#include "cli/cli.h"
#include "store/candidate.h"

/* What the command line says besides the verb and numbers. */
typedef struct ko_decide_options {
    bool always;     /* reject: the picture never counts */
    bool shop;       /* licensed: the whole site is */
    bool all_shown;  /* all that are listed, when nothing narrows them down */
    bool good_faith; /* accept: confirmed */
    bool alike;      /* also about those that show the same picture (case/alike.h) */
    bool json;
} ko_decide_options;

/* Decides by a verb of case/decide.h about those that words[0..n) and the filter choose
 * (cli/choice.h), as one act; reopen chooses from the decided ones. KO_E_USAGE, KO_E_NOT_FOUND, or
 * as the store says. */
KO_NODISCARD ko_status ko_decide(ko_store *store, const char *verb, char *const *words, size_t n,
                                 const ko_candidate_filter *filter,
                                 const ko_decide_options *options, ko_problems *problems,
                                 ko_error *err);

/* Takes the last act back, and says what that was. */
KO_NODISCARD ko_status ko_decide_undo(ko_store *store, bool json, ko_error *err);

/* Prints all acts, or those about one candidate; 0: all. */
KO_NODISCARD ko_status ko_decide_log(ko_store *store, int64_t candidate_id, bool json,
                                     ko_error *err);

#endif
