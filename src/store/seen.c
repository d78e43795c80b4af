#include "store/seen.h"

#include "base/clock.h"
#include "base/file.h"
#include "store/rows.h"

#include <assert.h>

/* --- writing --- */

static void bind_texts(ko_query *q, const ko_listing *record, const char *source)
{
    ko_query_bind_text(q, record->title);
    ko_query_bind_text(q, record->seller);
    ko_query_bind_text(q, record->price);
    ko_query_bind_text(q, record->currency);
    ko_query_bind_text(q, source);
}

static ko_status insert_listing(ko_store *store, const char *key, const ko_listing *record,
                                const char *source, int64_t *out_id, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO listing (title, seller, price, currency, source, key, url,"
        " first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)";
    ko_query q = ko_query_start(store, sql);
    bind_texts(&q, record, source);
    ko_query_bind_text(&q, key);
    ko_query_bind_text(&q, record->url);
    ko_query_bind_int(&q, ko_clock_now());
    const ko_status st = ko_query_run(&q, err);
    *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

/* A text that is not stated any more stays as it was: sheets differ in what they carry. */
static ko_status renew_listing(ko_store *store, int64_t id, const ko_listing *record,
                               const char *source, ko_error *err)
{
    static const char sql[] =
        "UPDATE listing SET title = ifnull(nullif(?1, ''), title),"
        " seller = ifnull(nullif(?2, ''), seller), price = ifnull(nullif(?3, ''), price),"
        " currency = ifnull(nullif(?4, ''), currency), source = ifnull(nullif(?5, ''), source),"
        " last_seen = max(last_seen, ?6) WHERE id = ?7";
    ko_query q = ko_query_start(store, sql);
    bind_texts(&q, record, source);
    ko_query_bind_int(&q, ko_clock_now());
    ko_query_bind_int(&q, id);
    return ko_query_run(&q, err);
}

static ko_status put_listing(ko_store *store, const char *key, const ko_listing *record,
                             const char *source, int64_t *out_id, bool *out_new, ko_error *err)
{
    static const char sql[] = "SELECT id FROM listing WHERE key = ?";
    *out_id = 0;
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_text(&q, key);
    const ko_status st = ko_query_first(&q, out_id, err);
    if (st != KO_OK)
        return st;
    *out_new = *out_id == 0;
    return *out_new ? insert_listing(store, key, record, source, out_id, err)
                    : renew_listing(store, *out_id, record, source, err);
}

static void bind_file(ko_query *q, const ko_photo_file *file)
{
    ko_query_bind_text(q, file->path);
    ko_query_bind_int(q, file->bytes);
    ko_query_bind_int(q, file->modified_at);
}

static ko_status put_photo(ko_store *store, const ko_photo_file *file, int64_t *out_id,
                           bool *out_new, ko_error *err)
{
    static const char find[] =
        "SELECT id FROM photo WHERE path = ? AND bytes = ? AND modified_at = ?";
    static const char insert[] =
        "INSERT INTO photo (path, bytes, modified_at, seen_at) VALUES (?, ?, ?, ?)";
    *out_id = 0;
    ko_query q = ko_query_start(store, find);
    bind_file(&q, file);
    ko_status st = ko_query_first(&q, out_id, err);
    *out_new = *out_id == 0;
    if (st != KO_OK || !*out_new)
        return st;
    q = ko_query_start(store, insert);
    bind_file(&q, file);
    ko_query_bind_int(&q, ko_clock_now());
    st = ko_query_run(&q, err);
    *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

/* Shows the photo at the given position of the gallery unless the listing shows it
 * already; *position goes on when it was added. */
static ko_status link_photo(ko_store *store, int64_t listing_id, int64_t photo_id,
                            int64_t *position, ko_error *err)
{
    static const char sql[] = "INSERT INTO listing_photo (listing_id, photo_id, position)"
                              " VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    ko_query_bind_int(&q, photo_id);
    ko_query_bind_int(&q, *position);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK)
        *position += sqlite3_changes(store->db);
    return st;
}

/* Where the next photo of a listing goes. */
static ko_status gallery_end(ko_store *store, int64_t listing_id, int64_t *out_position,
                             ko_error *err)
{
    static const char sql[] = "SELECT max(position) + 1 FROM listing_photo WHERE listing_id = ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    return ko_query_first(&q, out_position, err);
}

static ko_status put_photos(ko_store *store, int64_t listing_id, const ko_photo_file *photos,
                            size_t n_photos, ko_ingested *what, ko_error *err)
{
    int64_t position = 0;
    ko_status st = KO_OK;
    if (!what->new_listing)
        st = gallery_end(store, listing_id, &position, err);
    for (size_t i = 0; st == KO_OK && i < n_photos; i++) {
        int64_t photo_id;
        bool fresh;
        st = put_photo(store, &photos[i], &photo_id, &fresh, err);
        if (st == KO_OK)
            st = link_photo(store, listing_id, photo_id, &position, err);
        what->new_photos += fresh;
    }
    return st;
}

ko_status ko_seen_add(ko_store *store, const ko_listing *record, const char *source,
                      const ko_photo_file *photos, size_t n_photos, ko_ingested *out_what,
                      ko_error *err)
{
    assert(record && record->url && source && (photos || n_photos == 0) && out_what);
    if (!record->url[0] && n_photos == 0)
        return ko_fail(err, KO_E_USAGE, "a listing with neither an URL nor a photo");
    const char *key = record->url[0] ? record->url : photos[0].path;
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    ko_ingested what = {0};
    int64_t listing_id;
    st = put_listing(store, key, record, source, &listing_id, &what.new_listing, err);
    if (st == KO_OK)
        st = put_photos(store, listing_id, photos, n_photos, &what, err);
    st = ko_store_leave(store, own, st, err);
    if (st == KO_OK)
        *out_what = what;
    return st;
}

ko_status ko_photo_update(ko_store *store, const ko_photo *photo, ko_error *err)
{
    static const char sql[] = "UPDATE photo SET state = ?, reason = ?, sha256 = ?, width = ?,"
                              " height = ?, quality = ?, fp = ? WHERE id = ?";
    const bool read = photo->state == KO_PHOTO_READ;
    uint8_t fp[KO_FP_BYTES];
    ko_store_pack_fp(&photo->fp, fp);
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, photo->state);
    ko_query_bind_text(&q, photo->reason);
    ko_query_bind_blob(&q, read ? photo->sha256 : NULL, KO_SHA256_SIZE);
    ko_query_bind_int(&q, photo->width);
    ko_query_bind_int(&q, photo->height);
    ko_query_bind_int(&q, photo->quality);
    ko_query_bind_blob(&q, read ? fp : NULL, KO_FP_BYTES);
    ko_query_bind_int(&q, photo->id);
    const ko_status st = ko_query_run(&q, err);
    if (st == KO_OK && sqlite3_changes(store->db) == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no photo %lld", (long long)photo->id);
    return st;
}

/* --- reading --- */

void ko_photo_read(ko_query *q, ko_photo *out_photo)
{
    uint8_t fp[KO_FP_BYTES];
    out_photo->id = ko_query_int(q);
    out_photo->path = ko_query_text(q);
    out_photo->bytes = ko_query_int(q);
    out_photo->modified_at = ko_query_int(q);
    out_photo->state = (ko_photo_state)ko_query_int_within(q, KO_PHOTO_NEW, KO_PHOTO_REFUSED);
    out_photo->reason = ko_query_text(q);
    ko_query_bytes(q, out_photo->sha256, KO_SHA256_SIZE);
    out_photo->width = (uint32_t)ko_query_int_within(q, 0, UINT32_MAX);
    out_photo->height = (uint32_t)ko_query_int_within(q, 0, UINT32_MAX);
    out_photo->quality = (int)ko_query_int_within(q, 0, 100);
    ko_query_bytes(q, fp, KO_FP_BYTES);
    out_photo->fp = ko_store_unpack_fp(fp);
    out_photo->seen_at = ko_query_int(q);
}

ko_status ko_photo_each(ko_store *store, int64_t after, int64_t up_to, size_t limit,
                        ko_photo_fn *fn, void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT " KO_PHOTO_COLUMNS " FROM photo WHERE id > ? AND id <= ? ORDER BY id LIMIT ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, after);
    ko_query_bind_int(&q, up_to);
    ko_query_bind_int(&q, limit < INT64_MAX ? (int64_t)limit : INT64_MAX);
    while (ko_query_row(&q)) {
        ko_photo photo;
        ko_photo_read(&q, &photo);
        if (ko_query_intact(&q))
            q.handed = fn(context, &photo);
    }
    return ko_query_end(&q, err);
}

ko_status ko_photo_count(ko_store *store, ko_photo_counts *out_counts, ko_error *err)
{
    static const char sql[] = "SELECT (SELECT count(*) FROM photo),"
                              " (SELECT count(*) FROM photo WHERE state = 0),"
                              " (SELECT count(*) FROM photo WHERE state = 2),"
                              " (SELECT ifnull(max(id), 0) FROM photo),"
                              " (SELECT ifnull(min(id), 0) FROM photo WHERE state = 0),"
                              " (SELECT count(*) FROM listing)";
    ko_photo_counts counts = {0};
    ko_query q = ko_query_start(store, sql);
    if (ko_query_row(&q)) {
        counts.photos = ko_query_int(&q);
        counts.fresh = ko_query_int(&q);
        counts.refused = ko_query_int(&q);
        counts.last_id = ko_query_int(&q);
        counts.first_new_id = ko_query_int(&q);
        counts.listings = ko_query_int(&q);
    }
    const ko_status st = ko_query_end(&q, err);
    if (st == KO_OK)
        *out_counts = counts;
    return st;
}

void ko_seen_read(ko_query *q, ko_seen *out_seen)
{
    *out_seen = (ko_seen){.id = ko_query_int(q)};
    /* A record may own its texts, so they are not const; these are SQLite's. */
    out_seen->record.url = (char *)ko_query_text(q);
    out_seen->record.title = (char *)ko_query_text(q);
    out_seen->record.seller = (char *)ko_query_text(q);
    out_seen->record.price = (char *)ko_query_text(q);
    out_seen->record.currency = (char *)ko_query_text(q);
    out_seen->source = ko_query_text(q);
    out_seen->first_seen = ko_query_int(q);
    out_seen->last_seen = ko_query_int(q);
}

static ko_status read_gallery(ko_store *store, int64_t listing_id, ko_paths *out_paths,
                              ko_error *err)
{
    static const char sql[] = "SELECT photo.path FROM listing_photo CROSS JOIN photo"
                              " ON photo.id = listing_photo.photo_id"
                              " WHERE listing_photo.listing_id = ? ORDER BY position";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    while (ko_query_row(&q)) {
        const char *path = ko_query_text(&q);
        if (ko_query_intact(&q))
            q.handed = ko_paths_add(out_paths, path, err);
    }
    return ko_query_end(&q, err);
}

static ko_status hand_seen(ko_store *store, ko_seen *seen, ko_seen_fn *fn, void *context,
                           ko_error *err)
{
    ko_paths gallery = {0};
    ko_status st = read_gallery(store, seen->id, &gallery, err);
    if (st == KO_OK) {
        seen->record.images = gallery.path;
        seen->record.n_images = gallery.count;
        st = fn(context, seen);
    }
    ko_paths_free(&gallery);
    return st;
}

ko_status ko_seen_each(ko_store *store, int64_t photo_id, ko_seen_fn *fn, void *context,
                       ko_error *err)
{
    static const char of_all[] = "SELECT " KO_SEEN_COLUMNS " FROM listing ORDER BY id";
    static const char of_one[] =
        "SELECT " KO_SEEN_COLUMNS " FROM listing_photo CROSS JOIN listing"
        " ON listing.id = listing_photo.listing_id"
        " WHERE listing_photo.photo_id = ? ORDER BY listing_photo.listing_id";
    ko_query q = ko_query_start(store, photo_id ? of_one : of_all);
    if (photo_id)
        ko_query_bind_int(&q, photo_id);
    while (ko_query_row(&q)) {
        ko_seen seen;
        ko_seen_read(&q, &seen);
        if (ko_query_intact(&q))
            q.handed = hand_seen(store, &seen, fn, context, err);
    }
    return ko_query_end(&q, err);
}
