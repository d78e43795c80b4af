#include "case/candidate_told.h"

#include "case/alike.h"
#include "case/aside_told.h"
#include "report/history.h"
#include "report/look.h"
#include "report/pages.h"

typedef ko_status beside_fn(ko_store *store, int64_t id, json_t **out_json, ko_error *err);

static const struct {
    const char *name;
    beside_fn *make;
    bool of_listing; /* else of the candidate */
} besides[] = {
    {"pages", ko_pages_json, true},      {"look", ko_look_of_json, true},
    {"history", ko_history_json, false}, {"asides", ko_asides_json, false},
    {"alike", ko_alikes_json, false},
};

ko_status ko_candidate_told(ko_store *store, const ko_candidate *c, json_t *object, ko_error *err)
{
    ko_status st = KO_OK;
    for (size_t i = 0; st == KO_OK && i < sizeof besides / sizeof *besides; i++) {
        json_t *made = NULL;
        st = besides[i].make(store, besides[i].of_listing ? c->listing->id : c->id, &made, err);
        if (st == KO_OK && json_object_set_new(object, besides[i].name, made) != 0)
            st = ko_fail(err, KO_E_NOMEM, "candidate %lld", (long long)c->id);
    }
    return st;
}
