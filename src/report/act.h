/* report/act.h - who decided what, when, on which evidence, as JSON. */
#ifndef KO_REPORT_ACT_H
#define KO_REPORT_ACT_H

#include "store/decision.h"

#include <jansson.h>

/* A new object of an act, with one of its decisions unless that is NULL; NULL when there is no
 * memory. */
json_t *ko_act_json(const ko_act *act, const ko_decision *decision);

#endif
