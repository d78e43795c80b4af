/* case/plan_rows.h - what a plan is made from: accepted candidates, and earlier notices. */
#ifndef KO_CASE_PLAN_ROWS_H
#define KO_CASE_PLAN_ROWS_H

#include "base/texts.h"
#include "case/plan.h"

/* An accepted candidate. */
typedef struct ko_plan_row {
    ko_notice_item item; /* as of a notice; its URL as the listing has it */
    int64_t work_id, accepted_at;
    bool confirmed;     /* accepted in good faith */
    int64_t gone_since; /* its listing is gone for sure (store/look.h); 0: it is not */
    bool ready;         /* confirmed, and not gone */
    const char *serial, *work_title;
} ko_plan_row;

/* What became of a listing in an earlier notice. */
typedef struct ko_plan_past {
    ko_notice_state state;
    ko_day on;
} ko_plan_past;

typedef struct ko_plan_rows {
    ko_plan_row *rows; /* those that are ready first, from the best score down */
    size_t n_rows, n_ready, rows_capacity;
    ko_pack_known *known;
    ko_plan_past *pasts; /* one for each known */
    size_t n_known, known_capacity, pasts_capacity;
    ko_texts texts;
} ko_plan_rows;

/* KO_E_NOMEM. Free with ko_plan_rows_free, also after an error. */
KO_NODISCARD ko_status ko_plan_rows_read(ko_store *store, const ko_plan_request *request,
                                         ko_plan_rows *out_rows, ko_error *err);
void ko_plan_rows_free(ko_plan_rows *rows);

#endif
