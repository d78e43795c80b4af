#include "store/gallery.h"

#include "base/clock.h"
#include "store/rows.h"

#include <assert.h>
#include <string.h>

/* --- photos --- */

static void bind_place(ko_query *q, const ko_photo_file *file)
{
    ko_query_bind_text(q, file->path);
    ko_query_bind_int(q, file->offset);
    ko_query_bind_int(q, file->bytes);
    ko_query_bind_int(q, file->modified_at);
}

static ko_status find_place(ko_store *store, const ko_photo_file *file, int64_t *out_id,
                            ko_error *err)
{
    static const char sql[] = "SELECT id FROM photo"
                              " WHERE path = ? AND offset = ? AND bytes = ? AND modified_at = ?";
    ko_query q = ko_query_start(store, sql);
    bind_place(&q, file);
    return ko_query_first(&q, out_id, err);
}

/* Archives do not change, so of two photos of the same bytes the archived one is the better. One of
 * which only the fingerprint is left lies nowhere. */
static ko_status find_bytes(ko_store *store, const ko_photo_file *file, int64_t *out_id,
                            ko_error *err)
{
    static const char sql[] = "SELECT id FROM photo WHERE sha256 = ? AND bytes = ? AND path <> ''"
                              " ORDER BY archived DESC, id LIMIT 1";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_blob(&q, file->sha256, KO_SHA256_SIZE);
    ko_query_bind_int(&q, file->bytes);
    return ko_query_first(&q, out_id, err);
}

ko_status ko_photo_put(ko_store *store, const ko_photo_file *file, int64_t *out_id, bool *out_new,
                       ko_error *err)
{
    static const char sql[] = "INSERT INTO photo (path, offset, bytes, modified_at, archived,"
                              " sha256, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)";
    assert(file->path[0]);
    *out_id = 0;
    ko_status st = file->archived ? find_bytes(store, file, out_id, err)
                                  : find_place(store, file, out_id, err);
    *out_new = *out_id == 0;
    if (st != KO_OK || !*out_new)
        return st;
    ko_query q = ko_query_start(store, sql);
    bind_place(&q, file);
    ko_query_bind_int(&q, file->archived);
    ko_query_bind_blob(&q, file->archived ? file->sha256 : NULL, KO_SHA256_SIZE);
    ko_query_bind_int(&q, ko_clock_now());
    st = ko_query_run(&q, err);
    *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

/* --- places --- */

/* A photo that the listing shows twice has the first of both places. */
static ko_status show_photo(ko_store *store, int64_t listing_id, int64_t photo_id, int64_t position,
                            ko_error *err)
{
    static const char sql[] = "INSERT INTO listing_photo (listing_id, photo_id, position)"
                              " VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
                              " SET position = min(position, excluded.position)";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    ko_query_bind_int(&q, photo_id);
    ko_query_bind_int(&q, position);
    return ko_query_run(&q, err);
}

ko_status ko_seen_picture_arrived(ko_store *store, int64_t picture_id, int64_t photo_id,
                                  ko_error *err)
{
    static const char mark[] = "UPDATE web_picture SET state = 1, reason = '', not_before = 0,"
                               " photo_id = ? WHERE id = ?";
    static const char show[] = "INSERT INTO listing_photo (listing_id, photo_id, position)"
                               " SELECT listing_id, ?, position FROM listing_picture"
                               " WHERE picture_id = ? ON CONFLICT DO UPDATE"
                               " SET position = min(position, excluded.position)";
    ko_query q = ko_query_start(store, mark);
    ko_query_bind_int(&q, photo_id);
    ko_query_bind_int(&q, picture_id);
    const ko_status st = ko_query_run(&q, err);
    if (st != KO_OK)
        return st;
    if (sqlite3_changes(store->db) == 0)
        return ko_fail(err, KO_E_NOT_FOUND, "no picture %lld", (long long)picture_id);
    q = ko_query_start(store, show);
    ko_query_bind_int(&q, photo_id);
    ko_query_bind_int(&q, picture_id);
    return ko_query_run(&q, err);
}

/* The picture of an URL, and its photo, 0 while it is not here. */
static ko_status put_picture(ko_store *store, const char *url, int64_t *out_id,
                             int64_t *out_photo_id, ko_error *err)
{
    static const char find[] = "SELECT id, photo_id FROM web_picture WHERE url = ?";
    static const char insert[] = "INSERT INTO web_picture (url) VALUES (?)";
    *out_id = *out_photo_id = 0;
    ko_query q = ko_query_start(store, find);
    ko_query_bind_text(&q, url);
    if (ko_query_row(&q)) {
        *out_id = ko_query_int(&q);
        *out_photo_id = ko_query_int(&q); /* 0 for NULL */
    }
    ko_status st = ko_query_end(&q, err);
    if (st != KO_OK || *out_id)
        return st;
    q = ko_query_start(store, insert);
    ko_query_bind_text(&q, url);
    st = ko_query_run(&q, err);
    *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

/* A picture that the listing shows already keeps its place. */
static ko_status show_picture(ko_store *store, int64_t listing_id, int64_t picture_id,
                              int64_t position, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO listing_picture (listing_id, picture_id, position, added_at)"
        " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    ko_query_bind_int(&q, picture_id);
    ko_query_bind_int(&q, position);
    ko_query_bind_int(&q, ko_clock_now());
    return ko_query_run(&q, err);
}

/* Where the next picture of a listing goes. */
static ko_status gallery_end(ko_store *store, int64_t listing_id, int64_t *out_position,
                             ko_error *err)
{
    static const char sql[] =
        "SELECT max((SELECT ifnull(max(position), -1) FROM listing_photo WHERE listing_id = ?1),"
        " (SELECT ifnull(max(position), -1) FROM listing_picture WHERE listing_id = ?1)) + 1";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    return ko_query_first(&q, out_position, err);
}

/* A picture of the web: the photo of its URL is shown, and the first file that is given for it
 * becomes that photo. Any other file of it is a photo of its own. */
static ko_status add_web(ko_store *store, int64_t listing_id, const ko_photo_file *photo,
                         int64_t position, int64_t file_id, ko_ingested *what, ko_error *err)
{
    int64_t picture_id, photo_id;
    ko_status st = put_picture(store, photo->url, &picture_id, &photo_id, err);
    if (st == KO_OK)
        st = show_picture(store, listing_id, picture_id, position, err);
    if (st != KO_OK)
        return st;
    if (photo_id)
        return show_photo(store, listing_id, photo_id, position, err);
    if (file_id)
        return ko_seen_picture_arrived(store, picture_id, file_id, err);
    what->to_fetch++;
    return KO_OK;
}

static ko_status add_one(ko_store *store, int64_t listing_id, const ko_photo_file *photo,
                         int64_t position, ko_ingested *what, ko_error *err)
{
    int64_t file_id = 0;
    bool fresh = false;
    ko_status st = KO_OK;
    if (photo->path[0])
        st = ko_photo_put(store, photo, &file_id, &fresh, err);
    what->new_photos += fresh;
    if (st == KO_OK && photo->url[0])
        st = add_web(store, listing_id, photo, position, file_id, what, err);
    if (st == KO_OK && file_id)
        st = show_photo(store, listing_id, file_id, position, err);
    return st;
}

ko_status ko_seen_add_pictures(ko_store *store, int64_t listing_id, const ko_photo_file *photos,
                               size_t n_photos, ko_ingested *what, ko_error *err)
{
    int64_t position = 0;
    ko_status st = KO_OK;
    if (!what->new_listing)
        st = gallery_end(store, listing_id, &position, err);
    for (size_t i = 0; st == KO_OK && i < n_photos; i++)
        st = add_one(store, listing_id, &photos[i], position++, what, err);
    return st;
}

/* --- reading --- */

/* Where listing ?1 shows a photo on the web. */
#define URL_OF_PHOTO                                                                               \
    "ifnull((SELECT web_picture.url FROM web_picture JOIN listing_picture"                         \
    "  ON listing_picture.picture_id = web_picture.id AND listing_picture.listing_id = ?1"         \
    "  WHERE web_picture.photo_id = photo.id ORDER BY listing_picture.position LIMIT 1), '')"

ko_status ko_shown_each(ko_store *store, int64_t listing_id, ko_shown_fn *fn, void *context,
                        ko_error *err)
{
    static const char sql[] =
        "SELECT " URL_OF_PHOTO ", " KO_PHOTO_COLUMNS
        " FROM listing_photo CROSS JOIN photo ON photo.id = listing_photo.photo_id"
        " WHERE listing_photo.listing_id = ?1 ORDER BY listing_photo.position";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    while (ko_query_row(&q)) {
        ko_photo photo;
        const char *url = ko_query_text(&q);
        ko_photo_read(&q, &photo);
        if (ko_query_intact(&q))
            q.handed = fn(context, &photo, url);
    }
    return ko_query_end(&q, err);
}

ko_status ko_seen_read_pictures(ko_store *store, int64_t listing_id, ko_listing *record,
                                ko_error *err)
{
    static const char sql[] =
        "SELECT " URL_OF_PHOTO ","
        "  photo.path, photo.offset, iif(photo.archived, photo.bytes, 0), photo.sha256,"
        "  listing_photo.position AS position"
        " FROM listing_photo CROSS JOIN photo ON photo.id = listing_photo.photo_id"
        " WHERE listing_photo.listing_id = ?1"
        " UNION ALL"
        " SELECT web_picture.url, '', 0, 0, NULL, listing_picture.position"
        " FROM listing_picture CROSS JOIN web_picture"
        "  ON web_picture.id = listing_picture.picture_id"
        " WHERE listing_picture.listing_id = ?1 AND web_picture.photo_id IS NULL"
        " ORDER BY position";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    while (ko_query_row(&q)) {
        const char *url = ko_query_text(&q), *path = ko_query_text(&q);
        const int64_t offset = ko_query_int(&q), bytes = ko_query_int(&q);
        uint8_t sha256[KO_SHA256_SIZE];
        ko_query_bytes(&q, sha256, sizeof sha256);
        if (!ko_query_intact(&q))
            break;
        q.handed = ko_listing_add_picture(record, url, path, err);
        if (q.handed != KO_OK)
            break;
        ko_gallery_picture *picture = &record->pictures[record->n_pictures - 1];
        picture->offset = offset;
        picture->bytes = bytes;
        if (bytes)
            memcpy(picture->sha256, sha256, sizeof sha256);
    }
    return ko_query_end(&q, err);
}
