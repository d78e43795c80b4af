#include "report/evidence.h"

#include <math.h>
#include <stdio.h>

/* --- words --- */

static const char *turned(ko_orientation orientation)
{
    switch (orientation) {
    case KO_ORIENT_NONE:
        return "upright, not mirrored";
    case KO_ORIENT_ROT90:
        return "turned 90 degrees clockwise";
    case KO_ORIENT_ROT180:
        return "turned upside down";
    case KO_ORIENT_ROT270:
        return "turned 90 degrees counter-clockwise";
    case KO_ORIENT_MIRROR:
        return "mirrored";
    case KO_ORIENT_FLIP:
        return "mirrored top to bottom";
    case KO_ORIENT_TRANSPOSE:
        return "mirrored about the diagonal from top left";
    case KO_ORIENT_TRANSVERSE:
        return "mirrored about the diagonal from top right";
    case KO_ORIENT_COUNT:
        break;
    }
    return "turned";
}

/* Whole percent, rounded down: nothing is said to be all there that is not. */
static int percent(float share)
{
    return (int)floorf(100 * share);
}

/* Scores reach 18, but nobody has looked at more than a few thousand photos: beyond a million there
 * is nothing that could be said to others in good faith. */
void ko_evidence_odds(double score, char out_odds[KO_EVIDENCE_ODDS_SIZE])
{
    if (score >= 6)
        (void)snprintf(out_odds, KO_EVIDENCE_ODDS_SIZE, "no more than one photo in a million");
    else if (score < 0.5)
        (void)snprintf(out_odds, KO_EVIDENCE_ODDS_SIZE, "most photos");
    else
        (void)snprintf(out_odds, KO_EVIDENCE_ODDS_SIZE, "one photo in %.0f%s",
                       pow(10, score < 3 ? score : score - 3), score < 3 ? "" : " thousand");
}

void ko_evidence_how(const ko_evidence *e, char out_how[KO_EVIDENCE_HOW_SIZE])
{
    const bool as_it_is = e->whole.orientation == KO_ORIENT_NONE;
    if (e->method == KO_METHOD_PART)
        (void)snprintf(out_how, KO_EVIDENCE_HOW_SIZE, "part%s%s",
                       e->part.mirrored ? " mirrored" : "", e->part.inverted ? " inverted" : "");
    else
        (void)snprintf(out_how, KO_EVIDENCE_HOW_SIZE, "whole%s%s", as_it_is ? "" : " ",
                       as_it_is ? "" : ko_orientation_name(e->whole.orientation));
}

void ko_evidence_brief(const ko_evidence *e, char out_brief[KO_EVIDENCE_BRIEF_SIZE])
{
    char how[KO_EVIDENCE_HOW_SIZE];
    ko_evidence_how(e, how);
    if (e->method == KO_METHOD_PART)
        (void)snprintf(out_brief, KO_EVIDENCE_BRIEF_SIZE, "%s, %d %% of the work", how,
                       percent(e->part.share));
    else
        (void)snprintf(out_brief, KO_EVIDENCE_BRIEF_SIZE, "%s, %u bits", how, e->whole.distance);
}

static ko_status add_whole(ko_buf *out, const ko_whole_evidence *w, int64_t n_fingerprints)
{
    ko_status st = ko_buf_printf(out, "  %-11s the whole picture shows the work %s\n", "how",
                                 turned(w->orientation));
    if (st == KO_OK)
        st = ko_buf_printf(out, "  %-11s %u of %d bits, against %lld fingerprints\n", "distance",
                           w->distance, KO_FP_BITS, (long long)n_fingerprints);
    if (st == KO_OK && w->ground >= 0)
        st = ko_buf_printf(out, "  %-11s the transparent work fits best on %s (grey level %d)%s\n",
                           "background",
                           w->ground > 220  ? "white"
                           : w->ground < 35 ? "black"
                                            : "a mid tone",
                           w->ground, w->cropped ? ", cut to its opaque part" : "");
    return st;
}

static ko_status add_turn(ko_buf *out, float turn)
{
    const int degrees = (int)lroundf(fabsf(turn));
    if (degrees == 0)
        return KO_OK;
    return ko_buf_printf(out, ", turned %d degrees %s", degrees,
                         turn > 0 ? "clockwise" : "counter-clockwise");
}

static ko_status add_part(ko_buf *out, const ko_part_evidence *p, int64_t n_works)
{
    ko_status st = ko_buf_printf(out, "  %-11s a part of the picture shows %d %% of the work%s%s",
                                 "how", percent(p->share), p->mirrored ? ", mirrored" : "",
                                 p->inverted ? ", light and dark swapped" : "");
    if (st == KO_OK)
        st = add_turn(out, p->turn);
    if (st == KO_OK)
        st = ko_buf_printf(out, "\n  %-11s", "corners");
    for (size_t i = 0; st == KO_OK && i < 8; i += 2)
        st = ko_buf_printf(out, " %ld,%ld", lroundf(p->quad[i]), lroundf(p->quad[i + 1]));
    if (st == KO_OK)
        st = ko_buf_printf(out, " (pixels of the picture: the work's top left, top right,"
                                " bottom right, bottom left)\n");
    if (st == KO_OK)
        st = ko_buf_printf(out, "  %-11s %u keypoint%s agree%s", "matches", p->inliers,
                           p->inliers == 1 ? "" : "s", p->inliers == 1 ? "s" : "");
    if (st == KO_OK && n_works)
        st = ko_buf_printf(out, ", against %lld work%s", (long long)n_works,
                           n_works == 1 ? "" : "s");
    return st == KO_OK ? ko_buf_text(out, "\n") : st;
}

/* What has the score comes first. */
ko_status ko_evidence_words(ko_buf *out, const ko_evidence *e, int64_t n_fingerprints,
                            int64_t n_works)
{
    ko_status st = KO_OK;
    for (int i = 0; st == KO_OK && i < KO_METHODS; i++) {
        const bool part = (e->method == KO_METHOD_PART) == (i == 0);
        if (part && e->has_part)
            st = add_part(out, &e->part, n_works);
        else if (!part && e->has_whole)
            st = add_whole(out, &e->whole, n_fingerprints);
    }
    return st;
}

/* --- JSON --- */

/* A number as short as it is sure: to a tenth, a thousandth, ... */
static json_t *rounded(double value, double parts)
{
    return json_real(round(value * parts) / parts + 0.); /* -0 becomes 0 */
}

static json_t *quad_json(const float quad[8])
{
    json_t *array = json_array();
    for (size_t i = 0; i < 8; i++)
        (void)json_array_append_new(array, rounded((double)quad[i], 10));
    return array;
}

json_t *ko_evidence_json(json_t *object, const ko_evidence *e)
{
    if (!object)
        return NULL;
    (void)json_object_set_new(object, "score", json_real(e->score));
    (void)json_object_set_new(object, "method", json_string(ko_method_name(e->method)));
    if (e->has_whole) {
        const ko_whole_evidence *w = &e->whole;
        (void)json_object_set_new(object, "distance", json_integer(w->distance));
        (void)json_object_set_new(object, "orientation",
                                  json_string(ko_orientation_name(w->orientation)));
        (void)json_object_set_new(object, "cropped", json_boolean(w->cropped));
        if (w->ground >= 0)
            (void)json_object_set_new(object, "ground", json_integer(w->ground));
    }
    if (e->has_part) {
        const ko_part_evidence *p = &e->part;
        (void)json_object_set_new(object, "quad", quad_json(p->quad));
        (void)json_object_set_new(object, "mirrored", json_boolean(p->mirrored));
        (void)json_object_set_new(object, "inverted", json_boolean(p->inverted));
        (void)json_object_set_new(object, "turn", rounded((double)p->turn, 10));
        (void)json_object_set_new(object, "share", rounded((double)p->share, 1000));
        (void)json_object_set_new(object, "inliers", json_integer(p->inliers));
    }
    return object;
}
