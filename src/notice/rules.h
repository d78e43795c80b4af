/* notice/rules.h - what platforms ask of a complaint, as dated data.
 *
 * The rules that come with the program (notice/data/rules.json) were looked up, each with its
 * source and the day on which that was read. Platforms change them: a file of the same shape
 * replaces single channels, penalties and sources, or adds some, by their id.
 *
 * All structs and texts belong to the ko_rules. */
#ifndef KO_NOTICE_RULES_H
#define KO_NOTICE_RULES_H

#include "base/day.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct ko_rule_source {
    const char *id;
    const char *text; /* who says it, and where */
    ko_day checked_on;
} ko_rule_source;

/* How the listings of a notice are named. */
typedef enum ko_list_of { KO_LIST_URLS, KO_LIST_ITEMS } ko_list_of;
typedef enum ko_list_join { KO_LIST_LINES, KO_LIST_COMMAS } ko_list_join;
/* What a notice may not mix. */
typedef enum ko_list_per {
    KO_LIST_PER_WORK,
    KO_LIST_PER_WORK_AND_HOST,
    KO_LIST_PER_WORK_AND_SELLER /* one seller of one host */
} ko_list_per;

typedef struct ko_channel_list {
    int most; /* listings in one notice; 0: no limit is known */
    unsigned of, join, per;
    const char *source;
} ko_channel_list;

typedef struct ko_reason {
    const char *id;
    const char *code; /* what the platform calls it; NULL when only its words are known */
    const char *name; /* when it is the one to choose */
    const char *text; /* what to write beside it */
    const char *source;
} ko_reason;

/* From when on a time runs. */
typedef enum ko_step_from {
    KO_FROM_PAPERS,    /* proof of identity or right was handed in */
    KO_FROM_FILED,     /* the notice was filed */
    KO_FROM_COUNTERED, /* the seller's counter-notice was passed on */
    KO_FROM_REFUSED,   /* a counter-notice was refused */
    KO_FROM_TOLD       /* anything was told of an open listing that waits for others */
} ko_step_from;
typedef enum ko_step_who { KO_WHO_PLATFORM, KO_WHO_SELLER, KO_WHO_HOLDER } ko_step_who;
typedef enum ko_step_days { KO_DAYS_WORKING, KO_DAYS_CALENDAR } ko_step_days;

/* Within how many days who does what. The day it begins on is not counted. */
typedef struct ko_step {
    const char *id;
    const char *text;
    unsigned from, who, days;
    int least, most;     /* least is 0 when there is none */
    const char *country; /* whose working days; "CN" */
    const char *source;
} ko_step;

typedef struct ko_channel_note {
    const char *text, *source;
} ko_channel_note;

/* What programs of the platform read (notice/vero.h). */
typedef enum ko_channel_report { KO_REPORT_NONE, KO_REPORT_EBAY_VERO } ko_channel_report;

/* Rates of a complainant that a platform watches. */
typedef struct ko_standing_rule {
    int success_least_percent, counter_most_percent;
    int months;         /* that are looked at */
    int out_months;     /* how long one is out that misses them */
    bool per_reason;    /* the rates of every single reason count, too */
    const char *source; /* NULL: the channel has no such rule */
} ko_standing_rule;

typedef struct ko_channel {
    const char *id; /* "alibaba-ipp" */
    const char *name;
    const char *filed_at; /* where it is filed: an URL or a mail address, or words */
    const char *filed_at_source;
    const char **platforms; /* whose listings it takes (platform/shops.c); "*": any */
    size_t n_platforms;
    const char *platforms_source;
    ko_channel_list list;
    const char **facts; /* that it asks for (notice/facts.h) */
    size_t n_facts;
    const char **papers; /* to be handed in; words */
    size_t n_papers;
    bool proof; /* one of them is a registration, or a Copyright Claim Statement */
    const char *needs_source;
    const char *recipient; /* of the letter; NULL: whose listings they are */
    const char *letter;    /* the text that goes with it (notice/letter.h) */
    bool pdf;              /* the letter is wanted as PDF, too */
    bool attach;           /* files may go with it; false: none is read */
    unsigned report;
    bool usual; /* false: used only when it is asked for by its id */
    ko_reason *reasons;
    size_t n_reasons;
    ko_step *steps;
    size_t n_steps;
    ko_channel_note *notes;
    size_t n_notes;
    ko_standing_rule standing;
} ko_channel;

/* How a platform counts what sellers did. */
typedef struct ko_penalty {
    const char *platform;
    int points_each, points_a_day; /* of general violations; a day's are capped */
    int life_days;                 /* a record counts so long */
    int closes_at;                 /* points at which an account is closed */
    int serious_window_days;       /* serious ones inside count as one */
    int serious_close_at;
    const char *note;
    const char *source;
} ko_penalty;

typedef struct ko_rules ko_rules;

/* The rules of the program. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_rules_open(ko_rules **out_rules, ko_error *err);

/* Lays the rules of a file over those that are there. KO_E_FORMAT: what and where; then the
 * rules are as they were. KO_E_LIMIT, KO_E_NOMEM. */
KO_NODISCARD ko_status ko_rules_add(ko_rules *rules, const char *text, size_t size, ko_error *err);
void ko_rules_free(ko_rules *rules);

/* The channels, those of the program first, each once. */
size_t ko_rules_count(const ko_rules *rules);
const ko_channel *ko_rules_at(const ko_rules *rules, size_t index);

/* Writes the usual channels, at most as many as there are in all, and returns how many: those that
 * name their platforms before those that take any, so that the first that takes a listing is the
 * one to file it with. */
size_t ko_rules_usual(const ko_rules *rules, const ko_channel **out_channels);

/* NULL when there is none. */
const ko_channel *ko_rules_channel(const ko_rules *rules, const char *id);
const ko_penalty *ko_rules_penalty(const ko_rules *rules, const char *platform);
const ko_rule_source *ko_rules_source(const ko_rules *rules, const char *id);

/* The sources, those of the program first, each once as it stands; NULL behind the last. */
const ko_rule_source *ko_rules_source_at(const ko_rules *rules, size_t index);
/* The penalties, in the same way. */
const ko_penalty *ko_rules_penalty_at(const ko_rules *rules, size_t index);

/* Older sources should be read again: forms and times change about twice a year. */
#define KO_RULE_OLD_DAYS 180

/* Where a rule comes from. */
typedef enum ko_rule_origin {
    KO_RULE_OF_PROGRAM,
    KO_RULE_REPLACED, /* the program's, by one of the user's own */
    KO_RULE_ADDED     /* by the user */
} ko_rule_origin;
ko_rule_origin ko_rules_channel_origin(const ko_rules *rules, const char *id);
ko_rule_origin ko_rules_source_origin(const ko_rules *rules, const char *id);
ko_rule_origin ko_rules_penalty_origin(const ko_rules *rules, const char *platform);

/* Does the channel take listings of this platform? "" is one that is not known. */
bool ko_channel_takes(const ko_channel *channel, const char *platform);
const ko_step *ko_channel_step(const ko_channel *channel, const char *id);     /* NULL: none */
const ko_reason *ko_channel_reason(const ko_channel *channel, const char *id); /* NULL: none */

#endif
