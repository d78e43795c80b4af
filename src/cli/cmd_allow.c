/* knockoff allow - sellers and shops that may sell the works. */
#include "cli/commands.h"

#include "base/clock.h"
#include "platform/shops.h"
#include "store/allow.h"
#include "store/decision.h"
#include "store/profile.h"

#include <stdlib.h>
#include <string.h>

typedef struct allow_options {
    ko_common common;
    const char *on;
} allow_options;

static const ko_option options[] = {
    {"on", 0, KO_OPT_TEXT, offsetof(allow_options, on), "SITE",
     "add: where the seller sells, a marketplace (etsy) or a host; without it the word is a host"},
    {0},
};

/* --- list --- */

typedef struct printing {
    bool json;
    size_t n;
} printing;

static ko_status print(void *context, const ko_allow *allow)
{
    printing *p = context;
    char at[KO_TIME_SIZE], words[KO_ALLOW_WORDS_SIZE];
    p->n++;
    ko_clock_text(allow->at, at);
    ko_allow_words(allow, words);
    if (p->json)
        ko_json_line(stdout, json_pack("{s:I, s:s, s:s, s:o, s:o, s:s, s:o}", "allow",
                                       (json_int_t)allow->id, "platform", allow->platform, "host",
                                       allow->host, "seller_id", ko_json_string(allow->seller_id),
                                       "seller", ko_json_string(allow->seller), "added", at, "who",
                                       ko_json_string(allow->who)));
    else
        ko_print("%lld  %s  since %s by %s\n", (long long)allow->id, words, at,
                 allow->who[0] ? allow->who : "-");
    return KO_OK;
}

static ko_status list(ko_store *store, const allow_options *o, ko_error *err)
{
    printing p = {.json = o->common.json};
    const ko_status st = ko_allow_each(store, 0, print, &p, err);
    if (st == KO_OK && p.n == 0 && !p.json)
        ko_print("nobody is allowed: knockoff candidates licensed N allows a seller\n");
    return st;
}

/* --- add and rm --- */

static bool is_marketplace(const char *word)
{
    for (const ko_shop *shop = ko_shops; shop->platform; shop++)
        if (shop->name && strcmp(shop->platform, word) == 0)
            return true;
    return false;
}

static ko_status read_host(const char *word, ko_allow *out, ko_error *err)
{
    char host[KO_HOST_SIZE];
    const ko_status st = ko_host_normal(word, strlen(word), host, err);
    if (st == KO_OK)
        (void)snprintf(out->host, sizeof out->host, "%s", host);
    return st;
}

static ko_status read_entry(const char *word, const char *on, ko_allow *out, ko_error *err)
{
    *out = (ko_allow){.platform = "", .seller_id = "", .seller = on ? word : "", .who = ""};
    if (on && is_marketplace(on)) {
        out->platform = on;
        return KO_OK;
    }
    if (!on && is_marketplace(word))
        return ko_fail(err, KO_E_USAGE, "%s has many sellers: knockoff allow add SELLER --on %s",
                       word, word);
    return read_host(on ? on : word, out, err);
}

static ko_status add(ko_store *store, int64_t act_id, const char *word, const allow_options *o,
                     ko_error *err)
{
    ko_allow entry;
    int64_t id = 0;
    ko_status st = read_entry(word, o->on, &entry, err);
    if (st == KO_OK)
        st = ko_allow_add(store, act_id, &entry, &id, err);
    if (st == KO_OK && id == 0)
        return ko_fail(err, KO_E_EXISTS, "%s is allowed already", word);
    printing p = {.json = o->common.json};
    return st == KO_OK ? ko_allow_each(store, id, print, &p, err) : st;
}

static ko_status drop(ko_store *store, int64_t act_id, const char *word, ko_error *err)
{
    char *end = NULL;
    const int64_t id = strtoll(word, &end, 10);
    if (*end || id <= 0)
        return ko_fail(err, KO_E_USAGE, "allow rm takes numbers, not '%s'", word);
    return ko_allow_remove(store, act_id, id, err);
}

static ko_status change(ko_store *store, const char *verb, const char *word, const allow_options *o,
                        const char *who, ko_error *err)
{
    const bool adds = strcmp(verb, "add") == 0;
    const ko_act act = {.verb = adds ? "allow" : "allow rm", .subject = word, .who = who};
    int64_t act_id = 0;
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    st = ko_act_add(store, &act, &act_id, err);
    if (st == KO_OK)
        st = adds ? add(store, act_id, word, o, err) : drop(store, act_id, word, err);
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

/* --- the command --- */

static ko_status allow(ko_store *store, const allow_options *o, ko_error *err)
{
    const ko_words *words = &o->common.operands;
    const char *verb = words->count ? words->word[0] : "list";
    if (strcmp(verb, "list") == 0)
        return list(store, o, err);
    if (strcmp(verb, "add") != 0 && strcmp(verb, "rm") != 0)
        return ko_fail(err, KO_E_USAGE, "allow: '%s' is none of list, add and rm", verb);
    if (words->count < 2)
        return ko_fail(err, KO_E_USAGE, "allow %s needs %s", verb,
                       strcmp(verb, "add") == 0 ? "a host, or a seller with --on SITE"
                                                : "the number of an entry");
    ko_user profile = {0};
    ko_status st = ko_profile_read(store, &profile, err);
    for (size_t i = 1; st == KO_OK && i < words->count; i++)
        st = change(store, verb, words->word[i], o, ko_profile_signature(&profile), err);
    ko_profile_free(&profile);
    return st;
}

static ko_exit run(char **words, size_t n)
{
    allow_options o = {0};
    ko_store *store = NULL;
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (!ko_begin(&ko_cmd_allow, words, n, &o, &code))
        goto done;
    ko_status st = ko_open_database(&o.common, KO_STORE_OPEN, &store, &err);
    if (st == KO_OK)
        st = allow(store, &o, &err);
    if (st != KO_OK)
        code = ko_give_up(&err);
done:
    ko_store_close(store);
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_allow = {
    .name = "allow",
    .summary = "sellers and shops that may sell your works",
    .usage = "[list] | add SELLER --on SITE | add HOST | rm N...",
    .description =
        "What they offer is set aside: it is not in the queue and cannot be accepted. Decisions\n"
        "stay as they are. knockoff candidates licensed N adds the seller of a listing. To remove\n"
        "an entry puts its undecided candidates back; knockoff candidates undo takes back either.",
    .options = options,
    .run = run,
};
