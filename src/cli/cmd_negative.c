/* knockoff negative - pictures that never count. */
#include "cli/commands.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/decision.h"
#include "store/negative.h"
#include "store/profile.h"

#include <stdlib.h>
#include <string.h>

typedef struct negative_options {
    ko_common common;
} negative_options;

static const ko_option options[] = {{0}};

typedef struct printing {
    bool json;
    size_t n;
} printing;

static ko_status print(void *context, const ko_negative *negative)
{
    printing *p = context;
    char at[KO_TIME_SIZE], sha256[2 * KO_SHA256_SIZE + 1];
    p->n++;
    ko_clock_text(negative->at, at);
    ko_text_hex(negative->sha256, KO_SHA256_SIZE, sha256);
    if (p->json)
        ko_json_line(stdout,
                     json_pack("{s:I, s:I, s:o, s:s, s:I, s:s, s:o}", "negative",
                               (json_int_t)negative->id, "image", (json_int_t)negative->photo_id,
                               "path", ko_json_string(negative->path), "sha256", sha256, "images",
                               (json_int_t)negative->n_photos, "added", at, "who",
                               ko_json_string(negative->who)));
    else
        ko_print("%lld  %s  %zu picture%s, since %s by %s\n", (long long)negative->id,
                 negative->path, negative->n_photos, ko_plural(negative->n_photos), at,
                 negative->who[0] ? negative->who : "-");
    return KO_OK;
}

static ko_status list(ko_store *store, const negative_options *o, ko_error *err)
{
    printing p = {.json = o->common.json};
    const ko_status st = ko_negative_each(store, 0, print, &p, err);
    if (st == KO_OK && p.n == 0 && !p.json)
        ko_print("every picture counts: knockoff candidates reject --always N adds one\n");
    return st;
}

static ko_status drop(ko_store *store, const char *word, const char *who, ko_error *err)
{
    const ko_act act = {.verb = "negative rm", .subject = word, .who = who};
    char *end = NULL;
    int64_t act_id = 0;
    const int64_t id = strtoll(word, &end, 10);
    if (*end || id <= 0)
        return ko_fail(err, KO_E_USAGE, "negative rm takes numbers, not '%s'", word);
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    st = ko_act_add(store, &act, &act_id, err);
    if (st == KO_OK)
        st = ko_negative_remove(store, act_id, id, err);
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

static ko_status negative(ko_store *store, const negative_options *o, ko_error *err)
{
    const ko_words *words = &o->common.operands;
    const char *verb = words->count ? words->word[0] : "list";
    if (strcmp(verb, "list") == 0)
        return list(store, o, err);
    if (strcmp(verb, "rm") != 0)
        return ko_fail(err, KO_E_USAGE, "negative: '%s' is neither list nor rm", verb);
    if (words->count < 2)
        return ko_fail(err, KO_E_USAGE, "negative rm needs the number of a picture");
    ko_user profile = {0};
    ko_status st = ko_profile_read(store, &profile, err);
    for (size_t i = 1; st == KO_OK && i < words->count; i++)
        st = drop(store, words->word[i], ko_profile_signature(&profile), err);
    ko_profile_free(&profile);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    negative_options o = {0};
    ko_store *store = NULL;
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (!ko_begin(&ko_cmd_negative, words, n, &o, &code))
        goto done;
    ko_status st = ko_open_database(&o.common, KO_STORE_OPEN, &store, &err);
    if (st == KO_OK)
        st = negative(store, &o, &err);
    if (st != KO_OK)
        code = ko_give_up(&err);
done:
    ko_store_close(store);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_negative = {
    .name = "negative",
    .summary = "pictures that never count: a blank shirt, a size chart",
    .usage = "[list] | rm N...",
    .description =
        "knockoff candidates reject --always N adds the picture that a candidate rests on. It and\n"
        "pictures that look the same (31 of 256 bits) count for no work any more: candidates that\n"
        "rest on such pictures alone are set aside, and back when the picture is removed here.",
    .options = options,
    .run = run,
};
