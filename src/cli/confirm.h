/* cli/confirm.h - statements that a person makes at the terminal. */
#ifndef KO_CLI_CONFIRM_H
#define KO_CLI_CONFIRM_H

#include <stdbool.h>

/* Is there somebody to ask? */
bool ko_can_ask(void);
/* Asks for "yes" behind what was said on stderr; true when it was typed. */
bool ko_type_yes(void);

#endif
