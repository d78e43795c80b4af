#include "cli/works_check.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "case/fact_command.h"
#include "cli/cli.h"
#include "store/paper.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* --- the right --- */

static ko_status see_paper(void *context, const ko_paper *paper)
{
    ko_right_shown *shown = context;
    shown->certificate = shown->certificate || paper->role == KO_PAPER_CERTIFICATE;
    return KO_OK;
}

ko_status ko_right_find(const ko_works_check *check, const ko_work *work, ko_right_shown *out_shown,
                        ko_error *err)
{
    char name[KO_SERIAL_SIZE + sizeof "-statement.pdf"];
    *out_shown = (ko_right_shown){0};
    (void)snprintf(name, sizeof name, "%s-statement.pdf", work->serial);
    char *path = ko_path_join(check->proof_folder, name);
    if (!path)
        return ko_fail(err, KO_E_NOMEM, "path of %s", name);
    out_shown->statement = access(path, R_OK) == 0;
    ko_free(path);
    return ko_paper_each(check->store, work->id, see_paper, out_shown, err);
}

bool ko_right_is_missing(const ko_channel *channel, const ko_right_shown *shown)
{
    return channel->proof && !shown->certificate && !shown->statement;
}

/* --- commands --- */

/* The facts that commands beginning so state, as one command: "knockoff profile set
 * legal_name=... public_mail=...". */
static ko_status write_command(const ko_lacking *lacking, const char *begins, const char *serial,
                               const char *indent, ko_buf *out)
{
    ko_status st = KO_OK;
    bool any = false;
    for (size_t i = 0; st == KO_OK && i < lacking->n; i++) {
        const char *command = ko_fact_command(lacking->facts[i]);
        if (!command || strncmp(command, begins, strlen(begins)) != 0)
            continue;
        if (!any)
            st = ko_buf_printf(out, "%sknockoff %s%s", indent, begins, serial);
        if (st == KO_OK)
            st = ko_buf_text(out, strchr(command + strlen(begins), ' '));
        any = true;
    }
    return st == KO_OK && any ? ko_buf_text(out, "\n") : st;
}

ko_status ko_lacking_commands(const ko_lacking *lacking, bool right, const char *serial,
                              const char *indent, ko_buf *out)
{
    ko_status st = write_command(lacking, "profile set", "", indent, out);
    if (st == KO_OK)
        st = write_command(lacking, "works set ", serial, indent, out);
    if (st == KO_OK && right)
        st = ko_buf_printf(out,
                           "%sknockoff proof %s --sign KEY.p12, or works set %s --certificate "
                           "FILE\n",
                           indent, serial, serial);
    return st;
}

/* --- one work --- */

#define INDENT "                 " /* behind the name of a channel */

static ko_status print_channel(const ko_channel *channel, const ko_work *work,
                               const ko_lacking *lacking, const ko_right_shown *shown)
{
    ko_buf commands = KO_BUF(KO_MAX_CHECK_TEXT);
    ko_status st = ko_buf_text(&commands, "");
    if (st == KO_OK)
        st = ko_lacking_commands(lacking, ko_right_is_missing(channel, shown), work->serial, INDENT,
                                 &commands);
    if (st == KO_OK) {
        ko_print("  %-13s  ", channel->id);
        /* clean, and of several lines; the first one begins behind the name */
        (void)fputs(commands.size ? commands.data + strlen(INDENT) : "complete\n", stdout);
    }
    ko_buf_free(&commands);
    return st;
}

static void print_work(const ko_work *work, const ko_right_shown *shown)
{
    static const char *const there[] = {"neither certificate nor statement", "statement",
                                        "certificate", "certificate and statement"};
    ko_print("%s  %s  (number on forms: %s; %s)\n", work->serial, work->fields.title,
             ko_work_number(work), there[2 * shown->certificate + shown->statement]);
}

/* --- for programs --- */

static json_t *missing_json(const ko_lacking *lacking, const char *serial)
{
    json_t *facts = json_array();
    for (size_t i = 0; i < lacking->n; i++) {
        const char *name = lacking->facts[i];
        ko_buf command = KO_BUF(KO_MAX_CHECK_TEXT);
        const ko_status st = ko_fact_command_write(name, serial, &command);
        (void)json_array_append_new(facts, json_pack("{s:s, s:s, s:s?}", "fact", name, "words",
                                                     ko_fact_words(name, strlen(name)), "command",
                                                     st == KO_OK ? command.data : NULL));
        ko_buf_free(&command);
    }
    return facts;
}

static void print_json(const ko_channel *channel, const ko_work *work, const ko_lacking *lacking,
                       const ko_right_shown *shown)
{
    json_t *platforms = json_array(), *papers = json_array();
    for (size_t i = 0; i < channel->n_platforms; i++)
        (void)json_array_append_new(platforms, ko_json_string(channel->platforms[i]));
    for (size_t i = 0; i < channel->n_papers; i++)
        (void)json_array_append_new(papers, ko_json_string(channel->papers[i]));
    ko_json_line(stdout,
                 json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:b, s:b, s:b}", "work", work->serial,
                           "number", ko_json_string(ko_work_number(work)), "channel", channel->id,
                           "platforms", platforms, "missing", missing_json(lacking, work->serial),
                           "papers", papers, "proof_missing", ko_right_is_missing(channel, shown),
                           "certificate", shown->certificate, "statement", shown->statement));
}

ko_status ko_works_check_one(const ko_works_check *check, const ko_work *work, ko_error *err)
{
    ko_right_shown shown;
    ko_status st = ko_right_find(check, work, &shown, err);
    if (st == KO_OK && !check->json)
        print_work(work, &shown);
    for (size_t i = 0; st == KO_OK && i < check->n_channels; i++) {
        const ko_channel *channel = check->channels[i];
        ko_lacking lacking;
        st = ko_lacking_find(check->kit, channel, work, check->user, &lacking, err);
        if (st == KO_OK && check->json)
            print_json(channel, work, &lacking, &shown);
        else if (st == KO_OK && print_channel(channel, work, &lacking, &shown) != KO_OK)
            st = ko_fail(err, KO_E_NOMEM, "what %s lacks", work->serial);
    }
    return st;
}
