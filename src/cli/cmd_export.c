/* knockoff export works|listings|candidates - everything out again. */
#include "cli/commands.h"

#include "report/export.h"

#include <errno.h>
#include <string.h>

typedef struct export_options {
    ko_common common;
    const char *out;
    bool all;
} export_options;

static const ko_option options[] = {
    {"out", 'o', KO_OPT_TEXT, offsetof(export_options, out), "FILE",
     "write there instead of to standard output"},
    {"all", 'a', KO_OPT_FLAG, offsetof(export_options, all), NULL,
     "also candidates below the threshold now in force"},
    {0},
};

static ko_status export(ko_store *store, const export_options *o, FILE *file, ko_error *err)
{
    const char *what = o->common.operands.word[0];
    const ko_export_format format = o->common.json ? KO_EXPORT_JSON : KO_EXPORT_CSV;
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

static ko_exit run(char **words, size_t n)
{
    export_options o = {0};
    ko_store *store = NULL;
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (!ko_begin(&ko_cmd_export, words, n, &o, &code))
        goto done;
    if (o.common.operands.count != 1) {
        ko_say("export takes one of works, listings, candidates (knockoff help export)");
        code = KO_EXIT_USAGE;
        goto done;
    }
    ko_status st = ko_open_database(&o.common, KO_STORE_OPEN, &store, &err);
    if (st == KO_OK)
        st = export_to(store, &o, &err);
    if (st != KO_OK)
        code = ko_give_up(&err);
done:
    ko_store_close(store);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_export = {
    .name = "export",
    .summary = "write works, listings or candidates as CSV or JSON",
    .usage = "works|listings|candidates [--json] [--out FILE]",
    .description =
        "CSV as in RFC 4180; cells that a spreadsheet would take for a formula get an apostrophe\n"
        "before them. --json writes one object a line instead.",
    .options = options,
    .run = run,
};
