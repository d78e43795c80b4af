/* cli/notice_verbs.h - knockoff notice VERB: what the verbs share. */
#ifndef KO_CLI_NOTICE_VERBS_H
#define KO_CLI_NOTICE_VERBS_H

#include "case/kit.h"
#include "cli/cli.h"
#include "store/notice.h"
#include "store/profile.h"

typedef struct ko_notice_options {
    ko_common common;
    const char *platform, *work, *reason, *out, *sign, *passphrase_file;
    ko_words channels;
    bool again, authority, dry_run, without_evidence; /* build */
    const char *ref, *on, *note;                      /* filed and update */
    const char *from;                                 /* filed: a sheet of numbers */
    ko_words urls;                                    /* the items meant */
    bool open;                                        /* list */
} ko_notice_options;

/* One run of the command. */
typedef struct ko_notice_run {
    ko_store *store;
    const ko_notice_options *options;
    const ko_user *user;
    const ko_kit *kit;
    const char *verb;
    char *const *words; /* behind the verb */
    size_t n_words;
    ko_problems *problems;
} ko_notice_run;

typedef ko_status ko_notice_verb_fn(const ko_notice_run *run, ko_error *err);

ko_notice_verb_fn ko_notice_verb_build, ko_notice_verb_list, ko_notice_verb_show;
ko_notice_verb_fn ko_notice_verb_filed, ko_notice_verb_update, ko_notice_verb_answer,
    ko_notice_verb_undo;

/* "12": the number of a notice. KO_E_USAGE. */
KO_NODISCARD ko_status ko_notice_number(const char *word, int64_t *out_id, ko_error *err);

#endif
