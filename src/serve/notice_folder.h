/* serve/notice_folder.h - the folders of notices (case/packet.h, case/answer.h), as the page sees
 * them. */
#ifndef KO_SERVE_NOTICE_FOLDER_H
#define KO_SERVE_NOTICE_FOLDER_H

#include <jansson.h>

/* The files of a packet that the page may have, [{"name", "bytes"}] by name; empty when the folder
 * is not there, or "". New; NULL when there is no memory. */
json_t *ko_notice_files_json(const char *folder);

/* The answers that lie in a packet, [{"folder": "answer-2", "files"}], the last one first. */
json_t *ko_notice_answers_json(const char *folder);

#endif
