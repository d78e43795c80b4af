#include "cli/word_acts.h"

#include "store/decision.h"
#include "store/profile.h"

static ko_status make(const ko_job *job, const ko_act *act, ko_word_act_fn *fn, ko_error *err)
{
    int64_t id = 0;
    ko_status st = ko_store_begin(job->store, err);
    if (st != KO_OK)
        return st;
    st = ko_act_add(job->store, act, &id, err);
    if (st == KO_OK)
        st = fn(job, id, act->subject, err);
    if (st == KO_OK)
        return ko_store_commit(job->store, err);
    ko_store_rollback(job->store);
    return st;
}

ko_status ko_word_acts(const ko_job *job, const char *verb, ko_word_act_fn *fn, ko_error *err)
{
    const ko_words *words = &((const ko_common *)job->options)->operands;
    ko_user user = {0};
    ko_status st = ko_profile_read(job->store, &user, err);
    for (size_t i = 1; st == KO_OK && i < words->count; i++) {
        const ko_act act = {
            .verb = verb, .subject = words->word[i], .who = ko_profile_signature(&user)};
        st = make(job, &act, fn, err);
    }
    ko_profile_free(&user);
    return st;
}
