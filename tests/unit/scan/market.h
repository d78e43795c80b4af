/* A store in a temporary folder and the sample market, for the tests of scan/. */
#ifndef MARKET_H
#define MARKET_H

#include "base/file.h"
#include "ingest/files.h"
#include "ingest/ingest.h"
#include "scan/register.h"
#include "scan/scan.h"
#include "store/candidate.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORKS KO_FIXTURES "/market/works"
#define PHOTOS KO_FIXTURES "/market/photos"

typedef struct market {
    char folder[64];
    ko_store *store;
    ko_problems problems;
} market;

static inline int open_market(void **state)
{
    market *m = calloc(1, sizeof *m); /* not ours: a test's own */
    (void)snprintf(m->folder, sizeof m->folder, "/tmp/knockoff-scan-XXXXXX");
    if (!mkdtemp(m->folder))
        return -1;
    char path[96];
    (void)snprintf(path, sizeof path, "%s/k.db", m->folder);
    *state = m;
    return ko_store_open(path, KO_STORE_CREATE, &m->store, NULL) == KO_OK ? 0 : -1;
}

static inline int close_market(void **state)
{
    market *m = *state;
    char command[96];
    ko_store_close(m->store);
    (void)snprintf(command, sizeof command, "rm -r '%s'", m->folder);
    const int status = system(command);
    free(m); /* not ours */
    return status;
}

/* Registers files or folders; work_id 0 makes a work of each. */
static inline void register_works(market *m, char *const *roots, size_t n, int64_t work_id)
{
    ko_ingest_files files = {0};
    assert_int_equal(ko_ingest_files_find(roots, n, &m->problems, &files, NULL), KO_OK);
    const ko_register_options options = {.jobs = 2, .work_id = work_id, .problems = &m->problems};
    ko_error err = {0};
    if (ko_register(m->store, &files.pictures, &options, &err) != KO_OK)
        fail_msg("%s", err.text);
    ko_ingest_files_free(&files);
}

static inline void add_works(market *m, const char *path, int64_t work_id)
{
    char *const roots[] = {(char *)path};
    register_works(m, roots, 1, work_id);
}

/* Those that ingest_some shows. */
static inline void add_some(market *m)
{
    char *const roots[] = {(char *)WORKS "/goldfish.png", (char *)WORKS "/Geranium.png",
                           (char *)WORKS "/two-cats.svg"};
    register_works(m, roots, sizeof roots / sizeof *roots, 0);
}

static inline ko_ingest_counts ingest(market *m, char *const *roots, size_t n)
{
    ko_ingest_files files = {0};
    ko_ingest *ingest = NULL;
    ko_ingest_counts counts = {0};
    assert_int_equal(ko_ingest_files_find(roots, n, &m->problems, &files, NULL), KO_OK);
    assert_int_equal(ko_ingest_begin(m->store, NULL, PHOTOS, &m->problems, &ingest, NULL), KO_OK);
    for (size_t i = 0; i < files.pictures.count; i++)
        assert_int_equal(ko_ingest_picture(ingest, files.pictures.path[i], NULL), KO_OK);
    assert_int_equal(ko_ingest_end(ingest, &counts, NULL), KO_OK);
    ko_ingest_files_free(&files);
    return counts;
}

/* All 70 photos. */
static inline ko_ingest_counts ingest_all(market *m)
{
    char *const roots[] = {(char *)PHOTOS};
    return ingest(m, roots, 1);
}

/* Twelve of them, for tests that scan more than once: five show the goldfish, two the
 * geranium, two the cats, three nothing. */
#define SOME_SHOWN 9
static inline void ingest_some(market *m)
{
    char *const roots[] = {(char *)PHOTOS "/goldfish-decal.webp",
                           (char *)PHOTOS "/goldfish-koi-print.jpg",
                           (char *)PHOTOS "/goldfish-mug.jpg",
                           (char *)PHOTOS "/goldfish-phone-sticker.jpg",
                           (char *)PHOTOS "/goldfish-pin.jpg",
                           (char *)PHOTOS "/geranium-cushion.webp",
                           (char *)PHOTOS "/geranium-pink-card.jpg",
                           (char *)PHOTOS "/cats-clipart.webp",
                           (char *)PHOTOS "/cats-mug.jpg",
                           (char *)PHOTOS "/tiger-face-print.jpg",
                           (char *)PHOTOS "/leaping-frog-sticker.jpg",
                           (char *)PHOTOS "/blank-mug-green.jpg"};
    assert_int_equal(ingest(m, roots, sizeof roots / sizeof *roots).new_photos, 12);
}

static inline ko_scan_counts scan_all(market *m)
{
    ko_scan_counts counts = {0};
    ko_error err = {0};
    if (ko_scan(m->store, 2, &m->problems, &counts, &err) != KO_OK)
        fail_msg("%s", err.text);
    return counts;
}

/* The queue as text: "title<photo name score" a line, in the order it is handed out. */
static inline ko_status add_line(void *context, const ko_candidate *c)
{
    return ko_buf_printf(context, "%s<%s %.6f\n", c->work->fields.title,
                         ko_path_name(c->photo->path), c->match.evidence.score);
}

static inline ko_buf queue_of(market *m)
{
    ko_buf text = KO_BUF(1 << 20);
    const ko_candidate_filter filter = {0};
    assert_int_equal(ko_buf_text(&text, ""), KO_OK);
    assert_int_equal(ko_candidate_each(m->store, &filter, add_line, &text, NULL), KO_OK);
    return text;
}

static inline size_t lines(const ko_buf *text)
{
    size_t n = 0;
    for (size_t i = 0; i < text->size; i++)
        n += text->data[i] == '\n';
    return n;
}

#endif
