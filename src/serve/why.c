/* Why a candidate is one: what is known of it besides the pictures, and what in them agrees. */
#include "serve/handlers.h"

#include "base/day.h"
#include "base/limits.h"
#include "case/candidate_told.h"
#include "report/act.h"
#include "report/candidate.h"
#include "report/compared.h"
#include "report/json.h"
#include "store/notice.h"

#include <math.h>
#include <string.h>

/* A candidate that is asked about, with the store that is lent meanwhile. */
typedef struct asking {
    ko_store *store;
    ko_serve_answer *answer;
    ko_error *err;
    ko_status (*tell)(struct asking *a, const ko_candidate *c);
    bool found;
} asking;

static ko_status on_candidate(void *context, const ko_candidate *c)
{
    asking *a = context;
    a->found = true;
    return a->tell(a, c);
}

static ko_status ask(ko_desk *desk, const ko_serve_request *request, asking *a)
{
    const ko_candidate_filter one = {.id = request->id};
    ko_status st = ko_pool_take(desk->pool, &a->store, a->err);
    if (st != KO_OK)
        return st;
    st = ko_candidate_each(a->store, &one, on_candidate, a, a->err);
    ko_pool_give(desk->pool, a->store);
    if (st == KO_OK && !a->found)
        st = ko_fail(a->err, KO_E_NOT_FOUND, "no candidate %lld", (long long)request->id);
    return st == KO_E_NOMEM
               ? ko_fail(a->err, st, "what is known of candidate %lld", (long long)request->id)
               : st;
}

static ko_status append(json_t *array, json_t *item)
{
    return json_array_append_new(array, item) == 0 ? KO_OK : KO_E_NOMEM;
}

/* --- what is known --- */

static ko_status count_view(void *context, const ko_view *view)
{
    (void)view;
    ++*(json_int_t *)context;
    return KO_OK;
}

static ko_status add_view(const asking *a, const ko_candidate *c, json_t *object)
{
    const ko_view *view = c->view;
    json_int_t n = 0;
    const ko_status st = ko_view_each(a->store, c->work->id, false, count_view, &n, a->err);
    if (st != KO_OK)
        return st;
    json_t *told =
        json_pack("{s:o, s:i, s:i, s:s, s:I}", "path", ko_json_string(view->path), "width",
                  (int)view->width, "height", (int)view->height, "kind", view->kind, "views", n);
    return json_object_set_new(object, "view", told) == 0 ? KO_OK : KO_E_NOMEM;
}

static ko_status on_photo(void *context, const ko_photo *photo, const char *url)
{
    json_t *photos = context;
    if (photo->state != KO_PHOTO_READ || json_array_size(photos) == KO_MAX_LISTING_IMAGES)
        return KO_OK;
    return append(photos, ko_photo_json(photo, url));
}

/* Notices that hold one listing. */
typedef struct holding {
    const asking *asking;
    json_t *notices;
    const ko_notice_item *item; /* being told */
} holding;

static ko_status on_notice(void *context, const ko_notice *notice)
{
    const holding *h = context;
    char on[KO_DAY_TEXT_SIZE];
    ko_day_text(h->item->state_on, on);
    return append(h->notices,
                  json_pack("{s:I, s:o, s:o, s:s, s:s}", "notice", (json_int_t)notice->id,
                            "channel", ko_json_string(notice->channel), "work",
                            ko_json_string(notice->serial), "state",
                            ko_notice_state_name(h->item->state), "on", on));
}

static ko_status on_item(void *context, const ko_notice_item *item)
{
    holding *h = context;
    const ko_notice_filter one = {.id = item->notice_id};
    h->item = item;
    return ko_notice_each(h->asking->store, &one, on_notice, h, h->asking->err);
}

static ko_status on_act(void *context, const ko_act *act, const ko_decision *decision)
{
    return append(context, ko_act_json(act, decision));
}

static ko_status add_lists(const asking *a, const ko_candidate *c, json_t *object)
{
    json_t *photos = json_array(), *notices = json_array(), *log = json_array();
    holding held = {.asking = a, .notices = notices};
    ko_status st = photos && notices && log ? KO_OK : KO_E_NOMEM;
    if (st == KO_OK)
        st = ko_shown_each(a->store, c->listing->id, on_photo, photos, a->err);
    if (st == KO_OK)
        st = ko_notice_item_each_of(a->store, c->listing->id, on_item, &held, a->err);
    if (st == KO_OK)
        st = ko_act_each(a->store, c->id, on_act, log, a->err);
    if (st == KO_OK)
        st = ko_candidate_told(a->store, c, object, a->err);
    if (st == KO_OK && (json_object_set(object, "photos", photos) != 0 ||
                        json_object_set(object, "notices", notices) != 0 ||
                        json_object_set(object, "log", log) != 0))
        st = KO_E_NOMEM;
    json_decref(photos);
    json_decref(notices);
    json_decref(log);
    return st;
}

static ko_status tell_why(asking *a, const ko_candidate *c)
{
    json_t *object = json_pack("{s:o, s:{s:I, s:s, s:o}}", "candidate", ko_serve_candidate_json(c),
                               "work", "id", (json_int_t)c->work->id, "work", c->work->serial,
                               "title", ko_json_string(c->work->fields.title));
    ko_status st = object ? add_view(a, c, object) : KO_E_NOMEM;
    if (st == KO_OK)
        st = add_lists(a, c, object);
    if (st == KO_OK)
        return ko_serve_answer_json(a->answer, object, a->err);
    json_decref(object);
    return st;
}

ko_status ko_serve_why(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                       ko_error *err)
{
    asking a = {.answer = answer, .err = err, .tell = tell_why};
    return ask(desk, request, &a);
}

/* --- what agrees --- */

#define LINES_SIDE_PX 1400u /* at which side at least the photo is looked at again */

/* To a tenth of a pixel. */
static json_t *place_json(double at)
{
    return json_real(round(10 * at) / 10 + 0.); /* -0 becomes 0 */
}

static json_t *line_json(const ko_part_line *line, const ko_view *view)
{
    return json_pack("[o, o, o, o]", place_json((double)line->work[0] * view->width),
                     place_json((double)line->work[1] * view->height),
                     place_json((double)line->photo[0]), place_json((double)line->photo[1]));
}

static ko_status answer_lines(const asking *a, const ko_candidate *c,
                              const ko_compared_place *place, const ko_part_line *lines, size_t n)
{
    json_t *told = json_array(), *quad = json_array();
    ko_status st = told && quad ? KO_OK : KO_E_NOMEM;
    for (size_t i = 0; st == KO_OK && i < n; i++)
        st = append(told, line_json(&lines[i], c->view));
    for (size_t i = 0; st == KO_OK && i < 8; i++)
        st = append(quad, place_json((double)place->quad[i]));
    if (st == KO_OK)
        st = ko_serve_answer_json(a->answer,
                                  json_pack("{s:O, s:{s:i, s:i}, s:{s:i, s:i}, s:O, s:b}", "lines",
                                            told, "work", "width", (int)c->view->width, "height",
                                            (int)c->view->height, "photo", "width",
                                            (int)c->photo->width, "height", (int)c->photo->height,
                                            "quad", quad, "whole", place->whole),
                                  a->err);
    json_decref(told);
    json_decref(quad);
    return st;
}

static ko_status tell_lines(asking *a, const ko_candidate *c)
{
    ko_image_colour photo = {0};
    ko_part_view *part = NULL;
    ko_part_line lines[KO_COMPARED_LINES];
    size_t n = 0;
    ko_status st = ko_compared_photo(c->photo, LINES_SIDE_PX, &photo, a->err);
    if (st == KO_OK)
        st = ko_compared_part(a->store, c, &part, a->err);
    if (st == KO_OK) {
        const ko_compared_place place = ko_compared_where(c, part, &photo.full);
        if (part) /* else the view was never described */
            st = ko_compared_lines(part, &photo, &place, lines, &n, a->err);
        if (st == KO_OK)
            st = answer_lines(a, c, &place, lines, n);
    }
    ko_part_view_free(part);
    ko_image_colour_free(&photo);
    return st;
}

ko_status ko_serve_lines(ko_desk *desk, const ko_serve_request *request, ko_serve_answer *answer,
                         ko_error *err)
{
    asking a = {.answer = answer, .err = err, .tell = tell_lines};
    ko_serve_begin_drawing(desk); /* it takes about as long as to make a picture */
    const ko_status st = ask(desk, request, &a);
    ko_serve_end_drawing(desk);
    return st;
}
