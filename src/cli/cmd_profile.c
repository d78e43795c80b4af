/* knockoff profile - who you are, for letters and forms. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "report/settings.h"

#include <string.h>

typedef struct profile_options {
    ko_common common;
} profile_options;

static const ko_option options[] = {{0}};

static ko_status show(ko_store *store, const profile_options *o, ko_error *err)
{
    ko_user profile = {0};
    const ko_status st = ko_profile_read(store, &profile, err);
    if (st == KO_OK && o->common.json)
        ko_json_line(stdout, ko_profile_json(&profile));
    for (int i = 0; st == KO_OK && !o->common.json && i < KO_PROFILE_FIELDS; i++) {
        const char *text = profile.text[i];
        ko_print("%-16s %s\n", ko_profile_name((ko_profile_field)i), text[0] ? text : "-");
    }
    ko_profile_free(&profile);
    return st;
}

/* word is NAME=VALUE; an empty value forgets the field. */
static ko_status set_one(ko_store *store, const char *word, ko_error *err)
{
    const char *equals = strchr(word, '=');
    ko_profile_field field = KO_PROFILE_LEGAL_NAME;
    if (!equals)
        return ko_fail(err, KO_E_USAGE, "profile set takes NAME=VALUE, not '%s'", word);
    char *name = ko_strndup(word, (size_t)(equals - word));
    ko_status st = name ? ko_profile_find(name, &field, err) : ko_fail(err, KO_E_NOMEM, "a name");
    if (st == KO_OK)
        st = ko_profile_set(store, field, equals + 1, err);
    ko_free(name);
    return st;
}

/* All of them or none. */
static ko_status set(ko_store *store, const ko_words *words, ko_error *err)
{
    if (words->count < 2)
        return ko_fail(err, KO_E_USAGE, "profile set needs NAME=VALUE");
    ko_status st = ko_store_begin(store, err);
    if (st != KO_OK)
        return st;
    for (size_t i = 1; st == KO_OK && i < words->count; i++)
        st = set_one(store, words->word[i], err);
    if (st == KO_OK)
        return ko_store_commit(store, err);
    ko_store_rollback(store);
    return st;
}

static ko_status profile(const ko_job *job, ko_error *err)
{
    const profile_options *o = job->options;
    const ko_words *words = &o->common.operands;
    const char *verb = words->count ? words->word[0] : "show";
    if (strcmp(verb, "set") == 0)
        return set(job->store, words, err);
    if (strcmp(verb, "show") == 0 && words->count <= 1)
        return show(job->store, o, err);
    return ko_fail(err, KO_E_USAGE, "profile: '%s' is neither show nor set NAME=VALUE", verb);
}

static ko_exit run(char **words, size_t n)
{
    profile_options o = {0};
    return ko_run_job(&ko_cmd_profile, words, n, &o, NULL, profile);
}

const ko_command ko_cmd_profile = {
    .name = "profile",
    .summary = "who you are, for letters and forms",
    .usage = "[show] | set NAME=VALUE...",
    .description =
        "legal_name, company, holder (when another owns the right), role (owner or agent),\n"
        "signature, country (DE), language (de); public_name, public_mail, public_phone and\n"
        "public_address are what a seller will see: platforms hand notices on, so take a P.O. "
        "box.\n"
        "private_address and private_phone go only to forms that ask for them, and nothing but\n"
        "profile show prints them. NAME= forgets one.",
    .options = options,
    .run = run,
};
