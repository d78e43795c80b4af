#include "cli/works_check.h"

#include "base/alloc.h"
#include "base/file.h"
#include "case/fact_command.h"
#include "case/lacking.h"
#include "cli/cli.h"
#include "store/paper.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What shows the right to a work. */
typedef struct proof {
    bool certificate; /* of registration */
    bool statement;   /* of one's own, made by knockoff proof */
} proof;

static ko_status see_paper(void *context, const ko_paper *paper)
{
    proof *seen = context;
    seen->certificate = seen->certificate || paper->role == KO_PAPER_CERTIFICATE;
    return KO_OK;
}

static ko_status find_proof(const ko_works_check *check, const ko_work *work, proof *out,
                            ko_error *err)
{
    char name[KO_SERIAL_SIZE + sizeof "-statement.pdf"];
    (void)snprintf(name, sizeof name, "%s-statement.pdf", work->serial);
    char *path = ko_path_join(check->proof_folder, name);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "path of %s", name);
    *out = (proof){.statement = access(path, R_OK) == 0};
    ko_free(path);
    return ko_paper_each(check->store, work->id, see_paper, out, err);
}

static bool lacks_proof(const ko_channel *channel, const proof *seen)
{
    return channel->proof && !seen->certificate && !seen->statement;
}

/* --- for people --- */

#define INDENT "                 "

/* Prints the commands of one kind as one, "knockoff profile set legal_name=... public_mail=...".
 * begins is what ko_fact_command has before what it sets, typed what is printed instead. */
static void print_command(const ko_lacking *lacking, const char *begins, const char *typed,
                          const char **indent)
{
    bool any = false;
    for (size_t i = 0; i < lacking->n; i++) {
        const char *command = ko_fact_command(lacking->facts[i]);
        if (!command || strncmp(command, begins, strlen(begins)) != 0)
            continue;
        if (!any)
            ko_print("%sknockoff %s", *indent, typed);
        ko_print("%s", command + strlen(begins));
        any = true;
    }
    if (!any)
        return;
    ko_print("\n");
    *indent = INDENT;
}

static void print_channel(const ko_channel *channel, const ko_work *work, const ko_lacking *lacking,
                          const proof *seen)
{
    const char *indent = "";
    char works_set[sizeof "works set " + KO_SERIAL_SIZE];
    (void)snprintf(works_set, sizeof works_set, "works set %s", work->serial);
    ko_print("  %-13s  ", channel->id);
    print_command(lacking, "profile set", "profile set", &indent);
    print_command(lacking, "works set SERIAL", works_set, &indent);
    if (lacks_proof(channel, seen)) {
        ko_print("%sknockoff proof %s --sign KEY.p12, or %s --certificate FILE\n", indent,
                 work->serial, works_set);
        indent = INDENT;
    }
    if (!indent[0])
        ko_print("complete\n");
}

static void print_work(const ko_work *work, const proof *seen)
{
    static const char *const there[] = {"neither certificate nor statement", "statement",
                                        "certificate", "certificate and statement"};
    ko_print("%s  %s  (number on forms: %s; %s)\n", work->serial, work->fields.title,
             ko_work_number(work), there[2 * seen->certificate + seen->statement]);
}

/* --- for programs --- */

static json_t *missing_json(const ko_lacking *lacking)
{
    json_t *facts = json_array();
    for (size_t i = 0; i < lacking->n; i++) {
        const char *name = lacking->facts[i];
        const char *command = ko_fact_command(name);
        (void)json_array_append_new(facts, json_pack("{s:s, s:s, s:s?}", "fact", name, "words",
                                                     ko_fact_words(name, strlen(name)), "command",
                                                     command));
    }
    return facts;
}

static void print_json(const ko_channel *channel, const ko_work *work, const ko_lacking *lacking,
                       const proof *seen)
{
    json_t *platforms = json_array(), *papers = json_array();
    for (size_t i = 0; i < channel->n_platforms; i++)
        (void)json_array_append_new(platforms, ko_json_string(channel->platforms[i]));
    for (size_t i = 0; i < channel->n_papers; i++)
        (void)json_array_append_new(papers, ko_json_string(channel->papers[i]));
    ko_json_line(stdout,
                 json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:b, s:b, s:b}", "work", work->serial,
                           "number", ko_json_string(ko_work_number(work)), "channel", channel->id,
                           "platforms", platforms, "missing", missing_json(lacking), "papers",
                           papers, "proof_missing", lacks_proof(channel, seen), "certificate",
                           seen->certificate, "statement", seen->statement));
}

ko_status ko_works_check_one(const ko_works_check *check, const ko_work *work, ko_error *err)
{
    const ko_rules *rules = check->kit->rules;
    proof seen = {0};
    ko_status st = find_proof(check, work, &seen, err);
    if (st == KO_OK && !check->json)
        print_work(work, &seen);
    for (size_t i = 0; st == KO_OK && i < ko_rules_count(rules); i++) {
        const ko_channel *channel = ko_rules_at(rules, i);
        ko_lacking lacking;
        st = ko_lacking_find(check->kit, channel, work, check->user, &lacking, err);
        if (st == KO_OK && check->json)
            print_json(channel, work, &lacking, &seen);
        else if (st == KO_OK)
            print_channel(channel, work, &lacking, &seen);
    }
    return st;
}
