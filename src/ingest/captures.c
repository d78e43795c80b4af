#include "ingest/taking.h"

#include "capture/capture.h"
#include "store/seen.h"

#include <knockoff/image.h>

#include <string.h>
#include <strings.h>

/* A capture while it is taken in. */
typedef struct capturing {
    const ko_taking *taking;
    size_t listings; /* pages with any, of which pictures are looked for */
    size_t pictures; /* taken */
} capturing;

static void on_problem(void *context, size_t record, const char *text)
{
    const capturing *c = context;
    ko_problem(ko_ingest_problems(c->taking->ingest), "%s: record %zu: %s", c->taking->path, record,
               text);
}

/* The second time what is wrong has been said. */
static void ignore_problem(void *context, size_t record, const char *text)
{
    (void)context;
    (void)record;
    (void)text;
}

/* Of what is a page made, and not a page itself, going by what the server called it. */
static bool is_part(const char *content_type)
{
    static const char *const parts[] = {"image/",
                                        "font/",
                                        "audio/",
                                        "video/",
                                        "text/css",
                                        "text/javascript",
                                        "application/javascript",
                                        "application/x-javascript"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strncasecmp(content_type, parts[i], strlen(parts[i])) == 0)
            return true;
    return false;
}

static ko_status take_page(void *context, const ko_reply *reply)
{
    capturing *c = context;
    const ko_taking *taking = c->taking;
    const bool redirects = reply->status >= 300 && reply->status < 400;
    if (redirects || is_part(reply->content_type) ||
        ko_image_sniff(reply->body, reply->size) != KO_IMAGE_UNKNOWN)
        return KO_OK;
    ko_page page = {0};
    ko_error own = {0};
    const ko_status st = ko_ingest_reply(taking->ingest, reply, NULL, &page, &own);
    if (ko_taking_is_of_input(st))
        return KO_OK; /* a capture is full of what is no page */
    if (st != KO_OK)
        return ko_fail(taking->err, st, "%s", own.text);
    if (page.blocked)
        ko_taking_blocked(taking, reply->url, page.blocked);
    c->listings += page.offers.count > 0;
    ko_page_free(&page);
    return KO_OK;
}

static ko_status take_picture(void *context, const ko_reply *reply)
{
    capturing *c = context;
    const ko_taking *taking = c->taking;
    bool taken = false;
    ko_error own = {0};
    const ko_status st = ko_ingest_picture_reply(taking->ingest, reply, &taken, &own);
    if (ko_taking_is_of_input(st))
        ko_problem(ko_ingest_problems(taking->ingest), "%s: %s", taking->path, own.text);
    else if (st != KO_OK)
        return ko_fail(taking->err, st, "%s", own.text);
    c->pictures += taken;
    return KO_OK;
}

/* Which pictures are wanted shows when all pages are read; so the file is read twice. */
static ko_status take_pictures(capturing *c, const ko_buf *bytes)
{
    const ko_capture_sink sink = {
        .context = c, .on_reply = take_picture, .on_problem = ignore_problem};
    ko_ingest *ingest = c->taking->ingest;
    ko_store *store = ko_ingest_store(ingest);
    ko_photo_counts before = {0};
    ko_photo_counts after = {0};
    ko_status st = ko_photo_count(store, &before, c->taking->err);
    if (st == KO_OK)
        st = ko_capture_read(bytes->data, bytes->size, &sink, NULL, c->taking->err);
    if (st == KO_OK)
        st = ko_photo_count(store, &after, c->taking->err);
    if (st == KO_OK)
        ko_ingest_arrived(ingest, c->pictures, (size_t)(after.photos - before.photos));
    return st;
}

static void tell(const capturing *c, const ko_capture_counts *counts)
{
    const size_t answers = counts->replies + counts->without_body;
    if (counts->without_body)
        ko_taking_say(c->taking, "%s: %zu of %zu answers were saved without what they said",
                      c->taking->path, counts->without_body, answers);
    if (c->listings == 0)
        ko_taking_say(c->taking, "%s: no listing in %zu answer%s", c->taking->path, answers,
                      answers == 1 ? "" : "s");
}

ko_status ko_taking_capture(const ko_taking *taking, const ko_buf *bytes)
{
    capturing c = {.taking = taking};
    ko_capture_counts counts = {0};
    const ko_capture_sink sink = {.context = &c, .on_reply = take_page, .on_problem = on_problem};
    ko_status st = ko_capture_read(bytes->data, bytes->size, &sink, &counts, taking->err);
    if (st == KO_OK)
        st = take_pictures(&c, bytes);
    if (st == KO_OK)
        tell(&c, &counts);
    else
        ko_error_prefix(taking->err, taking->path);
    return st;
}
