/* store/candidate.h - what a scan found, and what became of it.
 *
 * A match is evidence: this photo shows this work, so surely, in this way. A candidate is
 * what a person decides about: this listing offers this work. It exists for each listing
 * that shows a matched photo, its score is the best of those matches, and it is numbered
 * for good: rescanning never doubles or renumbers it. */
#ifndef KO_STORE_CANDIDATE_H
#define KO_STORE_CANDIDATE_H

#include "match/evidence.h"
#include "store/seen.h"
#include "store/store.h"
#include "store/work.h"

typedef struct ko_match {
    int64_t work_id, view_id, photo_id;
    ko_evidence evidence;
    int64_t n_fingerprints, n_works; /* of the collection then, that the score accounts for;
                                      * n_works is 0 in records of the first schema */
    int64_t found_at;
} ko_match;

/* Keeps a match and a candidate for every listing that shows the photo. A pair of work and
 * photo that is there already is renewed when the new score is higher, or as high and now with a
 * place. Adds to
 * *out_new_candidates. KO_E_NOT_FOUND when the work, the view or the photo was removed. */
KO_NODISCARD ko_status ko_match_add(ko_store *store, const ko_match *match,
                                    size_t *out_new_candidates, ko_error *err);
/* Makes the candidates of listings that came to show an already matched photo later. */
KO_NODISCARD ko_status ko_candidates_complete(ko_store *store, size_t *out_new_candidates,
                                              ko_error *err);

/* What a person has decided (store/decision.h), and what becomes of the undecided. Kept in
 * files by these numbers. */
typedef enum ko_candidate_state {
    KO_CANDIDATE_OPEN = 0,
    KO_CANDIDATE_ACCEPTED, /* to be complained about */
    KO_CANDIDATE_REJECTED, /* no copy, or not worth it */
    KO_CANDIDATE_UNSURE,
    KO_CANDIDATE_LICENSED, /* sold with the holder's leave */
    KO_CANDIDATE_ALLOWED,  /* not decided; set aside, as its seller is allowed (store/allow.h) */
    KO_CANDIDATE_NEGATIVE, /* not decided; set aside, as it rests on pictures alone that never
                            * count (store/negative.h) */
    KO_CANDIDATE_RULED,    /* not decided; set aside by a rule of the user's (store/aside.h) */
    KO_CANDIDATE_HELD,     /* not decided; set aside, as its work, picture or source yields far
                            * more than was to be expected */
    KO_CANDIDATE_STATES
} ko_candidate_state;

/* "open", "accepted", ... */
const char *ko_candidate_state_name(ko_candidate_state state);
/* The states that a word means, as bits: the name of one, "set-aside" for the last four,
 * "all". 0: it means none. */
unsigned ko_candidate_states_named(const char *word);

/* The decision in force, with the evidence that it rests on. */
typedef struct ko_candidate_decision {
    int64_t at;      /* seconds since 1970; 0: there is none, and the rest is zero */
    const char *who; /* signature; "" when not known */
    bool good_faith; /* confirmed with it */
    double score;
    int64_t photo_id;
} ko_candidate_decision;

typedef struct ko_candidate {
    int64_t id;
    ko_candidate_state state;
    ko_candidate_decision decision;
    int64_t found_at;
    double threshold;       /* in force for this work now */
    const ko_work *work;    /* counts are not filled */
    const ko_view *view;    /* without variants */
    const ko_seen *listing; /* record.pictures not filled */
    const ko_photo *photo;
    const char *photo_url;   /* where the listing shows it on the web; "" when that is not known */
    ko_match match;          /* the best of the listing's photos; of equals the lowest number */
    size_t n_photos_matched; /* of the listing, with whatever score */
    int64_t leader;          /* the candidate of the same work whose picture it shows, or its own
                                number; 0: not sorted yet (case/sort.h) */
    bool returned;           /* it goes on with an earlier case (store/tie.h) */
} ko_candidate;

/* Which candidates to hand out. */
typedef struct ko_candidate_filter {
    int64_t id;         /* only this one, whatever its score; 0: any */
    int64_t work_id;    /* only of this work; 0: any */
    bool all;           /* also undecided ones below the threshold now in force */
    unsigned states;    /* only in these, as bits 1 << ko_candidate_state; 0: in any */
    const char *seller; /* only listings of one so called, by name or id; NULL: of any */
} ko_candidate_filter;

typedef ko_status ko_candidate_fn(void *context, const ko_candidate *candidate);

/* Hands out candidates that are decided or whose score reaches the threshold in force, grouped by
 * work (those of which an open one goes on with an earlier case first, then that with the best
 * candidate), those that go on with an earlier case first, then from the best score down; equals in
 * order of number. */
KO_NODISCARD ko_status ko_candidate_each(ko_store *store, const ko_candidate_filter *filter,
                                         ko_candidate_fn *fn, void *context, ko_error *err);

/* A candidate that a threshold decides about: one that nobody decided and nothing sets aside. */
typedef struct ko_candidate_undecided {
    int64_t id;
    double score; /* it is shown from this threshold down */
} ko_candidate_undecided;

typedef ko_status ko_candidate_undecided_fn(void *context, const ko_candidate_undecided *candidate);

/* Those of a work, or with 0 of all works that have no threshold of their own, however low their
 * score; the best first, equals in order of number. */
KO_NODISCARD ko_status ko_candidate_undecided_each(ko_store *store, int64_t work_id,
                                                   ko_candidate_undecided_fn *fn, void *context,
                                                   ko_error *err);

/* Hands out the candidates of a listing, whatever their state and score, in order of work. */
KO_NODISCARD ko_status ko_candidate_each_of(ko_store *store, int64_t listing_id,
                                            ko_candidate_fn *fn, void *context, ko_error *err);

#endif
