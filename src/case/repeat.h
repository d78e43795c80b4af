/* case/repeat.h - listings of a notice that bring back what was removed after an earlier one.
 *
 * Those who host are to act on repeat infringers (17 U.S.C. 512(i)(1)(A)), and know what they
 * removed themselves: so only notices count that went to the same channel and host, and whose
 * removal was not reversed. */
#ifndef KO_CASE_REPEAT_H
#define KO_CASE_REPEAT_H

#include "base/texts.h"
#include "store/tie.h"

#include <jansson.h>

typedef struct ko_repeat {
    bool is; /* one; else nothing of the rest is meant */
    ko_tie_kind kind;
    int64_t notice_id;
    ko_day removed_on;
    const char *ref; /* the platform's number of that notice; "" */
    const char *url; /* what was removed */
} ko_repeat;

/* What an item brings back, by its strongest tie. Texts are kept in texts. */
KO_NODISCARD ko_status ko_repeat_find(ko_store *store, const ko_notice *notice,
                                      const ko_notice_item *item, ko_texts *texts,
                                      ko_repeat *out_repeat, ko_error *err);

/* "the same picture was removed on 2026-03-04 (N-77)"; "" when it is none. */
#define KO_REPEAT_WORDS_SIZE 256
void ko_repeat_words(const ko_repeat *repeat, char out_words[KO_REPEAT_WORDS_SIZE]);
/* All n items of a notice in a sentence; "" when there is none among them. */
#define KO_REPEATS_WORDS_SIZE 512
void ko_repeats_words(const ko_repeat *repeats, size_t n, char out_words[KO_REPEATS_WORDS_SIZE]);

/* A new object, or null. */
json_t *ko_repeat_json(const ko_repeat *repeat);

#endif
