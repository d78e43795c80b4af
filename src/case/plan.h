/* case/plan.h - which notices the accepted candidates make, and what is left out of them, and
 * why.
 *
 * Nothing goes into a notice that the channel would refuse: a listing of another platform, one
 * that is in an active notice, a malformed address, a candidate whose acceptance was not confirmed
 * in good faith, a work without what the channel asks for. Each is left out with its reason. */
#ifndef KO_CASE_PLAN_H
#define KO_CASE_PLAN_H

#include "case/kit.h"
#include "case/lacking.h"
#include "notice/pack.h"
#include "notice/standing.h"
#include "store/notice.h"
#include "store/profile.h"
#include "store/work.h"

typedef struct ko_plan_request {
    const char *platform;        /* only listings of this one; NULL: any */
    int64_t work_id;             /* only of this work; 0: any */
    const char *const *channels; /* ids: the first of them that takes a listing does */
    size_t n_channels;           /* 0: the usual channel of each platform */
    const char *reason;          /* id of a reason of the channel; NULL: its first */
    bool again;                  /* also listings whose earlier notice was closed otherwise than by
                                    a removal */
} ko_plan_request;

/* Why a candidate is in no notice. */
typedef enum ko_plan_why {
    KO_PLAN_NOT_CONFIRMED, /* accepted without the good-faith confirmation */
    KO_PLAN_NO_URL,
    KO_PLAN_BAD_URL,
    KO_PLAN_SHORT_LINK,
    KO_PLAN_NO_ITEM,
    KO_PLAN_OTHER_PLATFORM, /* no channel that may be used takes it */
    KO_PLAN_ACTIVE,         /* in an active notice */
    KO_PLAN_CLOSED,         /* an earlier notice about it is closed */
    KO_PLAN_TWICE,          /* the same listing as another candidate's */
    KO_PLAN_GONE,           /* gone for sure where it stood (store/look.h) */
    KO_PLAN_FACT_MISSING,   /* the channel asks for what is not known */
    KO_PLAN_WHYS
} ko_plan_why;

/* "not-confirmed", "no-url", ...: for programs. */
const char *ko_plan_why_name(ko_plan_why why);
/* The same for people: "not confirmed in good faith", ... */
const char *ko_plan_why_words(ko_plan_why why);
/* Is something to be set right, in the candidate or in what is known of the user and the work? */
bool ko_plan_why_is_fault(ko_plan_why why);

typedef struct ko_plan_left {
    int64_t candidate_id, work_id;
    char serial[KO_SERIAL_SIZE];
    const char *url, *seller; /* as the listing has them; strangers' words */
    ko_plan_why why;
    const char *words;         /* "in notice 3, filed 2026-11-20"; "etsy needs your telephone number
                                  (knockoff profile set public_phone=...)" */
    const ko_lacking *lacking; /* fact-missing: which; else NULL */
} ko_plan_left;

typedef struct ko_plan_notice {
    ko_notice notice; /* as it is to be kept, without id and folder; texts belong to the plan */
    const ko_notice_item *items; /* notice.n_items of them */
    const ko_channel *channel;
} ko_plan_notice;

typedef struct ko_plan ko_plan;

/* Reads the store, and changes nothing. Works and listings come from the best score down, and a
 * listing that shows several works is in the notice of the one that it shows best. KO_E_USAGE: no
 * such platform, channel or reason. KO_E_FORMAT: a letter of the user's own is wrong. KO_E_NOMEM.
 * Free with ko_plan_free. What is handed in must outlive the plan. */
KO_NODISCARD ko_status ko_plan_make(ko_store *store, const ko_kit *kit, const ko_user *user,
                                    const ko_plan_request *request, ko_plan **out_plan,
                                    ko_error *err);
void ko_plan_free(ko_plan *plan); /* NULL is fine */

size_t ko_plan_count(const ko_plan *plan);
const ko_plan_notice *ko_plan_at(const ko_plan *plan, size_t index);
/* The place behind the last notice that has the channel of the one at this place, when those
 * between all do; *out_listings is how many listings they have. */
size_t ko_plan_channel_end(const ko_plan *plan, size_t index, size_t *out_listings);
size_t ko_plan_left_count(const ko_plan *plan);
/* In order of candidates. */
const ko_plan_left *ko_plan_left_at(const ko_plan *plan, size_t index);

/* Keeps the plan's notices, in one transaction, each without a packet yet; who confirms that they
 * are accurate and that the complainant may act, under penalty of perjury. KO_E_BUSY: what was
 * accepted, noticed or known has changed since, so that there would be other notices. */
KO_NODISCARD ko_status ko_plan_keep(ko_store *store, const ko_plan *plan, const char *who,
                                    ko_error *err);

#endif
