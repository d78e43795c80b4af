#include "serve/eye.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "base/stop.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

/* Between two looks whether something changed, when there are no news. */
#define FOLLOW_MS 60000

/* All works as they were at one moment; gone when the last who uses them drops them. */
typedef struct sight {
    ko_lookup *lookup;
    atomic_uint n_users;
} sight;

/* What is brought up to date by one thread at a time. */
typedef struct keeper {
    pthread_mutex_t lock;
    ko_store *store;
    bool begun;
    int64_t changes; /* of the file, that were taken in */
} keeper;

struct ko_eye {
    ko_live *live;
    pthread_t thread;
    bool joinable;
    atomic_bool stop;

    keeper works, photos;
    uint64_t mark; /* of the works in sight; the keeper's */
    ko_album *album;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t looked;
    sight *now; /* NULL before the first */
    unsigned n_looking;
};

/* --- what is in sight --- */

static void drop(sight *s)
{
    if (!s || atomic_fetch_sub(&s->n_users, 1) != 1)
        return;
    ko_lookup_close(s->lookup);
    ko_free(s);
}

static sight *current(ko_eye *eye)
{
    (void)pthread_mutex_lock(&eye->lock);
    sight *s = eye->now;
    atomic_fetch_add(&s->n_users, 1);
    (void)pthread_mutex_unlock(&eye->lock);
    return s;
}

static void show(ko_eye *eye, sight *fresh)
{
    (void)pthread_mutex_lock(&eye->lock);
    sight *old = eye->now;
    eye->now = fresh;
    (void)pthread_mutex_unlock(&eye->lock);
    drop(old);
}

/* --- keeping up --- */

static ko_status load(ko_eye *eye, ko_error *err)
{
    ko_problems problems = {0}; /* of originals that are gone: a scan says them */
    sight *fresh = ko_alloc_zero(1, sizeof *fresh);
    if (!fresh)
        return ko_fail(err, KO_E_NOMEM, "works");
    atomic_init(&fresh->n_users, 1);
    const ko_status st = ko_lookup_open(eye->works.store, NAN, ko_parallel_processors(), &problems,
                                        &fresh->lookup, err);
    if (st == KO_OK)
        show(eye, fresh);
    else
        drop(fresh);
    return st;
}

static ko_status take_works(ko_eye *eye, ko_error *err)
{
    uint64_t mark = 0;
    ko_status st = ko_work_mark(eye->works.store, &mark, err);
    if (st == KO_OK && (!eye->works.begun || mark != eye->mark))
        st = load(eye, err);
    if (st == KO_OK)
        eye->mark = mark;
    return st;
}

static ko_status take_photos(ko_eye *eye, ko_error *err)
{
    return ko_album_follow(eye->album, eye->photos.store, err);
}

/* Numbers are read before what they stand for, so that a change in between is seen again. */
static ko_status keep_up(ko_eye *eye, keeper *k, ko_status (*take)(ko_eye *eye, ko_error *err),
                         ko_error *err)
{
    int64_t changes = 0;
    (void)pthread_mutex_lock(&k->lock);
    const atomic_bool *before = ko_stop_follow(&eye->stop);
    ko_status st = ko_store_changes(k->store, &changes, err);
    if (st == KO_OK && (!k->begun || changes != k->changes)) {
        st = take(eye, err);
        k->begun |= st == KO_OK;
        k->changes = st == KO_OK ? changes : k->changes;
    }
    (void)ko_stop_follow(before);
    (void)pthread_mutex_unlock(&k->lock);
    return st;
}

static ko_status keep_works(ko_eye *eye, ko_error *err)
{
    return keep_up(eye, &eye->works, take_works, err);
}

static ko_status keep_photos(ko_eye *eye, ko_error *err)
{
    return keep_up(eye, &eye->photos, take_photos, err);
}

/* Loads ahead of time. What goes wrong, whoever looks next is told. */
static void *follow(void *context)
{
    ko_eye *eye = context;
    ko_live_counts counts = {0};
    do {
        (void)keep_photos(eye, NULL);
        (void)keep_works(eye, NULL);
    } while (ko_live_wait(eye->live, FOLLOW_MS, &counts) && !atomic_load(&eye->stop));
    return NULL;
}

/* --- opening --- */

static ko_status start(ko_eye *eye, ko_error *err)
{
    eye->joinable = pthread_create(&eye->thread, NULL, follow, eye) == 0;
    return eye->joinable ? KO_OK : ko_fail(err, KO_E_NOMEM, "looking: no thread");
}

ko_status ko_eye_open(const char *path, ko_live *live, ko_eye **out_eye, ko_error *err)
{
    ko_eye *eye = ko_alloc_zero(1, sizeof *eye);
    if (!eye)
        return ko_fail(err, KO_E_NOMEM, "looking");
    eye->live = live;
    atomic_init(&eye->stop, false);
    (void)pthread_mutex_init(&eye->works.lock, NULL);
    (void)pthread_mutex_init(&eye->photos.lock, NULL);
    (void)pthread_mutex_init(&eye->lock, NULL);
    (void)pthread_cond_init(&eye->looked, NULL);
    ko_status st = ko_store_open(path, KO_STORE_OPEN, &eye->works.store, err);
    if (st == KO_OK)
        st = ko_store_open(path, KO_STORE_OPEN, &eye->photos.store, err);
    if (st == KO_OK)
        st = ko_album_make(&eye->album, err);
    if (st == KO_OK)
        st = start(eye, err);
    if (st == KO_OK)
        *out_eye = eye;
    else
        ko_eye_close(eye);
    return st;
}

void ko_eye_close(ko_eye *eye)
{
    if (!eye)
        return;
    atomic_store(&eye->stop, true);
    if (eye->joinable) {
        ko_live_touch(eye->live); /* wakes it */
        (void)pthread_join(eye->thread, NULL);
    }
    assert(eye->n_looking == 0);
    drop(eye->now);
    ko_album_free(eye->album);
    ko_store_close(eye->photos.store);
    ko_store_close(eye->works.store);
    (void)pthread_cond_destroy(&eye->looked);
    (void)pthread_mutex_destroy(&eye->lock);
    (void)pthread_mutex_destroy(&eye->photos.lock);
    (void)pthread_mutex_destroy(&eye->works.lock);
    ko_free(eye);
}

/* --- looking --- */

static void begin_looking(ko_eye *eye)
{
    (void)pthread_mutex_lock(&eye->lock);
    while (eye->n_looking == KO_MAX_SERVE_PICTURES)
        (void)pthread_cond_wait(&eye->looked, &eye->lock);
    eye->n_looking++;
    (void)pthread_mutex_unlock(&eye->lock);
}

static void end_looking(ko_eye *eye)
{
    (void)pthread_mutex_lock(&eye->lock);
    eye->n_looking--;
    (void)pthread_cond_signal(&eye->looked);
    (void)pthread_mutex_unlock(&eye->lock);
}

ko_status ko_eye_look(ko_eye *eye, const char *name, const void *bytes, size_t size,
                      ko_looked *out_looked, ko_error *err)
{
    ko_status st = keep_photos(eye, err);
    if (st == KO_OK)
        st = keep_works(eye, err);
    if (st != KO_OK)
        return st;
    begin_looking(eye);
    sight *s = current(eye);
    st = ko_lookup_ask(s->lookup, eye->album, name, bytes, size, out_looked, err);
    drop(s);
    end_looking(eye);
    return st;
}

ko_status ko_eye_photos(ko_eye *eye, const ko_fp fps[KO_ORIENT_COUNT], double threshold,
                        ko_album_found **out_found, size_t *out_n, ko_error *err)
{
    const ko_status st = keep_photos(eye, err);
    return st == KO_OK ? ko_album_ask(eye->album, fps, threshold, out_found, out_n, err) : st;
}
