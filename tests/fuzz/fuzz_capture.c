/* Fuzzes the reading of captures: any bytes give answers, problems or one error, and what is
 * handed out keeps its promises. */
#include "base/alloc.h"
#include "base/limits.h"
#include "capture/capture.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* What was handed out, and every byte of it read, so that a sanitizer sees what is not there. */
typedef struct seen {
    size_t replies, problems;
    uint64_t sum;
} seen;

/* Lines, each ended by CR LF; or nothing. */
static void check_head(const char *head)
{
    const size_t n = strlen(head);
    check(n == 0 || (n >= 2 && strcmp(head + n - 2, "\r\n") == 0));
    check(!strstr(head, "\r\n\r\n"));
}

static ko_status on_reply(void *context, const ko_reply *reply)
{
    seen *s = context;
    s->replies++;
    check(reply->url && strcmp(reply->url, reply->final_url) == 0);
    check(reply->status == 0 || (reply->status >= 100 && reply->status <= 999));
    check(reply->size > 0 && reply->size <= KO_MAX_CAPTURE_BODY && reply->at >= 0);
    check_head(reply->headers);
    s->sum += strlen(reply->content_type);
    for (size_t i = 0; i < reply->size; i++)
        s->sum += ((const uint8_t *)reply->body)[i];
    return KO_OK;
}

static void on_problem(void *context, size_t record, const char *text)
{
    seen *s = context;
    s->problems++;
    check(record > 0 && text[0] && !strchr(text, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    seen s = {0};
    ko_error err = {0};
    ko_capture_counts counts = {0};
    const ko_capture_sink sink = {.context = &s, .on_reply = on_reply, .on_problem = on_problem};
    const ko_capture_kind kind = ko_capture_sniff(bytes, size);
    const ko_status st = ko_capture_read(bytes, size, &sink, &counts, &err);
    check((st == KO_OK) == (err.text[0] == '\0'));
    check((st == KO_E_UNSUPPORTED) == (kind == KO_CAPTURE_NONE));
    check(counts.replies == s.replies && counts.left_out <= s.problems);
    check(ko_alloc_live() == 0);
    return 0;
}
