#include "cli/cmd_inspect_file.h"

#include "base/file.h"
#include "base/limits.h"
#include "capture/capture.h"
#include "cli/cli.h"
#include "listing/sheet.h"

#include <string.h>
#include <strings.h>

/* A file being shown. */
typedef struct showing {
    const ko_inspect *how;
    const char *name;
    size_t count;
    ko_error *err;
} showing;

/* --- sheets --- */

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

/* --- captures --- */

/* What a page consists of besides itself: its pictures, styles, scripts, films, fonts. */
static bool is_part(const char *content_type)
{
    static const char *const kinds[] = {
        "image/",          "text/css", "text/javascript",        "font/",
        "video/",          "audio/",   "application/javascript", "application/x-javascript",
        "application/font"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncasecmp(content_type, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return false;
}

static ko_status on_reply(void *context, const ko_reply *reply)
{
    const showing *s = context;
    const ko_page_source source = {.bytes = reply->body,
                                   .size = reply->size,
                                   .url = reply->final_url,
                                   .content_type = reply->content_type,
                                   .status = reply->status};
    ko_error own = {0};
    if (is_part(reply->content_type))
        return KO_OK;
    const ko_status st = ko_inspect_page(s->how, reply->final_url, &source, &own);
    if (st == KO_E_FORMAT || st == KO_E_UNSUPPORTED)
        return KO_OK; /* what programs say to each other while a page is open */
    if (st == KO_E_LIMIT)
        ko_problem(s->how->problems, "%s: %s", s->name, own.text);
    else if (st != KO_OK)
        return ko_fail(s->err, st, "%s", own.text);
    return KO_OK;
}

static void on_damage(void *context, size_t record, const char *text)
{
    const showing *s = context;
    ko_problem(s->how->problems, "%s: record %zu: %s", s->name, record, text);
}

static ko_status show_capture(const ko_inspect *how, const ko_inspect_file *file,
                              const ko_buf *bytes, ko_error *err)
{
    showing s = {.how = how, .name = file->path, .err = err};
    const ko_capture_sink sink = {.context = &s, .on_reply = on_reply, .on_problem = on_damage};
    ko_capture_counts counts = {0};
    const ko_status st = ko_capture_read(bytes->data, bytes->size, &sink, &counts, err);
    if (st == KO_OK && !how->json)
        ko_print("%s: capture, %zu answer%s\n", file->path, counts.replies,
                 ko_plural(counts.replies));
    ko_error_prefix(err, file->path);
    return st;
}

/* --- files --- */

/* What no page is may be a sheet; what is neither is called what it is not first. */
static ko_status show_page_or_sheet(const ko_inspect *how, const ko_inspect_file *file,
                                    const ko_buf *bytes, ko_error *err)
{
    ko_error of_sheet = {0};
    const ko_status st = show_page(how, file, bytes, err);
    if (st != KO_E_UNSUPPORTED || ko_sheet_sniff(bytes->data, bytes->size) == KO_SHEET_NONE ||
        show_sheet(how, file, bytes, &of_sheet) != KO_OK)
        return st;
    *err = (ko_error){0};
    return KO_OK;
}

ko_status ko_inspect_file_show(const ko_inspect *how, const ko_inspect_file *file, ko_error *err)
{
    ko_buf bytes = KO_BUF(KO_MAX_SHEET_BYTES);
    ko_status st = strcmp(file->path, "-") == 0 ? ko_stdin_read(&bytes, err)
                                                : ko_file_read(file->path, &bytes, err);
    if (st == KO_OK)
        st = ko_capture_sniff(bytes.data, bytes.size) != KO_CAPTURE_NONE
                 ? show_capture(how, file, &bytes, err)
                 : show_page_or_sheet(how, file, &bytes, err);
    ko_buf_free(&bytes);
    return st;
}
