#include "base/alloc.h"
#include "features/corners.h"
#include "features/describe.h"

ko_status ko_features_find(const ko_pyramid *pyramid, const ko_features_options *options,
                           ko_features *out_features, ko_error *err)
{
    const size_t max = options->max_keypoints;
    ko_features f = {0};
    ko_corner *corners = ko_alloc_array(max, sizeof *corners);
    ko_gradients gradients = {0};
    ko_status st = KO_OK;
    if (!corners) {
        st = ko_fail(err, KO_E_NOMEM, "%zu keypoints", max);
        goto done;
    }
    st = ko_corners_find(pyramid, max, corners, &f.n, err);
    if (st != KO_OK)
        goto done;
    f.keypoints = ko_alloc_array(f.n, sizeof *f.keypoints);
    f.descriptors = ko_alloc_array(f.n, sizeof *f.descriptors);
    f.codes = ko_alloc_array(f.n, sizeof *f.codes);
    if (!f.keypoints || !f.descriptors || !f.codes) {
        st = ko_fail(err, KO_E_NOMEM, "%zu keypoints", f.n);
        goto done;
    }
    st = ko_gradients_make(pyramid, &gradients, err);
    if (st != KO_OK)
        goto done;
    for (size_t i = 0; i < f.n; i++) {
        const ko_level *level = &pyramid->level[corners[i].level];
        if (gradients.level != level)
            ko_gradients_start(&gradients, level);
        ko_describe(&gradients, &corners[i], &f.keypoints[i], &f.descriptors[i]);
        ko_descriptor_code(&f.descriptors[i], &f.codes[i]);
    }
    *out_features = f;
    f = (ko_features){0};
done:
    ko_free(corners);
    ko_gradients_free(&gradients);
    ko_features_free(&f);
    return st;
}

void ko_features_free(ko_features *features)
{
    ko_free(features->keypoints);
    ko_free(features->descriptors);
    ko_free(features->codes);
    *features = (ko_features){0};
}
