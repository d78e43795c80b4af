/* notice/letter.h - the texts of notices, from templates.
 *
 * A template is plain text (notice/data/NAME.txt; users may have their own):
 *   {work.title}    a fact (notice/facts.h) without which there is no letter
 *   {work.kind?}    one that may be missing; a line of which nothing but such facts were to say
 *                   something, and none does, is left out
 *   @each ...       the line once for each listing
 *   @proof ...      the line once for each file of proof; there may be none
 *   @needs WHAT: fact fact ...   nothing is written, but without these facts there is no letter;
 *                   WHAT says which demand of the law or the platform they meet
 *
 * Facts come from strangers, too. Each is one clean line (base/text.h) of at most
 * KO_MAX_LETTER_FACT characters, and where it begins a line it does not begin as formulas do. */
#ifndef KO_NOTICE_LETTER_H
#define KO_NOTICE_LETTER_H

#include "base/buf.h"
#include "notice/facts.h"

/* The template of the program with this name ("dmca.txt"); NULL when there is none. Static. */
const char *ko_letter_template(const char *name);

/* Writes the letter to an empty buffer. KO_E_NOT_FOUND: facts are missing, all are named;
 * KO_E_FORMAT: what is wrong with the template, with its line; KO_E_NOMEM, also when the letter has
 * no room in out. Then out is empty. */
KO_NODISCARD ko_status ko_letter_write(const char *template, const ko_facts *facts, ko_buf *out,
                                       ko_error *err);

/* Calls fn with the name of each fact that the template cannot do without and facts do not tell;
 * twice if it says it twice. KO_E_FORMAT, KO_E_NOMEM, as ko_letter_write. */
typedef void ko_missing_fn(void *context, const char *fact);
KO_NODISCARD ko_status ko_letter_missing(const char *template, const ko_facts *facts,
                                         ko_missing_fn *fn, void *context, ko_error *err);

#endif
