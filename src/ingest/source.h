/* ingest/source.h - whatever the user names, taken in: files of any kind, and folders of them.
 *
 * What a file is, is told by its content: a picture; a sheet (listing/sheet.h); a page, reply or
 * feed (page/page.h); a capture with many answers (capture/capture.h). */
#ifndef KO_INGEST_SOURCE_H
#define KO_INGEST_SOURCE_H

#include "ingest/ingest.h"

typedef struct ko_ingest_source_options {
    const char *as;  /* a word of --as, which forces the kind; NULL: told by the content */
    const char *url; /* where a single page was saved from; NULL when it is not known */
    /* What is no problem, and yet to be known: "listings.csv: ignored columns: notes". */
    void (*say)(void *context, const char *line);
    void *context;
} ko_ingest_source_options;

/* Whether a word of --as is known. */
bool ko_ingest_is_kind(const char *word);
/* All of them, for a message: "html, har, ...". Static. */
const char *ko_ingest_kinds(void);

/* Takes in the file or folder at path, or standard input when that is "-". Of a folder pictures,
 * pages, feeds and captures are taken; sheets and lists of URLs only when they are named
 * themselves, and what a browser saved along with a page belongs to that page.
 * KO_E_NOT_FOUND, KO_E_UNSUPPORTED, KO_E_FORMAT, KO_E_LIMIT: of this source alone, with its name
 * in the text. KO_E_STOPPED: what was taken so far is kept. Else the database or disk. */
KO_NODISCARD ko_status ko_ingest_source(ko_ingest *ingest, const char *path,
                                        const ko_ingest_source_options *options, ko_error *err);

/* Takes in one source from its beginning to its end and adds to *counts. What is wrong with that
 * source alone is a problem, and what it gave before is kept. KO_E_STOPPED: likewise. Else the
 * database or disk. */
KO_NODISCARD ko_status ko_ingest_whole(ko_store *store, struct ko_archive *archive,
                                       const char *path, const ko_ingest_source_options *options,
                                       ko_problems *problems, ko_ingest_counts *counts,
                                       ko_error *err);

#endif
