#include "cli/works_check.h"

#include "base/limits.h"
#include "case/fact_command.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

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

static ko_status print_json(const ko_works_check *check, const ko_work *work,
                            const ko_channel *channel, const ko_right_shown *shown, ko_error *err)
{
    json_t *object;
    const ko_status st = ko_work_check_json(&check->with, work, channel, shown, &object, err);
    if (st == KO_OK)
        ko_json_line(stdout, object);
    return st;
}

/* --- both --- */

static ko_status print_words(const ko_works_check *check, const ko_work *work,
                             const ko_channel *channel, const ko_right_shown *shown, ko_error *err)
{
    ko_lacking lacking;
    ko_status st = ko_lacking_find(check->with.kit, channel, work, check->with.user, &lacking, err);
    if (st == KO_OK && print_channel(channel, work, &lacking, shown) != KO_OK)
        st = ko_fail(err, KO_E_NOMEM, "what %s lacks", work->serial);
    return st;
}

ko_status ko_works_check_one(const ko_works_check *check, const ko_work *work, ko_error *err)
{
    ko_right_shown shown;
    ko_status st = ko_right_find(&check->with, work, &shown, err);
    if (st == KO_OK && !check->json)
        print_work(work, &shown);
    for (size_t i = 0; st == KO_OK && i < check->n_channels; i++)
        st = (check->json ? print_json : print_words)(check, work, check->channels[i], &shown, err);
    return st;
}
