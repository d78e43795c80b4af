#include "store/notice.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const names[KO_NOTICE_STATES] = {
    "built",   "filed",  "in-progress", "countered", "answered",  "upheld",
    "removed", "unable", "refused",     "restored",  "withdrawn", "reappeared"};

#define TO(STATE) (1U << KO_NOTICE_##STATE)

/* What may come next. */
static const unsigned next_states[KO_NOTICE_STATES] = {
    [KO_NOTICE_BUILT] = TO(FILED) | TO(WITHDRAWN),
    [KO_NOTICE_FILED] =
        TO(IN_PROGRESS) | TO(COUNTERED) | TO(REMOVED) | TO(UNABLE) | TO(REFUSED) | TO(WITHDRAWN),
    [KO_NOTICE_IN_PROGRESS] =
        TO(COUNTERED) | TO(REMOVED) | TO(UNABLE) | TO(REFUSED) | TO(WITHDRAWN),
    [KO_NOTICE_COUNTERED] = TO(ANSWERED) | TO(UPHELD) | TO(REMOVED) | TO(RESTORED) | TO(WITHDRAWN),
    [KO_NOTICE_ANSWERED] = TO(COUNTERED) | TO(UPHELD) | TO(REMOVED) | TO(RESTORED) | TO(WITHDRAWN),
    [KO_NOTICE_UPHELD] = TO(COUNTERED) | TO(REMOVED) | TO(RESTORED) | TO(WITHDRAWN),
    [KO_NOTICE_REMOVED] = TO(COUNTERED) | TO(REAPPEARED), /* sellers counter afterwards, too */
    [KO_NOTICE_UNABLE] = TO(FILED) | TO(REMOVED) | TO(WITHDRAWN), /* filed: as an appeal */
    [KO_NOTICE_REFUSED] = TO(FILED) | TO(REMOVED) | TO(WITHDRAWN),
    [KO_NOTICE_RESTORED] = TO(FILED) | TO(REMOVED),
    [KO_NOTICE_WITHDRAWN] = TO(FILED),
    [KO_NOTICE_REAPPEARED] = TO(FILED) | TO(REMOVED),
};

const char *ko_notice_state_name(ko_notice_state state)
{
    assert(state < KO_NOTICE_STATES);
    return names[state];
}

bool ko_notice_is_open(ko_notice_state state)
{
    return state <= KO_NOTICE_UPHELD;
}

bool ko_notice_may_become(ko_notice_state from, ko_notice_state to)
{
    assert(from < KO_NOTICE_STATES && to < KO_NOTICE_STATES);
    return next_states[from] >> to & 1;
}

void ko_notice_state_list(unsigned states, char out[KO_NOTICE_STATES_SIZE])
{
    size_t used = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < KO_NOTICE_STATES; i++) {
        const unsigned later = states >> i >> 1;
        const char *comma = later == 0 ? "" : (later & (later - 1)) == 0 ? " or " : ", ";
        if (states >> i & 1)
            used +=
                (size_t)snprintf(out + used, KO_NOTICE_STATES_SIZE - used, "%s%s", names[i], comma);
        assert(used < KO_NOTICE_STATES_SIZE);
    }
}

ko_status ko_notice_state_find(const char *name, ko_notice_state *out_state, ko_error *err)
{
    char all[KO_NOTICE_STATES_SIZE];
    for (unsigned i = 0; i < KO_NOTICE_STATES; i++)
        if (strcmp(names[i], name) == 0) {
            *out_state = (ko_notice_state)i;
            return KO_OK;
        }
    ko_notice_state_list((1U << KO_NOTICE_STATES) - 1, all);
    return ko_fail(err, KO_E_USAGE, "'%.60s' is no state of a notice: %s", name, all);
}

ko_notice_state ko_notice_state_of(const ko_notice *notice)
{
    static const ko_notice_state urgent_first[KO_NOTICE_STATES] = {
        KO_NOTICE_COUNTERED, KO_NOTICE_BUILT,      KO_NOTICE_FILED,   KO_NOTICE_IN_PROGRESS,
        KO_NOTICE_ANSWERED,  KO_NOTICE_UPHELD,     KO_NOTICE_REFUSED, KO_NOTICE_UNABLE,
        KO_NOTICE_RESTORED,  KO_NOTICE_REAPPEARED, KO_NOTICE_REMOVED, KO_NOTICE_WITHDRAWN};
    size_t i = 0;
    while (i + 1 < KO_NOTICE_STATES && notice->n_in[urgent_first[i]] == 0)
        i++;
    return urgent_first[i];
}
