/* Building notices: what would be built, looked at first, and then that and nothing else. */
#include "serve/handlers.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "case/beside.h"
#include "case/build.h"
#include "case/left.h"
#include "case/plan_json.h"
#include "case/rates.h"
#include "report/json.h"
#include "serve/sent.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

/* Of what is left out so much is told: all of it may be 100,000 candidates. */
#define SHOWN_CAUSES 20u
#define SHOWN_CANDIDATES 6u
#define SHOWN_WORKS 12u

/* What all is made of that one asks for. */
typedef struct making {
    ko_store *store;
    ko_kit kit;
    ko_user user;
    ko_plan_request request;
    ko_plan *plan;
} making;

static ko_status begin(making *m, const char *database, const char *work, ko_error *err)
{
    ko_status st = ko_beside_kit(database, &m->kit, err);
    if (st == KO_OK)
        st = ko_profile_read(m->store, &m->user, err);
    if (st == KO_OK && work)
        st = ko_work_find(m->store, work, &m->request.work_id, err);
    return st;
}

static ko_status make_plan(making *m, ko_error *err)
{
    return ko_plan_make(m->store, &m->kit, &m->user, &m->request, &m->plan, err);
}

static void end(making *m)
{
    ko_plan_free(m->plan);
    ko_profile_free(&m->user);
    ko_kit_close(&m->kit);
}

/* --- what a plan is told apart by --- */

#define SEEN_SIZE (2 * KO_SHA256_SIZE + 1)

static bool add_text(EVP_MD_CTX *digest, const char *text)
{
    return EVP_DigestUpdate(digest, text, strlen(text) + 1) == 1;
}

static bool add_notice(EVP_MD_CTX *digest, const ko_plan_notice *planned)
{
    const ko_notice *notice = &planned->notice;
    bool added = add_text(digest, notice->channel) && add_text(digest, notice->serial) &&
                 add_text(digest, notice->host) && add_text(digest, notice->reason) &&
                 add_text(digest, "notice");
    for (size_t i = 0; added && i < notice->n_items; i++)
        added = add_text(digest, planned->items[i].url);
    return added;
}

/* A digest of all that its notices would say. */
static ko_status write_seen(const ko_plan *plan, char out_seen[SEEN_SIZE], ko_error *err)
{
    uint8_t sha256[KO_SHA256_SIZE];
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    bool made = digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL);
    for (size_t i = 0; made && i < ko_plan_count(plan); i++)
        made = add_notice(digest, ko_plan_at(plan, i));
    made = made && EVP_DigestFinal_ex(digest, sha256, NULL);
    EVP_MD_CTX_free(digest);
    if (!made)
        return ko_fail(err, KO_E_NOMEM, "no memory for SHA-256");
    ko_text_hex(sha256, sizeof sha256, out_seen);
    return KO_OK;
}

/* --- what would be built --- */

static json_t *planned_json(const ko_plan *plan, size_t *out_listings)
{
    json_t *array = json_array();
    *out_listings = 0;
    for (size_t i = 0; i < ko_plan_count(plan); i++) {
        const ko_plan_notice *planned = ko_plan_at(plan, i);
        json_t *object = ko_planned_json(planned);
        (void)json_object_set_new(object, "work_id", json_integer(planned->notice.work_id));
        (void)json_object_set_new(object, "channel_name", ko_json_string(planned->channel->name));
        (void)json_array_append_new(array, object);
        *out_listings += planned->notice.n_items;
    }
    return array;
}

static json_t *works_json(const ko_left_cause *cause)
{
    json_t *works = json_array();
    for (size_t i = 0; i < cause->n && json_array_size(works) < SHOWN_WORKS; i++) {
        const ko_plan_left *left = cause->left[i];
        if (i == 0 || left->work_id != cause->left[i - 1]->work_id)
            (void)json_array_append_new(
                works,
                json_pack("{s:I, s:s}", "id", (json_int_t)left->work_id, "work", left->serial));
    }
    return works;
}

static json_t *cause_json(const ko_left_cause *cause)
{
    json_t *first = json_array();
    for (size_t i = 0; i < cause->n && i < SHOWN_CANDIDATES; i++)
        (void)json_array_append_new(first, json_integer(cause->left[i]->candidate_id));
    return json_pack("{s:o, s:o, s:I, s:o, s:I, s:o}", "words", ko_json_string(cause->words),
                     "fact", cause->fact ? json_string(cause->fact) : json_null(), "candidates",
                     (json_int_t)cause->n, "first", first, "n_works", (json_int_t)cause->n_works,
                     "works", works_json(cause));
}

static json_t *kind_json(const ko_left_kind *kind)
{
    json_t *causes = json_array();
    for (size_t i = 0; i < kind->n_causes && i < SHOWN_CAUSES; i++)
        (void)json_array_append_new(causes, cause_json(&kind->causes[i]));
    return json_pack("{s:s, s:s, s:b, s:I, s:I, s:o}", "why", ko_plan_why_name(kind->why), "words",
                     ko_plan_why_words(kind->why), "fault", ko_plan_why_is_fault(kind->why),
                     "candidates", (json_int_t)kind->n, "n_causes", (json_int_t)kind->n_causes,
                     "causes", causes);
}

static ko_status left_json(const ko_plan *plan, json_t **out_kinds, ko_error *err)
{
    ko_left left;
    const ko_status st = ko_left_make(plan, &left, err);
    if (st == KO_OK) {
        *out_kinds = json_array();
        for (size_t i = 0; i < left.n_kinds; i++)
            (void)json_array_append_new(*out_kinds, kind_json(&left.kinds[i]));
    }
    ko_left_free(&left);
    return st;
}

static json_t *risk_json(const ko_rates *rates, const ko_plan_notice *planned, size_t n)
{
    const ko_standing_rule *rule = &planned->channel->standing;
    const char *reason = planned->notice.reason;
    const ko_standing_risk risk = ko_rates_risk(rates, planned->channel, reason, n);
    return json_pack("{s:o, s:o, s:I, s:b, s:I, s:I, s:i, s:i}", "channel_name",
                     ko_json_string(planned->channel->name), "reason", ko_json_string(reason),
                     "listings", (json_int_t)n, "can_hold", risk.can_hold, "bears_refused",
                     (json_int_t)risk.bears_refused, "bears_lost", (json_int_t)risk.bears_countered,
                     "success_least_percent", rule->success_least_percent, "counter_most_percent",
                     rule->counter_most_percent);
}

/* For channels that have a rule. */
static ko_status risks_json(const making *m, json_t **out_risks, ko_error *err)
{
    ko_rates rates;
    const ko_status st = ko_rates_read(m->store, &m->kit, ko_today(), &rates, err);
    if (st == KO_OK)
        *out_risks = json_array();
    for (size_t i = 0, behind, n; st == KO_OK && i < ko_plan_count(m->plan); i = behind) {
        const ko_plan_notice *planned = ko_plan_at(m->plan, i);
        behind = ko_plan_channel_end(m->plan, i, &n);
        if (planned->channel->standing.source)
            (void)json_array_append_new(*out_risks, risk_json(&rates, planned, n));
    }
    ko_rates_free(&rates);
    return st;
}

static ko_status add_doubt(void *context, const ko_doubt *doubt)
{
    json_t *object = json_pack("{s:I, s:I}", "notice", (json_int_t)doubt->notice_id, "candidate",
                               (json_int_t)doubt->candidate_id);
    return json_array_append_new(context, object) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status plan_json(making *m, json_t **out_object, ko_error *err)
{
    char seen[SEEN_SIZE];
    ko_waiting waiting = {0};
    json_t *kinds = NULL, *risks = NULL, *doubts = json_array();
    ko_status st = ko_build_take_out(m->store, &(ko_notice_event){0}, true, add_doubt, doubts, err);
    if (st == KO_OK)
        st = make_plan(m, err);
    if (st == KO_OK)
        st = write_seen(m->plan, seen, err);
    if (st == KO_OK)
        st = left_json(m->plan, &kinds, err);
    if (st == KO_OK)
        st = risks_json(m, &risks, err);
    if (st == KO_OK)
        st = ko_waiting_find(m->store, &waiting, err);
    if (st == KO_OK) {
        size_t listings;
        json_t *notices = planned_json(m->plan, &listings);
        *out_object = json_pack("{s:o, s:I, s:I, s:O, s:O, s:O, s:I, s:o, s:s}", "notices", notices,
                                "listings", (json_int_t)listings, "left_out",
                                (json_int_t)ko_plan_left_count(m->plan), "kinds", kinds, "risks",
                                risks, "doubts", doubts, "waiting", (json_int_t)waiting.n, "who",
                                ko_json_string(ko_profile_signature(&m->user)), "seen", seen);
    }
    ko_waiting_free(&waiting);
    json_decref(kinds);
    json_decref(risks);
    json_decref(doubts);
    return st;
}

ko_status ko_serve_notice_plan(ko_desk *desk, const ko_serve_request *request,
                               ko_serve_answer *answer, ko_error *err)
{
    const ko_target *target = request->target;
    making m = {.request = {.platform = ko_target_query(target, "platform"),
                            .again = ko_target_query(target, "again") != NULL}};
    json_t *object = NULL;
    ko_status st = ko_pool_take(desk->pool, &m.store, err);
    if (st == KO_OK)
        st = begin(&m, desk->path, ko_target_query(target, "work"), err);
    if (st == KO_OK)
        st = plan_json(&m, &object, err);
    ko_pool_give(desk->pool, m.store);
    end(&m);
    return st == KO_OK ? ko_serve_answer_json(answer, object, err) : st;
}

/* --- building it --- */

/* What the task knows; it outlives the request. */
typedef struct building {
    char *database, *work, *platform, *seen;
    bool again;
    char software[64];
} building;

static void free_building(void *context)
{
    building *b = context;
    ko_free(b->database);
    ko_free(b->work);
    ko_free(b->platform);
    ko_free(b->seen);
    ko_free(b);
}

static ko_status is_out(void *context, const ko_doubt *doubt)
{
    (void)context;
    (void)doubt;
    return KO_OK;
}

static ko_status add_built(void *context, const ko_notice *notice)
{
    return json_array_append_new(context, ko_built_json(notice)) == 0 ? KO_OK : KO_E_NOMEM;
}

/* Keeps what was looked at, and nothing else. */
static ko_status keep(making *m, const building *b, const char *root, ko_error *err)
{
    const ko_notice_event event = {.on = ko_today(), .who = ko_profile_signature(&m->user)};
    char seen[SEEN_SIZE];
    ko_status st = ko_build_take_out(m->store, &event, false, is_out, NULL, err);
    if (st == KO_OK)
        st = make_plan(m, err);
    if (st == KO_OK)
        st = write_seen(m->plan, seen, err);
    if (st == KO_OK && strcmp(seen, b->seen) != 0)
        st = ko_fail(err, KO_E_BUSY,
                     "what is accepted or known changed since the plan was shown: nothing was "
                     "built; look at it again");
    if (st == KO_OK && ko_plan_count(m->plan)) {
        st = ko_folder_make(root, err); /* before there are notices that lie nowhere */
        if (st == KO_OK)
            st = ko_plan_keep(m->store, m->plan, event.who, err);
    }
    return st;
}

static ko_status write_packets(making *m, const building *b, const char *root,
                               ko_problems *problems, json_t **out_result, ko_error *err)
{
    char *proof = NULL;
    ko_waiting waiting = {0};
    ko_built built = {0};
    json_t *notices = json_array();
    ko_status st = ko_waiting_find(m->store, &waiting, err);
    if (st == KO_OK)
        st = ko_beside(b->database, KO_BESIDE_PROOF, &proof, err);
    const ko_packet_options options = {.kit = &m->kit,
                                       .user = &m->user,
                                       .proof_folder = proof,
                                       .software = b->software,
                                       .problems = problems};
    if (st == KO_OK)
        st = ko_waiting_write(m->store, &waiting, root, &options, add_built, notices, &built, err);
    *out_result =
        json_pack("{s:o, s:I}", "notices", notices, "unsigned", (json_int_t)built.n_unsigned);
    ko_waiting_free(&waiting);
    ko_free(proof);
    return st;
}

static ko_status build(void *context, ko_store *store, ko_problems *problems, json_t **out_result,
                       ko_error *err)
{
    const building *b = context;
    making m = {.store = store, .request = {.platform = b->platform, .again = b->again}};
    char *root = NULL;
    ko_status st = ko_beside(b->database, KO_BESIDE_NOTICES, &root, err);
    if (st == KO_OK)
        st = begin(&m, b->database, b->work, err);
    if (st == KO_OK)
        st = keep(&m, b, root, err);
    if (st == KO_OK)
        st = write_packets(&m, b, root, problems, out_result, err);
    end(&m);
    ko_free(root);
    return st;
}

/* A copy of a text of what was sent; NULL stays so. */
static ko_status copy_text(const json_t *sent, const char *name, char **out, ko_error *err)
{
    const char *text = NULL;
    const ko_status st = ko_sent_text(sent, name, &text, err);
    if (st != KO_OK || !text)
        return st;
    *out = ko_strdup(text);
    return *out ? KO_OK : ko_fail(err, KO_E_NOMEM, "%s", name);
}

static ko_status read_building(const json_t *sent, building *out, ko_error *err)
{
    bool authority = false;
    ko_status st = ko_sent_flag(sent, "authority", &authority, err);
    if (st == KO_OK && !authority)
        st = ko_fail(err, KO_E_USAGE,
                     "notices state that they are accurate and that you may act: nothing is built "
                     "without that");
    if (st == KO_OK)
        st = ko_sent_flag(sent, "again", &out->again, err);
    if (st == KO_OK)
        st = copy_text(sent, "work", &out->work, err);
    if (st == KO_OK)
        st = copy_text(sent, "platform", &out->platform, err);
    if (st == KO_OK)
        st = copy_text(sent, "seen", &out->seen, err);
    if (st == KO_OK && !out->seen)
        st = ko_fail(err, KO_E_USAGE, "seen says which plan was looked at");
    return st;
}

/* Has the user said who signs? */
static ko_status check_name(ko_desk *desk, ko_error *err)
{
    ko_store *store = NULL;
    ko_user user = {0};
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = ko_profile_read(store, &user, err);
    ko_pool_give(desk->pool, store);
    if (st == KO_OK && !ko_profile_signature(&user)[0])
        st = ko_fail(err, KO_E_USAGE, "a notice is a statement of yours: first say who you are");
    ko_profile_free(&user);
    return st;
}

ko_status ko_serve_notice_build(ko_desk *desk, const ko_serve_request *request,
                                ko_serve_answer *answer, ko_error *err)
{
    static const char *const names[] = {"seen", "authority", "work", "platform", "again", NULL};
    json_t *sent = NULL;
    int64_t task = 0;
    building *b = ko_alloc_zero(1, sizeof *b);
    if (!b)
        return ko_fail(err, KO_E_NOMEM, "notices to build");
    (void)snprintf(b->software, sizeof b->software, "Knockoff %s", desk->version);
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = read_building(sent, b, err);
    if (st == KO_OK)
        st = check_name(desk, err);
    if (st == KO_OK) {
        b->database = ko_strdup(desk->path);
        st = b->database ? KO_OK : ko_fail(err, KO_E_NOMEM, "notices to build");
    }
    if (st == KO_OK) {
        const ko_task_work work = {
            .kind = "build", .run = build, .context = b, .free = free_building};
        st = ko_tasks_start(desk->tasks, &work, &task, err); /* it is the task's now */
        b = NULL;
    }
    if (st == KO_OK)
        st = ko_serve_answer_json(answer, json_pack("{s:I}", "task", (json_int_t)task), err);
    if (b)
        free_building(b);
    json_decref(sent);
    return st;
}
