/* case/tell.h - telling what became of a notice, and what follows from that. */
#ifndef KO_CASE_TELL_H
#define KO_CASE_TELL_H

#include "case/doubt.h"
#include "case/due.h"

#include <jansson.h>

/* A clean copy of a number of the platform or a note; *out_text is NULL when text is. KO_E_LIMIT:
 * it is too long, with name in the line. KO_E_NOMEM. ko_free *out_text. */
KO_NODISCARD ko_status ko_tell_text(const char *name, const char *text, char **out_text,
                                    ko_error *err);

/* KO_E_USAGE: a day is still to come. */
KO_NODISCARD ko_status ko_tell_day(ko_day on, ko_day today, ko_error *err);

typedef struct ko_tell_request {
    ko_notice_event event; /* as ko_notice_tell takes it */
    const int64_t *items;  /* that it is about; n_items 0: as ko_notice_tell chooses */
    size_t n_items;
    ko_day today;
} ko_tell_request;

/* What became of the packet of a notice that is not filed when something was withdrawn from it, or
 * put back. */
typedef enum ko_told_packet {
    KO_TOLD_PACKET_KEPT,     /* also when there is none */
    KO_TOLD_PACKET_REMOVED,  /* all of the notice is withdrawn */
    KO_TOLD_PACKET_OUTDATED, /* removed, and the next build writes it anew */
    KO_TOLD_PACKET_STUCK     /* it says what holds no more, and could not be removed */
} ko_told_packet;

typedef struct ko_told {
    size_t changed;   /* listings */
    ko_duties next;   /* what is due or awaited of the notice from now on */
    ko_doubts doubts; /* filed: listings whose candidates are not accepted any more. What was filed
                         is filed; it can be taken back there */
    ko_told_packet packet;
    ko_error why; /* stuck */
} ko_told;

/* Tells it, and does what follows. As ko_notice_tell. The kit must outlive *out_told; free that
 * with ko_told_free, also after an error. */
KO_NODISCARD ko_status ko_tell(ko_store *store, const ko_kit *kit, const ko_tell_request *request,
                               ko_told *out_told, ko_error *err);
void ko_told_free(ko_told *told); /* zeroed ones are fine */

/* {"notice", "state", "on", "ref", "note", "listings": that came to be so, "next": [duties, as
 * case/due_json.h has them], "packet": "kept"|"removed"|"outdated"|"stuck", "doubts":
 * [candidates]}, new; NULL when there is no memory. */
json_t *ko_told_json(const ko_tell_request *request, const ko_told *told, const ko_kit *kit);

/* Takes back the last event of a notice as ko_notice_undo does, which must be the one with the
 * number event_id unless that is 0. KO_E_EXISTS: it is another one. *out_told has packet and why.
 */
KO_NODISCARD ko_status ko_tell_undo(ko_store *store, int64_t notice_id, int64_t event_id,
                                    ko_notice_event *out_event, ko_told *out_told, ko_error *err);

/* {"notice", "verb": "undo", "state", "on", "listings", "packet"}, as above. */
json_t *ko_told_undo_json(const ko_notice_event *event, const ko_told *told);

#endif
