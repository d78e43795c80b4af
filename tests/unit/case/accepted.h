/* Accepted candidates in a store, and a user whom every channel knows enough about. */
#ifndef KO_TESTS_CASE_ACCEPTED_H
#define KO_TESTS_CASE_ACCEPTED_H

#include "base/alloc.h"
#include "case/kit.h"
#include "store/decision.h"
#include "store/fixture.h"
#include "store/profile.h"

/* Its texts are literals: not to be freed. */
static inline ko_user full_user(void)
{
    ko_user user;
    for (size_t i = 0; i < KO_PROFILE_FIELDS; i++)
        user.text[i] = (char *)"";
    user.text[KO_PROFILE_LEGAL_NAME] = (char *)"Ann Artist";
    user.text[KO_PROFILE_ROLE] = (char *)"owner";
    user.text[KO_PROFILE_PUBLIC_MAIL] = (char *)"ann@art.example";
    user.text[KO_PROFILE_PUBLIC_PHONE] = (char *)"+64 3 555 0000";
    user.text[KO_PROFILE_PUBLIC_ADDRESS] = (char *)"P.O. box 7, Nelson";
    user.text[KO_PROFILE_PRIVATE_PHONE] = (char *)"+64 3 555 7777";
    user.text[KO_PROFILE_PRIVATE_ADDRESS] = (char *)"12 Hidden Lane, Nelson";
    return user;
}

/* A work of which all is stated that a channel may ask for. */
static inline int64_t full_work(ko_store *store, const char *title)
{
    int64_t id = 0;
    char serial[KO_SERIAL_SIZE];
    const ko_work_fields fields = {
        .title = title, .published_on = "2021-03-04", .published_url = "https://art.example/first"};
    assert_int_equal(ko_work_add(store, &fields, &id, serial, NULL), KO_OK);
    return id;
}

/* Records own their texts. */
static inline char *own(const char *text)
{
    char *copy = ko_strdup(text);
    assert_non_null(copy);
    return copy;
}

/* A listing as ingested from a sheet, whose photo is the photo-th file. */
static inline void put_offer(ko_store *store, const char *url, const char *title,
                             const char *seller, int photo)
{
    char path[32];
    (void)snprintf(path, sizeof path, "/p/%d.jpg", photo);
    const ko_photo_file file = file_photo(path, 10, 20);
    ko_listing record = {.url = own(url), .title = own(title), .seller = own(seller)};
    ko_ingested what;
    assert_int_equal(ko_listing_settle(&record, NULL), KO_OK);
    assert_int_equal(ko_seen_add(store, &record, "/sheet.csv", &file, 1, 0, &what, NULL), KO_OK);
    ko_listing_free(&record);
}

typedef struct accepting {
    ko_store *store;
    int64_t act_id;
} accepting;

static inline ko_status accept_one(void *context, const ko_candidate *candidate)
{
    const accepting *a = context;
    bool changed = false;
    return ko_decision_add(a->store, a->act_id, candidate, KO_CANDIDATE_ACCEPTED, &changed, NULL);
}

/* Accepts a candidate, or all with 0, with or without confirming good faith. */
static inline void accept(ko_store *store, int64_t candidate_id, bool good_faith)
{
    accepting a = {.store = store};
    const ko_act act = {.verb = "accept", .who = "Ann Artist", .good_faith = good_faith};
    const ko_candidate_filter filter = {.id = candidate_id};
    assert_int_equal(ko_store_begin(store, NULL), KO_OK);
    assert_int_equal(ko_act_add(store, &act, &a.act_id, NULL), KO_OK);
    assert_int_equal(ko_candidate_each(store, &filter, accept_one, &a, NULL), KO_OK);
    assert_int_equal(ko_store_commit(store, NULL), KO_OK);
}

#endif
