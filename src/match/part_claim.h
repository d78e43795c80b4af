/* match/part_claim.h - from the keypoints of a photo to claims: the steps between, and the
 * memory they work in.
 *
 * matches -> ko_part_vote -> candidates -> ko_part_verify -> places -> ko_part_align ->
 * better places -> ko_part_look_at -> likeness -> ko_part_score. Weights of matches are whole
 * numbers, so that sums of them are the same in any order. */
#ifndef KO_MATCH_PART_CLAIM_H
#define KO_MATCH_PART_CLAIM_H

#include "features/pyramid.h"
#include "match/part_cells.h"
#include "match/part_fit.h"
#include "simd/simd.h"

#define KO_PART_PHOTO_SIDE 800u
#define KO_PART_PHOTO_KEYPOINTS 1000u
#define KO_PART_MATCHES_A_KEYPOINT 12u
#define KO_PART_MATCHES_MAX (KO_PART_PHOTO_KEYPOINTS * KO_PART_MATCHES_A_KEYPOINT)
#define KO_PART_CANDIDATES 5u

/* A keypoint of the photo looks like one of a view. */
typedef struct ko_part_match {
    uint32_t view;
    uint32_t point; /* of the view */
    uint16_t query; /* keypoint of the photo */
    uint8_t variant;
    uint8_t weight; /* bits by which it is nearer than the seventh work, 1..KO_PART_WEIGHT */
} ko_part_match;

#define KO_PART_WEIGHT (KO_PART_RADIUS + 4) /* of a match without any difference and rival */

#define KO_PART_GRID_PX 24
#define KO_PART_GRID_SIDE (KO_PART_PHOTO_SIDE / KO_PART_GRID_PX + 1)

typedef struct ko_part_photo {
    const ko_pyramid *pyramid;
    ko_features features; /* owned */
    float width, height;  /* of the pyramid's first level */
    /* keypoints by place: the first of each square, and after each the next */
    uint16_t head[KO_PART_GRID_SIDE][KO_PART_GRID_SIDE];
    uint16_t next[KO_PART_PHOTO_KEYPOINTS];
} ko_part_photo;

#define KO_PART_NO_KEYPOINT UINT16_MAX

/* One place of one view in the photo, in pixels of the pyramid's first level. */
typedef struct ko_part_claim {
    uint32_t view;
    unsigned variant;
    size_t pivot, from, to; /* its matches, and the one that most agree with */
    ko_part_model model;    /* from the view as seen */
    float side_px;          /* square root of its area; 0 when no place is plausible */
    unsigned support;       /* weight of the matches that agree with the place */
    unsigned inliers;       /* how many they are */
    uint32_t ground;        /* that most of them were described on; then, the most alike */
    unsigned votes;         /* weight of all matches of the view, agreeing or not */
    float corners;          /* blocks of the view with contrast, by how much they turn corners */
    float central;          /* of these, most alike where they should be */
    float fine, coarse;     /* likeness at two sizes, 0..1 */
    float share;            /* share that is inside and alike, 0..1 */
    double score;
} ko_part_claim;

#define KO_PART_PAIRS_MAX KO_PART_KEYPOINTS_MAX
#define KO_PART_LOOK_PIXELS (KO_PART_LOOK_SIDE * KO_PART_LOOK_SIDE)

/* Votes of one view and variant, and the best of each. */
typedef struct ko_part_tally {
    unsigned weight;
    uint32_t key;
    size_t match;
} ko_part_tally;

struct ko_parts_scratch {
    ko_codes_hit hits[KO_PART_HITS_MAX];
    uint16_t order[KO_PART_HITS_MAX];
    ko_part_match found[KO_PART_MATCHES_MAX];
    ko_part_match matches[KO_PART_MATCHES_MAX]; /* the same by view and variant */
    uint32_t *start; /* of each view and variant among matches, and of all */
    size_t start_room;
    ko_part_tally tallies[KO_PART_MATCHES_MAX / 2];
    ko_part_pair pairs[KO_PART_PAIRS_MAX], near[KO_PART_PAIRS_MAX];
    struct {
        uint8_t px[KO_PART_LOOK_PIXELS], inside[KO_PART_LOOK_PIXELS];
        ko_slope photo[KO_PART_LOOK_PIXELS], view[KO_PART_LOOK_PIXELS];
        int32_t seen[KO_PART_LOOK_PIXELS];
    } patch;
    ko_part_photo photo;
    ko_parts_cost cost;
};

/* Orders found[0..n) into s->matches and writes the candidates that most matches agree on,
 * best first; returns how many. work_of names each view's work: of one work, two at most. */
KO_NODISCARD ko_status ko_part_vote(const ko_part_view *const *views, const uint32_t *work_of,
                                    size_t n_views, ko_parts_scratch *s, size_t n,
                                    ko_part_claim out_claims[KO_PART_CANDIDATES], size_t *out_count,
                                    ko_error *err);

/* Sorts the photo's keypoints into squares, for ko_part_verify. */
void ko_part_photo_sort(ko_part_photo *photo);

/* Fits the candidate's place and gathers what speaks for it. */
void ko_part_verify(const ko_part_view *view, ko_parts_scratch *s, ko_part_claim *claim);

/* Below, in weight, there is nothing to look at: half a match without rivals. */
#define KO_PART_SUPPORT_MIN (KO_PART_WEIGHT / 2)

/* A keypoint of the photo shows one work: what better claims have taken of the claim's
 * support counts half for it (not nothing: sister works may both be meant). Adds to taken what
 * the claim rests on itself. */
void ko_part_claim_own(const ko_part_view *view, const ko_parts_scratch *s, ko_part_claim *claim,
                       bool taken[KO_PART_PHOTO_KEYPOINTS]);

/* How closely a claim is looked at: first at a small picture of the view, then, unless that
 * leaves no hope, at one with all details. */
typedef enum ko_part_depth { KO_PART_COARSE, KO_PART_FINE } ko_part_depth;

/* Moves the claim to where the photo is most like the view, and counts blocks. */
void ko_part_align(const ko_part_view *view, ko_parts_scratch *s, ko_part_claim *claim,
                   ko_part_depth depth);

/* Compares the photo there with the view; claim->side_px is above 0. */
void ko_part_look_at(const ko_part_view *view, ko_parts_scratch *s, ko_part_claim *claim,
                     ko_part_depth depth);

/* What speaks for a claim, number by number; part_score.c says which. */
#define KO_PART_EVIDENCE 7
void ko_part_evidence(const ko_part_claim *claim, double out[KO_PART_EVIDENCE]);

/* The score that a claim looked at coarsely has if the fine look goes very well. */
double ko_part_hope(const ko_part_claim *claim, size_t n_collection);

/* What the evidence is worth, as -log10 of the false claims expected of one photo asked
 * about a collection of so many works. */
double ko_part_score(const ko_part_claim *claim, size_t n_collection);

/* The whole way: the candidates of a photo, best first, with what speaks for them. Those
 * without a place, or without hope to reach the floor, score -INFINITY. ko_parts_find tells
 * the best of these. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_parts_claim(const ko_parts *parts, ko_parts_scratch *scratch,
                                      const ko_grey *luma, double floor,
                                      ko_part_claim out_claims[KO_PART_CANDIDATES],
                                      size_t *out_count, ko_error *err);

#endif
