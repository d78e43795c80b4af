#include "case/work_check.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "case/fact_command.h"
#include "report/json.h"
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

ko_status ko_right_find(const ko_work_check *check, const ko_work *work, ko_right_shown *out_shown,
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

/* --- for programs --- */

static json_t *fact_json(const char *name, const char *serial)
{
    ko_buf command = KO_BUF(KO_MAX_CHECK_TEXT);
    const ko_status st = ko_fact_command_write(name, serial, &command);
    json_t *fact =
        json_pack("{s:s, s:s, s:s?}", "fact", name, "words", ko_fact_words(name, strlen(name)),
                  "command", st == KO_OK ? command.data : NULL);
    ko_buf_free(&command);
    return fact;
}

static json_t *texts_json(const char *const *texts, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(array, ko_json_string(texts[i]));
    return array;
}

ko_status ko_work_check_json(const ko_work_check *check, const ko_work *work,
                             const ko_channel *channel, const ko_right_shown *shown,
                             json_t **out_object, ko_error *err)
{
    ko_lacking lacking;
    const ko_status st = ko_lacking_find(check->kit, channel, work, check->user, &lacking, err);
    if (st != KO_OK)
        return st;
    json_t *missing = json_array();
    for (size_t i = 0; i < lacking.n; i++)
        (void)json_array_append_new(missing, fact_json(lacking.facts[i], work->serial));
    *out_object = json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:b}", "work",
                            work->serial, "number", ko_json_string(ko_work_number(work)), "channel",
                            channel->id, "name", ko_json_string(channel->name), "platforms",
                            texts_json(channel->platforms, channel->n_platforms), "missing",
                            missing, "papers", texts_json(channel->papers, channel->n_papers),
                            "proof_missing", ko_right_is_missing(channel, shown), "certificate",
                            shown->certificate, "statement", shown->statement);
    return *out_object ? KO_OK : ko_fail(err, KO_E_NOMEM, "what %s lacks", work->serial);
}
