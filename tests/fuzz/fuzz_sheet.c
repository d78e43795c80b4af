/* Fuzzes the readers of sheets: any bytes give records, problems or one error, and what is
 * handed out keeps its promises. */
#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "listing/sheet.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const char *text)
{
    char *clean = ko_text_clean_dup(text);
    check(clean && strcmp(clean, text) == 0);
    ko_free(clean);
}

static void check_url(const char *url)
{
    check_text(url);
    check(!*url || strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0);
    check(strlen(url) <= KO_MAX_URL_BYTES && !strchr(url, ' '));
}

static void check_paths(char *const *paths, size_t n)
{
    check(n <= KO_MAX_LISTING_IMAGES);
    for (size_t i = 0; i < n; i++)
        check(strlen(paths[i]) < KO_MAX_PATH_BYTES && !strchr(paths[i], '\n'));
}

static ko_status on_listing(void *context, const ko_listing *listing)
{
    ++*(size_t *)context;
    check(listing->line > 0 && (*listing->url || listing->n_pictures > 0));
    check_url(listing->url);
    check_text(listing->title);
    check_text(listing->seller);
    check_text(listing->price);
    check_text(listing->currency);
    check(listing->n_pictures <= KO_MAX_LISTING_IMAGES);
    for (size_t i = 0; i < listing->n_pictures; i++) {
        const ko_gallery_picture *picture = &listing->pictures[i];
        check(*picture->url || *picture->path);
        check_url(picture->url);
        check_paths(&picture->path, 1);
    }
    for (size_t i = 0; i < listing->n_remarks; i++) {
        check(*listing->remarks[i].name && *listing->remarks[i].text);
        check_text(listing->remarks[i].name);
        check_text(listing->remarks[i].text);
    }
    return KO_OK;
}

static ko_status on_work(void *context, const ko_sheet_work *work)
{
    ++*(size_t *)context;
    check(work->line > 0 && (*work->serial || work->n_files > 0));
    check_text(work->serial);
    check_text(work->title);
    check_text(work->registration);
    check_text(work->holder);
    check_text(work->published_on);
    check_url(work->published_url);
    check(strlen(work->published_on) <= 10);
    check(work->threshold >= 0 && work->threshold < 1e6);
    check_paths(work->files, work->n_files);
    return KO_OK;
}

static void on_problem(void *context, size_t line, const char *text)
{
    (void)context;
    check(line > 0 && *text);
    check_text(text);
}

static void on_note(void *context, const char *text)
{
    (void)context;
    check(*text);
    check_text(text);
}

typedef ko_status read_fn(const char *path, const void *bytes, size_t size,
                          const ko_sheet_sink *sink, ko_sheet_counts *out_counts, ko_error *err);

static void read_with(read_fn *read, const uint8_t *bytes, size_t size)
{
    size_t records = 0;
    const ko_sheet_sink sink = {.context = &records,
                                .on_listing = on_listing,
                                .on_work = on_work,
                                .on_problem = on_problem,
                                .on_note = on_note};
    ko_sheet_counts counts = {0};
    ko_error err = {0};
    const ko_status st = read("folder/sheet", bytes, size, &sink, &counts, &err);
    check(counts.records == records);
    check((st == KO_OK) == (err.text[0] == '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    read_with(ko_sheet_read, bytes, size);
    read_with(ko_sheet_read_works, bytes, size);
    return 0;
}
