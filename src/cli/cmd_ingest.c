/* knockoff ingest - listings in: folders of pictures and sheets. */
#include "cli/commands.h"

#include "base/file.h"
#include "base/limits.h"
#include "ingest/files.h"
#include "ingest/ingest.h"
#include "listing/sheet.h"

#include <knockoff/image.h>

#include <string.h>

static const ko_option options[] = {{0}};

/* One source being ingested, and where its lines go. */
typedef struct source {
    const char *path;
    ko_ingest *ingest;
    ko_problems *problems;
    ko_error *err;
} source;

static ko_status on_listing(void *context, const ko_listing *listing)
{
    const source *s = context;
    return ko_ingest_listing(s->ingest, listing, 0, s->err);
}

static void on_problem(void *context, size_t line, const char *text)
{
    const source *s = context;
    ko_problem(s->problems, "%s: line %zu: %s", s->path, line, text);
}

static void on_note(void *context, const char *text)
{
    const source *s = context;
    ko_say("%s: %s", s->path, text);
}

static ko_status ingest_folder(source *s)
{
    ko_ingest_files found = {0};
    ko_status st = ko_ingest_files_find((char *const *)&s->path, 1, s->problems, &found, s->err);
    for (size_t i = 0; st == KO_OK && i < found.pictures.count; i++)
        st = ko_ingest_picture(s->ingest, found.pictures.path[i], s->err);
    if (found.others)
        ko_say("%s: %zu file%s no picture, left out; a sheet is ingested when it is named", s->path,
               found.others, found.others == 1 ? " is" : "s are");
    ko_ingest_files_free(&found);
    return st;
}

static ko_status ingest_sheet(source *s, const ko_buf *bytes)
{
    const ko_sheet_sink sink = {
        .context = s, .on_listing = on_listing, .on_problem = on_problem, .on_note = on_note};
    const ko_status st = ko_sheet_read(s->path, bytes->data, bytes->size, &sink, NULL, s->err);
    ko_error_prefix(s->err, s->path);
    return st;
}

static ko_status ingest_file(source *s)
{
    ko_buf bytes = KO_BUF(KO_MAX_SHEET_BYTES);
    ko_status st = ko_file_read(s->path, &bytes, s->err);
    if (st != KO_OK)
        return st;
    if (ko_image_sniff(bytes.data, bytes.size) == KO_IMAGE_UNKNOWN)
        st = ingest_sheet(s, &bytes);
    else
        st = ko_ingest_picture(s->ingest, s->path, s->err);
    ko_buf_free(&bytes);
    return st;
}

/* What is wrong with one source alone is said, and the other sources go on. */
static bool only_the_source(ko_status status)
{
    return status == KO_E_FORMAT || status == KO_E_UNSUPPORTED || status == KO_E_LIMIT ||
           status == KO_E_NOT_FOUND;
}

static ko_status ingest_source(ko_store *store, const char *path, ko_problems *problems,
                               ko_ingest_counts *counts, ko_error *err)
{
    ko_error own = {0};
    source s = {.path = path, .problems = problems, .err = &own};
    ko_status st = ko_ingest_begin(store, NULL, path, problems, &s.ingest, err);
    if (st != KO_OK)
        return st;
    st = ko_is_folder(path) ? ingest_folder(&s) : ingest_file(&s);
    if (st == KO_OK || st == KO_E_STOPPED || only_the_source(st)) {
        const ko_status ended = ko_ingest_end(s.ingest, counts, err);
        if (ended != KO_OK)
            return ended;
    } else {
        ko_ingest_abandon(s.ingest);
    }
    if (only_the_source(st)) {
        ko_problem(problems, "%s", own.text);
        return KO_OK;
    }
    return st == KO_OK ? KO_OK : ko_fail(err, st, "%s", own.text);
}

static void print(const ko_common *o, const ko_ingest_counts *c)
{
    if (o->json) {
        ko_json_line(stdout,
                     json_pack("{s:I, s:I, s:I, s:I, s:I}", "listings", (json_int_t)c->listings,
                               "new_listings", (json_int_t)c->new_listings, "photos",
                               (json_int_t)c->photos, "new_photos", (json_int_t)c->new_photos,
                               "missing_photos", (json_int_t)c->missing));
        return;
    }
    ko_print("%zu listing%s (%zu new) with %zu photo%s (%zu new)", c->listings,
             ko_plural(c->listings), c->new_listings, c->photos, ko_plural(c->photos),
             c->new_photos);
    if (c->missing)
        ko_print(", %zu photos missing", c->missing);
    ko_print("\n");
    ko_print("next: knockoff scan\n");
}

static ko_exit run(char **words, size_t n)
{
    ko_common o = {0};
    ko_problems problems = ko_problems_said();
    ko_ingest_counts counts = {0};
    ko_store *store = NULL;
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (!ko_begin(&ko_cmd_ingest, words, n, &o, &code))
        goto done;
    if (o.operands.count == 0) {
        ko_say("ingest needs folders, pictures or sheets (knockoff help ingest)");
        code = KO_EXIT_USAGE;
        goto done;
    }
    ko_status st = ko_open_database(&o, KO_STORE_OPEN, &store, &err);
    for (size_t i = 0; st == KO_OK && i < o.operands.count; i++)
        st = ingest_source(store, o.operands.word[i], &problems, &counts, &err);
    if (st == KO_OK) {
        print(&o, &counts);
        code = problems.count ? KO_EXIT_REFUSED : KO_EXIT_OK;
    } else {
        code = ko_give_up(&err);
    }
done:
    ko_store_close(store);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_ingest = {
    .name = "ingest",
    .summary = "take in listings: folders of pictures, spreadsheets",
    .usage = "PATH...",
    .description =
        "A folder or picture: each picture is a listing of its own.\n"
        "A sheet (CSV with any of , ; tab |, or JSON Lines): a row is a listing. Columns are\n"
        "known by many names: url (link, listing), title (name, product), seller (shop, store),\n"
        "price, currency, image (picture, photo: local paths, several divided by |). Columns\n"
        "that mean nothing here are named and left out. Rows with the same URL are one listing.\n"
        "Ingesting the same again changes nothing but the day it was last seen.",
    .options = options,
    .run = run,
};
