/* What holds for all works: from which score on matches are shown, who may sell, and which pictures
 * never count. */
#include "serve/handlers.h"

#include "base/limits.h"
#include "case/allow_word.h"
#include "report/settings.h"
#include "serve/sent.h"
#include "store/decision.h"

#include <stdio.h>
#include <string.h>

/* --- reading --- */

static ko_status add_allow(void *context, const ko_allow *allow)
{
    return json_array_append_new(context, ko_allow_json(allow)) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status add_negative(void *context, const ko_negative *negative)
{
    return json_array_append_new(context, ko_negative_json(negative)) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status answer_settings(ko_store *store, ko_serve_answer *answer, ko_error *err)
{
    double threshold;
    json_t *allowed = json_array(), *never = json_array();
    ko_status st = allowed && never ? KO_OK : KO_E_NOMEM;
    if (st == KO_OK)
        st = ko_store_threshold(store, &threshold, err);
    if (st == KO_OK)
        st = ko_allow_each(store, 0, add_allow, allowed, err);
    if (st == KO_OK)
        st = ko_negative_each(store, 0, add_negative, never, err);
    if (st == KO_OK)
        st = ko_serve_answer_json(answer,
                                  json_pack("{s:f, s:O, s:O}", "threshold", threshold, "allowed",
                                            allowed, "never", never),
                                  err);
    json_decref(allowed);
    json_decref(never);
    return st == KO_E_NOMEM ? ko_fail(err, st, "settings") : st;
}

ko_status ko_serve_settings(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                            ko_error *err)
{
    (void)request;
    ko_store *store = NULL;
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = answer_settings(store, answer, err);
    ko_pool_give(desk->pool, store);
    return st;
}

/* --- changing the lists, each time by an act that can be taken back --- */

typedef struct change change;
struct change {
    const char *verb, *subject; /* of the act; what it is called in the log */
    ko_status (*make)(ko_store *store, int64_t act_id, const change *change, ko_error *err);
    const ko_allow *entry; /* to add */
    int64_t id;            /* to remove */
};

static ko_status allow(ko_store *store, int64_t act_id, const change *c, ko_error *err)
{
    int64_t id = 0;
    const ko_status st = ko_allow_add(store, act_id, c->entry, &id, err);
    if (st == KO_OK && id == 0)
        return ko_fail(err, KO_E_EXISTS, "%s is allowed already", c->subject);
    return st;
}

static ko_status disallow(ko_store *store, int64_t act_id, const change *c, ko_error *err)
{
    return ko_allow_remove(store, act_id, c->id, err);
}

static ko_status count_again(ko_store *store, int64_t act_id, const change *c, ko_error *err)
{
    return ko_negative_remove(store, act_id, c->id, err);
}

static ko_status act(ko_store *store, const change *c, int64_t *out_act, ko_error *err)
{
    ko_user user = {0};
    ko_status st = ko_profile_read(store, &user, err);
    if (st == KO_OK)
        st = ko_store_begin(store, err);
    const ko_act what = {
        .verb = c->verb, .subject = c->subject, .who = ko_profile_signature(&user)};
    if (st == KO_OK)
        st = ko_act_add(store, &what, out_act, err);
    if (st == KO_OK)
        st = c->make(store, *out_act, c, err);
    if (st == KO_OK)
        st = ko_store_commit(store, err);
    else
        ko_store_rollback(store);
    ko_profile_free(&user);
    return st;
}

static ko_status answer_change(ko_desk *desk, const change *c, ko_serve_answer *answer,
                               ko_error *err)
{
    ko_store *store = NULL;
    int64_t id = 0;
    ko_status st = ko_pool_take(desk->pool, &store, err);
    if (st == KO_OK)
        st = act(store, c, &id, err);
    ko_pool_give(desk->pool, store);
    return st == KO_OK
               ? ko_serve_answer_json(answer, json_pack("{s:I}", "act", (json_int_t)id), err)
               : st;
}

static ko_status read_entry(const json_t *sent, ko_allow *out, const char **out_subject,
                            ko_error *err)
{
    const char *seller = NULL, *on = NULL;
    ko_status st = ko_sent_text(sent, "seller", &seller, err);
    if (st == KO_OK)
        st = ko_sent_text(sent, "on", &on, err);
    if (st != KO_OK)
        return st;
    if (!on || !on[0])
        return ko_fail(err, KO_E_USAGE, "on is a marketplace or the host of a shop");
    if (strlen(on) > KO_MAX_SELLER_NAME || (seller && strlen(seller) > KO_MAX_SELLER_NAME))
        return ko_fail(err, KO_E_LIMIT, "a name of more than %zu bytes", KO_MAX_SELLER_NAME);
    const bool of_shop = !seller || !seller[0];
    *out_subject = of_shop ? on : seller;
    return of_shop ? ko_allow_word(on, NULL, out, err) : ko_allow_word(seller, on, out, err);
}

ko_status ko_serve_allow(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                         ko_error *err)
{
    static const char *const names[] = {"seller", "on", NULL};
    ko_allow entry;
    json_t *sent = NULL;
    change what = {.verb = "allow", .make = allow, .entry = &entry};
    ko_status st = ko_sent_object(request, names, &sent, err);
    if (st == KO_OK)
        st = read_entry(sent, &entry, &what.subject, err);
    if (st == KO_OK)
        st = answer_change(desk, &what, answer, err);
    json_decref(sent);
    return st;
}

/* The subject is the number, as it is when a command removes the entry. */
static ko_status remove_entry(ko_desk *desk, const ko_serve_request *request, change what,
                              ko_serve_answer *answer, ko_error *err)
{
    static const char *const none[] = {NULL};
    char number[24];
    json_t *sent = NULL;
    const ko_status st = ko_sent_object(request, none, &sent, err);
    json_decref(sent);
    (void)snprintf(number, sizeof number, "%lld", (long long)request->id);
    what.subject = number;
    what.id = request->id;
    return st == KO_OK ? answer_change(desk, &what, answer, err) : st;
}

ko_status ko_serve_allow_remove(ko_desk *desk, const ko_serve_request *request,
                                ko_serve_answer *answer, ko_error *err)
{
    return remove_entry(desk, request, (change){.verb = "allow rm", .make = disallow}, answer, err);
}

ko_status ko_serve_negative_remove(ko_desk *desk, const ko_serve_request *request,
                                   ko_serve_answer *answer, ko_error *err)
{
    return remove_entry(desk, request, (change){.verb = "negative rm", .make = count_again}, answer,
                        err);
}
