#include "cli/cmd_inspect_file.h"

#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "listing/sheet.h"

#include <string.h>

/* A sheet being shown. */
typedef struct showing {
    const ko_inspect *how;
    const char *name;
    size_t count;
    ko_error *err;
} showing;

static ko_status on_listing(void *context, const ko_listing *listing)
{
    showing *s = context;
    return ko_inspect_record(s->how, ++s->count, listing, NULL, 0, s->err);
}

static void on_problem(void *context, size_t line, const char *text)
{
    const showing *s = context;
    ko_problem(s->how->problems, "%s: line %zu: %s", s->name, line, text);
}

static void on_note(void *context, const char *text)
{
    const showing *s = context;
    ko_say("%s: %s", s->name, text);
}

static ko_status show_sheet(const ko_inspect *how, const ko_inspect_file *file, const ko_buf *bytes,
                            ko_error *err)
{
    showing s = {.how = how, .name = file->path, .err = err};
    const ko_sheet_sink sink = {
        .context = &s, .on_listing = on_listing, .on_problem = on_problem, .on_note = on_note};
    const ko_status st = ko_sheet_read(file->path, bytes->data, bytes->size, &sink, NULL, err);
    ko_error_prefix(err, file->path);
    return st;
}

static ko_status show_page(const ko_inspect *how, const ko_inspect_file *file, const ko_buf *bytes,
                           ko_error *err)
{
    const ko_page_source source = {.bytes = bytes->data,
                                   .size = bytes->size,
                                   .url = file->url,
                                   .saved = strcmp(file->path, "-") != 0,
                                   .insist = file->insist};
    return ko_inspect_page(how, file->path, &source, err);
}

ko_status ko_inspect_file_show(const ko_inspect *how, const ko_inspect_file *file, ko_error *err)
{
    ko_buf bytes = KO_BUF(KO_MAX_SHEET_BYTES);
    ko_error of_sheet = {0};
    ko_status st = strcmp(file->path, "-") == 0 ? ko_stdin_read(&bytes, err)
                                                : ko_file_read(file->path, &bytes, err);
    if (st == KO_OK)
        st = show_page(how, file, &bytes, err);
    /* What no page is may be a sheet; what is neither is called what it is not first. */
    if (st == KO_E_UNSUPPORTED && ko_sheet_sniff(bytes.data, bytes.size) != KO_SHEET_NONE &&
        show_sheet(how, file, &bytes, &of_sheet) == KO_OK) {
        *err = (ko_error){0};
        st = KO_OK;
    }
    ko_buf_free(&bytes);
    return st;
}
