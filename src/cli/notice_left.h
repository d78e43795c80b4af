/* cli/notice_left.h - what was left out of notices, and why: on the terminal, and as a table. */
#ifndef KO_CLI_NOTICE_LEFT_H
#define KO_CLI_NOTICE_LEFT_H

#include "case/plan.h"

/* Prints how many were left out for which reason, and the first few of them. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_notice_left_print(const ko_plan *plan, ko_error *err);
/* One object a candidate. */
void ko_notice_left_json(const ko_plan *plan);

/* Writes left-out.csv into a folder (cli/table_file.h). */
KO_NODISCARD ko_status ko_notice_left_write(const ko_plan *plan, const char *folder,
                                            char **out_path, ko_error *err);

/* How many are to be set right. */
size_t ko_notice_left_faults(const ko_plan *plan);

#endif
