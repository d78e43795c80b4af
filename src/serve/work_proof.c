/* What backs a complaint about a work: its marked picture and the statement about it. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "case/beside.h"
#include "case/work_proof.h"
#include "serve/sent.h"

#include <stdio.h>
#include <string.h>

/* The two files, as the page asks for them and as they are called behind the serial. */
static const struct part {
    const char *name, *ending, *type;
} parts[] = {{"picture", "-proof.jpg", "image/jpeg"},
             {"statement", "-statement.pdf", "application/pdf"}};

/* --- making --- */

typedef struct making {
    const ko_desk *desk;
    ko_store *store;
    ko_user user;
    char *folder;
    bool found;
    ko_error *err;
} making;

/* Without a key there is a line for a pen. */
static ko_status make(void *context, const ko_work *work)
{
    making *m = context;
    char today[KO_DAY_TEXT_SIZE], software[64];
    ko_work_proof proof = {0};
    char *picture = NULL, *statement = NULL;
    (void)snprintf(software, sizeof software, "Knockoff %s", m->desk->version);
    ko_day_text(ko_day_at(ko_clock_now(), 0), today);
    const ko_work_proof_request request = {.date = today, .software = software};
    m->found = true;
    ko_status st = ko_work_proof_make(m->store, work, &m->user, &request, &proof, m->err);
    if (st == KO_OK)
        st = ko_folder_make(m->folder, m->err);
    if (st == KO_OK)
        st = ko_work_proof_put(&proof, work->serial, m->folder, &picture, &statement, m->err);
    ko_free(picture);
    ko_free(statement);
    ko_work_proof_free(&proof);
    return st;
}

static ko_status fail_none(int64_t id, ko_error *err)
{
    return ko_fail(err, KO_E_NOT_FOUND, "no work KO-%06lld", (long long)id);
}

ko_status ko_serve_work_proof_make(ko_desk *desk, const ko_serve_request *request,
                                   ko_serve_answer *answer, ko_error *err)
{
    static const char *const none[] = {NULL};
    making m = {.desk = desk, .err = err};
    json_t *sent = NULL;
    ko_status st = ko_sent_object(request, none, &sent, err);
    json_decref(sent);
    if (st == KO_OK)
        st = ko_beside(desk->path, KO_BESIDE_PROOF, &m.folder, err);
    ko_serve_begin_drawing(desk);
    if (st == KO_OK)
        st = ko_pool_take(desk->pool, &m.store, err);
    if (st == KO_OK)
        st = ko_profile_read(m.store, &m.user, err);
    if (st == KO_OK)
        st = ko_work_brief_each(m.store, request->id, make, &m, err);
    if (st == KO_OK && !m.found)
        st = fail_none(request->id, err);
    ko_pool_give(desk->pool, m.store);
    ko_serve_end_drawing(desk);
    ko_profile_free(&m.user);
    ko_free(m.folder);
    return st == KO_OK ? ko_serve_answer_json(answer, json_object(), err) : st;
}

/* --- handing out --- */

static ko_status read_part(const ko_desk *desk, const ko_serve_request *request,
                           const struct part *part, ko_serve_answer *answer, ko_error *err)
{
    char serial[KO_SERIAL_SIZE], *folder = NULL, *path = NULL;
    ko_work_serial(request->id, serial);
    (void)snprintf(answer->save_as, sizeof answer->save_as, "%s%s", serial, part->ending);
    answer->type = part->type;
    answer->body = KO_BUF(KO_MAX_STATEMENT_BYTES);
    ko_status st = ko_beside(desk->path, KO_BESIDE_PROOF, &folder, err);
    if (st == KO_OK) {
        path = ko_path_join(folder, answer->save_as);
        st = path ? ko_file_read(path, &answer->body, err) : KO_E_NOMEM;
    }
    ko_free(path);
    ko_free(folder);
    return st == KO_E_NOMEM ? ko_fail(err, st, "%s", answer->save_as) : st;
}

ko_status ko_serve_work_proof(ko_desk *desk, const ko_serve_request *request,
                              ko_serve_answer *answer, ko_error *err)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(request->name, parts[i].name) == 0)
            return read_part(desk, request, &parts[i], answer, err);
    return ko_fail(err, KO_E_NOT_FOUND, "proof is a picture or a statement");
}
