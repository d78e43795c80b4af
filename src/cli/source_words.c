#include "cli/source_words.h"

#include "base/clock.h"
#include "base/span.h"
#include "cli/web.h"
#include "crawl/api.h"
#include "crawl/kind.h"
#include "platform/url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEAST_S 60 /* oftener asks more of a site than it can have new */

ko_status ko_every_read(const char *text, int64_t *out_seconds, ko_error *err)
{
    int64_t seconds = 0;
    if (!ko_span_read(text, &seconds) || seconds < LEAST_S)
        return ko_fail(err, KO_E_USAGE, "--every takes 30m, 6h or 7d, a minute at least, not '%s'",
                       text);
    *out_seconds = seconds;
    return KO_OK;
}

void ko_every_text(int64_t seconds, char out[KO_EVERY_SIZE])
{
    char span[KO_SPAN_SIZE];
    ko_span_text(seconds, span);
    (void)snprintf(out, KO_EVERY_SIZE, "%s%s", seconds ? "every " : "",
                   seconds ? span : "when told to");
}

bool ko_source_can_be(const char *word)
{
    return ko_is_web_url(word) || ko_api_is(word) || access(word, F_OK) == 0;
}

ko_status ko_source_make(ko_store *store, const char *word, const char *name, int64_t every_s,
                         int64_t *out_id, ko_error *err)
{
    ko_source source = {
        .name = name, .url = word, .kind = "", .every_s = every_s, .last_result = ""};
    char *path = NULL;
    ko_url url;
    source.added_at = ko_clock_now();
    ko_status st = KO_OK;
    if (strstr(word, "://")) {
        st = ko_url_parse(word, strlen(word), NULL, &url, err);
        source.url = url.text;
    } else if (ko_api_is(word)) {
        st = ko_api_check(word, err);
        source.kind = KO_KIND_API;
    } else {
        path = realpath(word, NULL);
        if (!path)
            st = ko_fail(err, KO_E_NOT_FOUND, "%s: %s", word, strerror(errno));
        source.url = path;
        source.kind = KO_KIND_FILE;
    }
    if (st == KO_OK)
        st = ko_source_add(store, &source, out_id, err);
    free(path); /* realpath's memory, not ours */
    return st;
}
