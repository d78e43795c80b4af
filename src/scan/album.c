/* The picture in its orientations is compared with the photos one by one. A million of them take an
 * eighth of a second, and an index over them would have to be made anew whenever a scan adds some.
 */
#include "scan/album.h"

#include "base/alloc.h"
#include "store/seen.h"

#include <knockoff/match.h>

#include <assert.h>
#include <pthread.h>
#include <string.h>

#define CHUNK 65536 /* photos read before they are taken in */

typedef struct entry {
    int64_t photo_id;
    ko_fp fp;
} entry;

struct ko_album {
    int64_t read_to; /* photos up to this number are here, or will never be */

    pthread_rwlock_t lock; /* of what follows */
    entry *entries;        /* in order of id */
    size_t n, capacity;
    size_t n_photos; /* of the store, also those without a fingerprint */
};

ko_status ko_album_make(ko_album **out_album, ko_error *err)
{
    ko_album *album = ko_alloc_zero(1, sizeof *album);
    if (!album)
        return ko_fail(err, KO_E_NOMEM, "photos seen");
    (void)pthread_rwlock_init(&album->lock, NULL);
    *out_album = album;
    return KO_OK;
}

void ko_album_free(ko_album *album)
{
    if (!album)
        return;
    (void)pthread_rwlock_destroy(&album->lock);
    ko_free(album->entries);
    ko_free(album);
}

/* --- following --- */

typedef struct chunk {
    entry *entries;
    size_t n, n_read;
    int64_t last_id;
} chunk;

static ko_status read_photo(void *context, const ko_photo *photo)
{
    chunk *c = context;
    c->n_read++;
    c->last_id = photo->id;
    if (photo->state == KO_PHOTO_READ && photo->quality >= KO_FP_QUALITY_MIN)
        c->entries[c->n++] = (entry){photo->id, photo->fp};
    return KO_OK;
}

/* With the lock, for writing. */
static ko_status make_room(ko_album *album, size_t n)
{
    if (album->capacity - album->n >= n)
        return KO_OK;
    const size_t capacity = 2 * album->n > album->n + n ? 2 * album->n : album->n + n;
    entry *entries = ko_alloc_array(capacity, sizeof *entries);
    if (!entries)
        return KO_E_NOMEM;
    if (album->n)
        memcpy(entries, album->entries, album->n * sizeof *entries);
    ko_free(album->entries);
    album->entries = entries;
    album->capacity = capacity;
    return KO_OK;
}

static ko_status take_in(ko_album *album, const chunk *c)
{
    (void)pthread_rwlock_wrlock(&album->lock);
    const ko_status st = make_room(album, c->n);
    if (st == KO_OK && c->n) {
        memcpy(album->entries + album->n, c->entries, c->n * sizeof *c->entries);
        album->n += c->n;
    }
    (void)pthread_rwlock_unlock(&album->lock);
    return st;
}

static ko_status read_to(ko_album *album, ko_store *store, int64_t up_to, ko_error *err)
{
    ko_status st = KO_OK;
    chunk c = {.entries = ko_alloc_array(CHUNK, sizeof *c.entries), .n_read = CHUNK};
    if (!c.entries)
        return KO_E_NOMEM;
    while (st == KO_OK && c.n_read == CHUNK) {
        c.n = c.n_read = 0;
        c.last_id = album->read_to;
        st = ko_photo_each(store, album->read_to, up_to, CHUNK, read_photo, &c, err);
        if (st == KO_OK)
            st = take_in(album, &c);
        if (st == KO_OK)
            album->read_to = c.last_id;
    }
    ko_free(c.entries);
    return st;
}

ko_status ko_album_follow(ko_album *album, ko_store *store, ko_error *err)
{
    ko_photo_counts counts;
    ko_status st = ko_photo_count(store, &counts, err);
    if (st != KO_OK)
        return st;
    (void)pthread_rwlock_wrlock(&album->lock);
    album->n_photos = (size_t)counts.photos;
    (void)pthread_rwlock_unlock(&album->lock);
    /* Scans read photos in the order of their numbers. */
    const int64_t up_to = counts.first_new_id ? counts.first_new_id - 1 : counts.last_id;
    if (up_to > album->read_to)
        st = read_to(album, store, up_to, err);
    return st == KO_E_NOMEM ? ko_fail(err, st, "%zu photos seen", (size_t)counts.photos) : st;
}

/* --- asking --- */

typedef struct asking {
    const ko_fp *fps; /* of the picture, by orientation */
    size_t n_tests;   /* comparisons that scores account for */
    unsigned radius;
    ko_album_found *found;
    size_t n, capacity;
} asking;

static ko_status compare(asking *a, const entry *e)
{
    unsigned nearest = KO_FP_BITS + 1;
    ko_orientation orientation = KO_ORIENT_NONE;
    for (unsigned o = 0; o < KO_ORIENT_COUNT; o++) {
        const unsigned distance = ko_fp_distance(&a->fps[o], &e->fp);
        if (distance < nearest) {
            nearest = distance;
            orientation = (ko_orientation)o;
        }
    }
    if (nearest > a->radius)
        return KO_OK;
    ko_album_found *found = ko_grown(a->found, a->n, &a->capacity, sizeof *found);
    if (!found)
        return KO_E_NOMEM;
    a->found = found;
    found[a->n++] = (ko_album_found){.photo_id = e->photo_id,
                                     .score = ko_score_whole(nearest, a->n_tests),
                                     .distance = nearest,
                                     .orientation = orientation};
    return KO_OK;
}

ko_status ko_album_ask(ko_album *album, const ko_fp fps[KO_ORIENT_COUNT], double threshold,
                       ko_album_found **out_found, size_t *out_n, ko_error *err)
{
    ko_status st = KO_OK;
    (void)pthread_rwlock_rdlock(&album->lock);
    asking a = {.fps = fps, .n_tests = KO_ORIENT_COUNT * album->n_photos};
    const int radius = ko_score_whole_radius(threshold, a.n_tests);
    a.radius = radius < 0 ? 0 : (unsigned)radius;
    for (size_t i = 0; st == KO_OK && radius >= 0 && i < album->n; i++)
        st = compare(&a, &album->entries[i]);
    (void)pthread_rwlock_unlock(&album->lock);
    if (st != KO_OK) {
        ko_free(a.found);
        return ko_fail(err, st, "photos seen");
    }
    *out_found = a.found;
    *out_n = a.n;
    return KO_OK;
}
