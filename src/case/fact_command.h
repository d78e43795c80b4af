/* case/fact_command.h - how the user tells what a notice has to say (notice/facts.h). */
#ifndef KO_CASE_FACT_COMMAND_H
#define KO_CASE_FACT_COMMAND_H

#include "base/buf.h"

/* The command that states a fact, as it is typed behind "knockoff": "profile set public_phone=...",
 * "works set SERIAL --author ...". NULL: the program knows it by itself, as the address of a
 * listing. Static. The fact exists. */
const char *ko_fact_command(const char *fact);

/* Appends all of that command for the work of a serial: "knockoff works set KO-000003 --author
 * ...". Nothing where there is none. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_fact_command_write(const char *fact, const char *serial, ko_buf *out);

#endif
