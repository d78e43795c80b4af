/* cli/notice_answer.h - the folder that a counter-notice is answered from. */
#ifndef KO_CLI_NOTICE_ANSWER_H
#define KO_CLI_NOTICE_ANSWER_H

#include "cli/notice_verbs.h"

/* Writes it and says where it is and what is missing. As ko_answer_write (case/answer.h). */
KO_NODISCARD ko_status ko_notice_answer(const ko_notice_run *run, int64_t notice_id, ko_error *err);

#endif
