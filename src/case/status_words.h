/* case/status_words.h - what became of a complaint, in the words that people write into sheets. */
#ifndef KO_CASE_STATUS_WORDS_H
#define KO_CASE_STATUS_WORDS_H

#include "store/candidate.h"
#include "store/notice.h"

/* What a cell says. */
typedef enum ko_said {
    KO_SAID_NOTHING = 0,  /* it is blank */
    KO_SAID_UNKNOWN,      /* it is not understood */
    KO_SAID_NOT_REPORTED, /* the listing was only found, or left alone */
    KO_SAID_STATE         /* of a notice about it */
} ko_said;

/* Reads a status in English, German, French or Spanish. Of several that a cell tells the last one
 * counts: "filed, then removed". What is denied is not understood. */
ko_said ko_status_read(const char *text, ko_notice_state *out_state);

/* Whether a cell such as "removed" says yes, by a word, a mark or a day; false when it is blank or
 * says no. */
bool ko_status_yes(const char *text);

/* What is written there; each is read as the same again. Those of candidates, and of notices that
 * are only built, say that nothing was reported. */
const char *ko_status_of_notice(ko_notice_state state);
const char *ko_status_of_candidate(ko_candidate_state state);

#endif
