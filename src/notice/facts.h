/* notice/facts.h - what can be said in a notice, by name.
 *
 * Rules name the facts that a channel asks for, letters the facts that they say; both by the
 * names of this table ("work.published_url"). Texts are borrowed; NULL and "" mean that a fact
 * is not known. */
#ifndef KO_NOTICE_FACTS_H
#define KO_NOTICE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

/* Who complains. Notices are handed on to the seller, and some are published: this is what
 * the artist lets others know, which need not be where they live. */
typedef struct ko_profile {
    const char *name; /* full legal name */
    const char *company, *role;
    const char *address; /* where post arrives; a P.O. box is one */
    const char *country, *phone, *mail;
    const char *signature; /* typed: as the person signs */
} ko_profile;

/* What was copied. */
typedef struct ko_notice_work {
    const char *serial, *title, *kind, *description;
    const char *author, *holder;
    const char *completed_on, *published_on, *published_in, *published_url;
    const char *registration, *registered_in;
} ko_notice_work;

/* Where it was found; what the listing says of itself is a stranger's word. */
typedef struct ko_notice_listing {
    const char *url; /* canonical */
    const char *item, *title, *seller;
    const char *repeat; /* what it brings back, in words: "the same picture was removed on ..." */
} ko_notice_listing;

/* What a person has affirmed about every listing of this notice, in words such as "2026-11-22
 * 09:30 UTC": nothing is stated in somebody's name that they did not. */
typedef struct ko_affirmed {
    const char *good_faith; /* not authorised by the owner, its agent, or the law: so licences
                               and fair use were thought of (17 U.S.C. 512(c)(3)(A)(v)) */
    const char *authority;  /* accurate, and entitled to act, under penalty of perjury (vi) */
} ko_affirmed;

/* Something that goes with an answer to a counter-notice. */
typedef struct ko_notice_proof {
    const char *file;
    const char *shows; /* what it shows, in words */
} ko_notice_proof;

typedef struct ko_facts {
    ko_profile profile;
    ko_notice_work work;
    ko_affirmed affirmed;
    const char *recipient; /* to whom the letter goes: "Etsy, Inc.", a shop */
    const char *reason;    /* the text of the reason chosen */
    const char *date;      /* of the letter */
    const char *ref;       /* the platform's number of a notice that was filed */
    const char *repeats;   /* how many listings bring back what was removed before: a sentence */
    const ko_notice_listing *listings;
    size_t n_listings;
    ko_notice_proof proof; /* the one whose turn it is */
    const ko_notice_proof *proofs;
    size_t n_proofs;
} ko_facts;

#define KO_FACTS 34 /* names */

/* Is there a fact of the name text[0..n)? The listings have names, too: "listing.url". */
bool ko_fact_exists(const char *text, size_t n);

/* Its name, static, however long text is behind it. The fact exists. */
const char *ko_fact_name(const char *text, size_t n);

/* What it says, "" when that is not known; listing is the one whose turn it is, or NULL. The
 * fact exists. */
const char *ko_fact_text(const ko_facts *facts, const ko_notice_listing *listing, const char *text,
                         size_t n);

/* What it is, in words for the person who has to state it: "your postal address". */
const char *ko_fact_words(const char *text, size_t n);

#endif
