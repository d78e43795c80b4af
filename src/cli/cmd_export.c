/* knockoff export - everything out again. */
#include "cli/commands.h"

#include "base/clock.h"
#include "case/spreadsheet.h"
#include "cli/kit.h"
#include "report/export.h"

#include <errno.h>
#include <string.h>

typedef struct export_options {
    ko_common common;
    const char *whom, *out;
    bool all;
} export_options;

static const ko_option options[] = {
    {"for", 0, KO_OPT_TEXT, offsetof(export_options, whom), "spreadsheet",
     "instead of a table for programs: the sheet that artists keep, with all that was done"},
    {"out", 'o', KO_OPT_TEXT, offsetof(export_options, out), "FILE",
     "write there instead of to standard output"},
    {"all", 'a', KO_OPT_FLAG, offsetof(export_options, all), NULL,
     "also candidates below the threshold now in force"},
    {0},
};

static ko_status export_spreadsheet(ko_store *store, const export_options *o,
                                    ko_export_format format, FILE *file, ko_error *err)
{
    ko_kit kit;
    ko_status st = ko_open_kit(&o->common, &kit, err);
    const ko_spreadsheet_options how = {
        .kit = &kit, .today = ko_today(), .format = format, .all = o->all};
    if (st == KO_OK)
        st = ko_spreadsheet_write(store, &how, file, err);
    ko_kit_close(&kit);
    return st;
}

static ko_status export(ko_store *store, const export_options *o, FILE *file, ko_error *err)
{
    const char *what = o->whom ? "" : o->common.operands.word[0];
    const ko_export_format format = o->common.json ? KO_EXPORT_JSON : KO_EXPORT_CSV;
    if (o->whom)
        return export_spreadsheet(store, o, format, file, err);
    if (strcmp(what, "works") == 0)
        return ko_export_works(store, format, file, err);
    if (strcmp(what, "listings") == 0)
        return ko_export_listings(store, format, file, err);
    if (strcmp(what, "candidates") == 0)
        return ko_export_candidates(store, format, o->all, file, err);
    return ko_fail(err, KO_E_USAGE, "export: '%s' is not works, listings or candidates", what);
}

/* Opens the file, exports and makes sure that all of it is on the disk. */
static ko_status export_to(ko_store *store, const export_options *o, ko_error *err)
{
    if (!o->out) {
        const ko_status st = export(store, o, stdout, err);
        if (st == KO_E_IO)
            ko_error_prefix(err, "standard output");
        return st;
    }
    FILE *file = fopen(o->out, "w");
    if (!file)
        return ko_fail(err, KO_E_IO, "%s: %s", o->out, strerror(errno));
    const ko_status st = export(store, o, file, err);
    const bool arrived = fclose(file) == 0;
    if (st == KO_E_IO)
        ko_error_prefix(err, o->out);
    if (st == KO_OK && !arrived)
        return ko_fail(err, KO_E_IO, "%s: %s", o->out, strerror(errno));
    return st;
}

static ko_status fits(const void *read, ko_error *err)
{
    const export_options *o = read;
    if (o->whom && strcmp(o->whom, "spreadsheet") != 0)
        return ko_fail(err, KO_E_USAGE, "export --for %s: not spreadsheet", o->whom);
    if (o->common.operands.count == (o->whom ? 0 : 1))
        return KO_OK;
    return ko_fail(err, KO_E_USAGE,
                   "export takes one of works, listings, candidates, or --for spreadsheet "
                   "(knockoff help export)");
}

static ko_status export_all(const ko_job *job, ko_error *err)
{
    return export_to(job->store, job->options, err);
}

static ko_exit run(char **words, size_t n)
{
    export_options o = {0};
    return ko_run_job(&ko_cmd_export, words, n, &o, fits, export_all);
}

const ko_command ko_cmd_export = {
    .name = "export",
    .summary = "write works, listings, candidates or the artist's own sheet as CSV or JSON",
    .usage = "works|listings|candidates|--for spreadsheet [--json] [--out FILE]",
    .description =
        "CSV as in RFC 4180; cells that a spreadsheet would take for a formula get an apostrophe\n"
        "before them. --json writes one object a line instead.\n"
        "--for spreadsheet writes a row for each listing and work that was found, reported or "
        "noted\n"
        "in a sheet of your own: what is known here, and what only your sheet said, your own "
        "columns\n"
        "too. knockoff ingest takes it in again.",
    .options = options,
    .run = run,
};
