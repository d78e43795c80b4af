#include "listing/listing.h"

#include "base/alloc.h"

#include <assert.h>
#include <string.h>

static const size_t texts[] = {offsetof(ko_listing, url),       offsetof(ko_listing, item_id),
                               offsetof(ko_listing, title),     offsetof(ko_listing, seller),
                               offsetof(ko_listing, seller_id), offsetof(ko_listing, seller_url),
                               offsetof(ko_listing, price),     offsetof(ko_listing, price_max),
                               offsetof(ko_listing, currency),  offsetof(ko_listing, platform),
                               offsetof(ko_listing, key)};

static char **text_at(ko_listing *record, size_t i)
{
    return (char **)((char *)record + texts[i]);
}

ko_status ko_listing_fill(ko_listing *record, ko_error *err)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char **text = text_at(record, i);
        if (!*text)
            *text = ko_strdup("");
        if (!*text)
            return ko_fail(err, KO_E_NOMEM, "no memory for a listing");
    }
    return KO_OK;
}

static void clear_picture(ko_gallery_picture *picture)
{
    ko_free(picture->url);
    ko_free(picture->path);
    *picture = (ko_gallery_picture){0};
}

ko_status ko_listing_add_picture(ko_listing *record, const char *url, const char *path,
                                 ko_error *err)
{
    const size_t n = record->n_pictures, size = sizeof *record->pictures;
    ko_gallery_picture *all = ko_realloc(record->pictures, n * size, (n + 1) * size);
    if (all)
        record->pictures = all;
    ko_gallery_picture picture = {.url = ko_strdup(url), .path = ko_strdup(path)};
    if (!all || !picture.url || !picture.path) {
        clear_picture(&picture);
        return ko_fail(err, KO_E_NOMEM, "no memory for a picture of a listing");
    }
    all[record->n_pictures++] = picture;
    return KO_OK;
}

ko_status ko_listing_add_remark(ko_listing *record, const char *name, const char *text,
                                ko_error *err)
{
    const size_t n = record->n_remarks, size = sizeof *record->remarks;
    ko_listing_remark *all = ko_realloc(record->remarks, n * size, (n + 1) * size);
    if (all)
        record->remarks = all;
    const ko_listing_remark remark = {.name = ko_strdup(name), .text = ko_strdup(text)};
    if (!all || !remark.name || !remark.text) {
        ko_free(remark.name);
        ko_free(remark.text);
        return ko_fail(err, KO_E_NOMEM, "no memory for a remark");
    }
    all[record->n_remarks++] = remark;
    return KO_OK;
}

const char *ko_listing_remark_text(const ko_listing *record, const char *name)
{
    for (size_t i = 0; i < record->n_remarks; i++)
        if (strcmp(record->remarks[i].name, name) == 0)
            return record->remarks[i].text;
    return "";
}

void ko_listing_drop_picture(ko_listing *record, size_t index)
{
    assert(index < record->n_pictures);
    clear_picture(&record->pictures[index]);
    record->n_pictures--;
    memmove(&record->pictures[index], &record->pictures[index + 1],
            (record->n_pictures - index) * sizeof *record->pictures);
}

void ko_listing_free(ko_listing *listing)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ko_free(*text_at(listing, i));
    for (size_t i = 0; i < listing->n_pictures; i++)
        clear_picture(&listing->pictures[i]);
    ko_free(listing->pictures);
    for (size_t i = 0; i < listing->n_remarks; i++) {
        ko_free(listing->remarks[i].name);
        ko_free(listing->remarks[i].text);
    }
    ko_free(listing->remarks);
    *listing = (ko_listing){0};
}
