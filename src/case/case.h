/* case/case.h - one notice with all that it rests on, and what it says, as facts. */
#ifndef KO_CASE_CASE_H
#define KO_CASE_CASE_H

#include "base/texts.h"
#include "case/kit.h"
#include "case/repeat.h"
#include "notice/facts.h"
#include "store/notice.h"
#include "store/profile.h"
#include "store/work.h"

typedef struct ko_case {
    const ko_notice *notice;
    const ko_notice_item *items; /* all of it, in order */
    const ko_repeat *repeats;    /* one for each */
    const ko_channel *channel;
    const ko_work *work; /* counts are not filled */
    const ko_user *user;
} ko_case;

/* What a case says. It points into itself, so it stays where it was made. */
typedef struct ko_case_facts {
    ko_facts facts;
    ko_notice_listing *listings;
    char (*repeat)[KO_REPEAT_WORDS_SIZE]; /* of each listing */
    char good_faith[32], authority[32], date[32], repeats[KO_REPEATS_WORDS_SIZE];
} ko_case_facts;

/* Of the profile only what is public goes in. Texts are borrowed from the case, which must live
 * as long. KO_E_NOMEM. Free with ko_case_facts_free. */
KO_NODISCARD ko_status ko_case_facts_make(const ko_case *c, ko_case_facts *out_facts,
                                          ko_error *err);
void ko_case_facts_free(ko_case_facts *facts); /* zeroed ones are fine */

/* A case as it lies in the store; it points into itself, too. */
typedef struct ko_case_file {
    ko_case the;
    ko_notice notice;
    ko_work work;
    ko_notice_item *items;
    size_t n_items, items_capacity;
    ko_repeat *repeats;
    ko_texts texts;
    bool has_notice, has_work;
} ko_case_file;

/* Reads it with those items that are in one of the states (bits 1 << state; 0: any): the notice's
 * n_items tells how many these are. kit and user must live as long. KO_E_NOT_FOUND: no such notice,
 * its work was removed, or the rules have its channel no more. KO_E_NOMEM. Free with
 * ko_case_file_free, also after an error. */
KO_NODISCARD ko_status ko_case_file_read(ko_store *store, const ko_kit *kit, const ko_user *user,
                                         int64_t notice_id, unsigned states, ko_case_file *out_file,
                                         ko_error *err);
void ko_case_file_free(ko_case_file *file);

#endif
