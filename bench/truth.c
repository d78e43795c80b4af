#include "truth.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/status.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* --- tables --- */

#define COLUMNS 10

typedef struct ko_bench_table {
    ko_buf bytes;
    size_t n;
    char *(*rows)[COLUMNS]; /* missing cells are "" */
} ko_bench_table;

enum { TRUTH, ORIGINALS, GROUPS, QUADS, TABLES };

static const char *const names[TABLES] = {"truth.csv", "originals.csv", "groups.csv", "quads.csv"};

/* Cuts a line at its commas; what follows the last column stays part of it. */
static void cut(char *line, char *row[COLUMNS])
{
    static char nothing[1];
    line[strcspn(line, "\r\n")] = '\0';
    for (size_t c = 0; c < COLUMNS; c++) {
        row[c] = line ? line : nothing;
        line = line && c + 1 < COLUMNS ? strchr(line, ',') : NULL;
        if (line)
            *line++ = '\0';
    }
}

static ko_status table_read(ko_bench_table *t, const char *folder, const char *name, ko_error *err)
{
    char *path = ko_path_join(folder, name);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "%s", name);
    t->bytes = KO_BUF(KO_MAX_SHEET_BYTES);
    const ko_status st = ko_file_read(path, &t->bytes, err);
    ko_free(path);
    if (st != KO_OK)
        return st;
    size_t lines = 1;
    for (const char *c = t->bytes.data; c && *c; c++)
        lines += *c == '\n';
    t->rows = ko_alloc_array(lines, sizeof *t->rows);
    if (!t->rows)
        return ko_fail(err, KO_E_NOMEM, "%s of %zu lines", name, lines);
    /* the first line names the columns */
    char *next = t->bytes.data ? strchr(t->bytes.data, '\n') : NULL;
    while (next && next[1]) {
        char *line = next + 1;
        next = strchr(line, '\n');
        if (next)
            *next = '\0';
        cut(line, t->rows[t->n++]);
    }
    return KO_OK;
}

/* --- what they say --- */

static ko_status find_work(const ko_bench_truth *t, const char *name, size_t length,
                           uint32_t *out_work, ko_error *err)
{
    for (size_t i = 0; i < t->n_works; i++)
        if (strncmp(t->works[i], name, length) == 0 && t->works[i][length] == '\0') {
            *out_work = (uint32_t)i;
            return KO_OK;
        }
    return ko_fail(err, KO_E_FORMAT, "%s: no work %.*s in originals.csv", t->folder, (int)length,
                   name);
}

static ko_status fill_photo(const ko_bench_truth *t, char *const *row, ko_bench_photo *out,
                            ko_error *err)
{
    *out = (ko_bench_photo){.name = row[0], .set = row[2], .kind = row[3]};
    if (strncmp(out->kind, "plain-", 6) == 0)
        out->set = "plain";
    for (const char *list = row[1]; *list;) {
        const size_t length = strcspn(list, "|");
        if (out->n_works == KO_BENCH_WORKS_A_PHOTO)
            return ko_fail(err, KO_E_FORMAT, "%s: more than %d works", out->name,
                           KO_BENCH_WORKS_A_PHOTO);
        const ko_status st = find_work(t, list, length, &out->works[out->n_works++], err);
        if (st != KO_OK)
            return st;
        list += length + (list[length] == '|');
    }
    return KO_OK;
}

/* One name in so many, whatever their order: tables often go round by kind. FNV-1a. */
static bool is_sampled(const char *name, size_t every)
{
    uint32_t hash = 2166136261u;
    for (const char *c = name; *c; c++)
        hash = (hash ^ (uint8_t)*c) * 16777619u;
    return (hash ^ hash >> 15) % every == 0;
}

static ko_status fill_photos(ko_bench_truth *t, size_t every, ko_error *err)
{
    const ko_bench_table *from = &t->tables[TRUTH];
    ko_status st = KO_OK;
    for (size_t i = 0; i < from->n && st == KO_OK; i++)
        if (is_sampled(from->rows[i][0], every))
            st = fill_photo(t, from->rows[i], &t->photos[t->n_photos++], err);
    return st;
}

static ko_status fill_memberships(ko_bench_truth *t, ko_error *err)
{
    const ko_bench_table *from = &t->tables[GROUPS];
    ko_status st = KO_OK;
    for (size_t i = 0; i < from->n && st == KO_OK; i++) {
        char *const *row = from->rows[i];
        ko_bench_membership *m = &t->memberships[t->n_memberships++];
        m->group = row[1];
        st = find_work(t, row[0], strlen(row[0]), &m->work, err);
    }
    return st;
}

/* Places in photos that were left out are left out, too. */
static ko_status fill_places(ko_bench_truth *t, ko_error *err)
{
    const ko_bench_table *from = &t->tables[QUADS];
    ko_status st = KO_OK;
    for (size_t i = 0; i < from->n && st == KO_OK; i++) {
        char *const *row = from->rows[i];
        size_t photo = 0;
        while (photo < t->n_photos && strcmp(t->photos[photo].name, row[0]) != 0)
            photo++;
        if (photo == t->n_photos)
            continue;
        ko_bench_place *place = &t->places[t->n_places++];
        place->photo = (uint32_t)photo;
        st = find_work(t, row[1], strlen(row[1]), &place->work, err);
        for (size_t k = 0; k < 8; k++)
            place->quad[k] = strtof(row[2 + k], NULL);
    }
    return st;
}

ko_status ko_bench_truth_read(const char *folder, size_t every, ko_bench_truth *out_truth,
                              ko_error *err)
{
    assert(every > 0);
    ko_bench_truth t = {.folder = folder};
    ko_status st = KO_OK;
    t.tables = ko_alloc_zero(TABLES, sizeof *t.tables);
    if (!t.tables) {
        st = ko_fail(err, KO_E_NOMEM, "%s", folder);
        goto done;
    }
    for (size_t i = 0; i < TABLES && st == KO_OK; i++)
        st = table_read(&t.tables[i], folder, names[i], err);
    if (st != KO_OK)
        goto done;
    t.works = ko_alloc_array(t.tables[ORIGINALS].n, sizeof *t.works);
    t.photos = ko_alloc_array(t.tables[TRUTH].n, sizeof *t.photos);
    t.memberships = ko_alloc_array(t.tables[GROUPS].n, sizeof *t.memberships);
    t.places = ko_alloc_array(t.tables[QUADS].n, sizeof *t.places);
    if (!t.works || !t.photos || !t.memberships || !t.places) {
        st = ko_fail(err, KO_E_NOMEM, "%zu photos of %s", t.tables[TRUTH].n, folder);
        goto done;
    }
    for (; t.n_works < t.tables[ORIGINALS].n; t.n_works++)
        t.works[t.n_works] = t.tables[ORIGINALS].rows[t.n_works][0];
    st = fill_photos(&t, every, err);
    if (st == KO_OK)
        st = fill_memberships(&t, err);
    if (st == KO_OK)
        st = fill_places(&t, err);
    if (st != KO_OK)
        goto done;
    *out_truth = t;
    t = (ko_bench_truth){0};
done:
    ko_bench_truth_free(&t);
    return st;
}

void ko_bench_truth_free(ko_bench_truth *truth)
{
    for (size_t i = 0; truth->tables && i < TABLES; i++) {
        ko_free(truth->tables[i].rows);
        ko_buf_free(&truth->tables[i].bytes);
    }
    ko_free(truth->tables);
    ko_free(truth->works);
    ko_free(truth->photos);
    ko_free(truth->memberships);
    ko_free(truth->places);
    *truth = (ko_bench_truth){0};
}
