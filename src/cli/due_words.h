/* cli/due_words.h - what is due, for people and for programs. */
#ifndef KO_CLI_DUE_WORDS_H
#define KO_CLI_DUE_WORDS_H

#include "case/due.h"
#include "cli/cli.h"

/* Two lines, or three when it has an address. */
void ko_duty_print(const ko_duty *duty);

/* A new object; NULL when there is no memory. */
json_t *ko_duty_json(const ko_duty *duty, const ko_kit *kit);

#endif
