/* listing/remarks.h - what the artist's own sheet says of a listing besides what listings say.
 *
 * Those who look for copies of their works by hand keep a sheet: which work it is, when it was
 * found and reported, under which number, what became of it, hours, notes. Each such cell is a
 * remark, a text as it was written under the name of its column. The columns that people commonly
 * keep go by many names (columns.c) and have one here; any other is known by the name that its
 * column has. */
#ifndef KO_LISTING_REMARKS_H
#define KO_LISTING_REMARKS_H

/* In the order in which such sheets have them. */
typedef enum ko_remark_kind {
    KO_REMARK_WORK = 0,    /* title, serial or number of the work that is copied */
    KO_REMARK_OWN_URL,     /* where the artist shows it */
    KO_REMARK_PUBLISHED,   /* first */
    KO_REMARK_NUMBER,      /* of its registration, or the one given to the platform */
    KO_REMARK_PLATFORM,    /* as the artist calls it */
    KO_REMARK_ITEM,        /* number of the listing there */
    KO_REMARK_PRODUCT,     /* what it is printed on */
    KO_REMARK_STORE,       /* number of the store */
    KO_REMARK_CODE,        /* the platform's second code of the seller */
    KO_REMARK_LICENCE,     /* name on the business licence */
    KO_REMARK_FOUND_ON,    /* a day */
    KO_REMARK_FOUND_HOW,   /* keyword, reverse search */
    KO_REMARK_SOLD,        /* count */
    KO_REMARK_REVIEWS,     /* count */
    KO_REMARK_MATCH,       /* photo stolen, traced, printed */
    KO_REMARK_REPORTED_ON, /* a day */
    KO_REMARK_NOTICE,      /* the platform's number of the notice */
    KO_REMARK_REASON,      /* what was written there */
    KO_REMARK_STATUS,
    KO_REMARK_COUNTERED_ON, /* a day */
    KO_REMARK_DEADLINE,     /* a day */
    KO_REMARK_ANSWER,       /* to the counter-notice */
    KO_REMARK_REMOVED_ON,   /* a day */
    KO_REMARK_RECHECKED,    /* a day */
    KO_REMARK_REAPPEARED,   /* as which listing */
    KO_REMARK_POINTS,       /* of the seller, estimated */
    KO_REMARK_HOURS,        /* spent */
    KO_REMARK_LOSS,         /* estimated */
    KO_REMARK_NOTES,
    KO_REMARK_KINDS
} ko_remark_kind;

/* "work", "own url", "date reported", ...: also the heading when the sheet is written. */
const char *ko_remark_name(ko_remark_kind kind);
/* KO_REMARK_KINDS when it is the name of a column of the user's own. */
ko_remark_kind ko_remark_find(const char *name);

#endif
