/* case/fact_command.h - how the user tells what a notice has to say (notice/facts.h). */
#ifndef KO_CASE_FACT_COMMAND_H
#define KO_CASE_FACT_COMMAND_H

/* The command that states a fact, as it is typed behind "knockoff": "profile set public_phone=...",
 * "works set SERIAL --author ...". NULL: the program knows it by itself, as the address of a
 * listing. Static. The fact exists. */
const char *ko_fact_command(const char *fact);

#endif
