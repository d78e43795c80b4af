/* cli/decide.h - knockoff candidates accept, reject, unsure, licensed, reopen, undo and log. */
#ifndef KO_CLI_DECIDE_H
#define KO_CLI_DECIDE_H

#include "cli/choice.h"
#include "cli/cli.h"
#include "store/candidate.h"
#include "store/profile.h"

/* What the command line says besides the verb and numbers. */
typedef struct ko_decide_options {
    bool always;     /* reject: the picture never counts */
    bool shop;       /* licensed: the whole site is */
    bool all_shown;  /* all that are listed, when nothing narrows them down */
    bool good_faith; /* accept: confirmed */
    bool json;
} ko_decide_options;

/* True for the verbs by which a person decides. */
bool ko_is_decision(const char *verb);

/* Decides about those that words[0..n) and the filter choose (cli/choice.h), as one act; reopen
 * chooses from the decided ones. KO_E_USAGE, KO_E_NOT_FOUND, or as the store says. */
KO_NODISCARD ko_status ko_decide(ko_store *store, const char *verb, char *const *words, size_t n,
                                 const ko_candidate_filter *filter,
                                 const ko_decide_options *options, ko_problems *problems,
                                 ko_error *err);

typedef struct ko_decided {
    size_t changed, same; /* candidates; problems are neither */
} ko_decided;

/* Does so to those chosen, without asking. Sellers that cannot be told, listings of allowed
 * sellers that are to be accepted, and candidates whose evidence is another than that which they
 * were chosen by are problems. */
KO_NODISCARD ko_status ko_decide_chosen(ko_store *store, const char *verb, const ko_user *profile,
                                        const ko_choice *choice, const ko_decide_options *options,
                                        ko_problems *problems, ko_decided *out_decided,
                                        ko_error *err);

/* Takes the last act back, and says what that was. */
KO_NODISCARD ko_status ko_decide_undo(ko_store *store, bool json, ko_error *err);

/* Prints all acts, or those about one candidate; 0: all. */
KO_NODISCARD ko_status ko_decide_log(ko_store *store, int64_t candidate_id, bool json,
                                     ko_error *err);

#endif
