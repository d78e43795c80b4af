#include "store/seen.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "store/gallery.h"
#include "store/negative.h"
#include "store/rows.h"

#include <assert.h>
#include <string.h>

/* --- writing --- */

/* Parameters 1 to 15 of both statements that write a listing. */
static void bind_record(ko_query *q, const ko_listing *record, const char *source)
{
    const ko_price *amount = &record->amount;
    const bool known = record->has_price;
    ko_query_bind_text(q, record->platform);
    ko_query_bind_text(q, record->item_id);
    ko_query_bind_text(q, record->title);
    ko_query_bind_text(q, record->seller);
    ko_query_bind_text(q, record->seller_id);
    ko_query_bind_text(q, record->seller_url);
    ko_query_bind_text(q, record->currency);
    ko_query_bind_text(q, source);
    ko_query_bind_int(q, ko_clock_now());
    ko_query_bind_text(q, record->price);
    ko_query_bind_text(q, record->price_max);
    ko_query_bind_int_if(q, known, amount->low_minor);
    ko_query_bind_int_if(q, known, amount->high_minor);
    ko_query_bind_int_if(q, known, amount->minor_digits);
    ko_query_bind_int_if(q, known, amount->ask);
}

static ko_status insert_listing(ko_store *store, const char *key, const ko_listing *record,
                                const char *source, int64_t *out_id, ko_error *err)
{
    static const char sql[] =
        "INSERT INTO listing (platform, item_id, title, seller, seller_id, seller_url, currency,"
        " source, first_seen, last_seen, price, price_max, price_minor, price_max_minor,"
        " minor_digits, ask, key, url)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
    ko_query q = ko_query_start(store, sql);
    bind_record(&q, record, source);
    ko_query_bind_text(&q, key);
    ko_query_bind_text(&q, record->url);
    const ko_status st = ko_query_run(&q, err);
    *out_id = sqlite3_last_insert_rowid(store->db);
    return st;
}

/* A text that is not stated any more stays as it was: sources differ in what they carry. The
 * price is one thing, whatever number of texts it is written in. */
static ko_status renew_listing(ko_store *store, int64_t id, const ko_listing *record,
                               const char *source, ko_error *err)
{
    static const char sql[] =
        "UPDATE listing SET platform = ifnull(nullif(?1, ''), platform),"
        " item_id = ifnull(nullif(?2, ''), item_id), title = ifnull(nullif(?3, ''), title),"
        " seller = ifnull(nullif(?4, ''), seller),"
        " seller_id = ifnull(nullif(?5, ''), seller_id),"
        " seller_url = ifnull(nullif(?6, ''), seller_url),"
        " currency = ifnull(nullif(?7, ''), currency), source = ifnull(nullif(?8, ''), source),"
        " last_seen = max(last_seen, ?9),"
        " price = iif(?16, ?10, price), price_max = iif(?16, ?11, price_max),"
        " price_minor = iif(?16, ?12, price_minor),"
        " price_max_minor = iif(?16, ?13, price_max_minor),"
        " minor_digits = iif(?16, ?14, minor_digits), ask = iif(?16, ?15, ask)"
        " WHERE id = ?17";
    ko_query q = ko_query_start(store, sql);
    bind_record(&q, record, source);
    ko_query_bind_int(&q, record->price[0] || record->price_max[0]);
    ko_query_bind_int(&q, id);
    return ko_query_run(&q, err);
}

/* *out_id is 0 when there is none. */
static ko_status find_listing(ko_store *store, const char *key, int64_t *out_id, ko_error *err)
{
    ko_query q = ko_query_start(store, "SELECT id FROM listing WHERE key = ?");
    *out_id = 0;
    ko_query_bind_text(&q, key);
    return ko_query_first(&q, out_id, err);
}

ko_status ko_seen_find(ko_store *store, const char *key, int64_t *out_id, ko_error *err)
{
    const ko_status st = find_listing(store, key, out_id, err);
    if (st == KO_OK && !*out_id)
        return ko_fail(err, KO_E_NOT_FOUND, "no listing '%.200s'", key);
    return st;
}

static ko_status put_listing(ko_store *store, const char *key, const ko_listing *record,
                             const char *source, int64_t *out_id, bool *out_new, ko_error *err)
{
    const ko_status st = find_listing(store, key, out_id, err);
    if (st != KO_OK)
        return st;
    *out_new = *out_id == 0;
    return *out_new ? insert_listing(store, key, record, source, out_id, err)
                    : renew_listing(store, *out_id, record, source, err);
}

static ko_status put_answer(ko_store *store, int64_t listing_id, int64_t answer_id, ko_error *err)
{
    static const char sql[] = "INSERT INTO listing_answer (listing_id, answer_id)"
                              " VALUES (?, ?) ON CONFLICT DO NOTHING";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, listing_id);
    ko_query_bind_int(&q, answer_id);
    return ko_query_run(&q, err);
}

/* The key of a listing without URL: its first photo's place. */
static const char *first_path(const ko_photo_file *photos, size_t n_photos)
{
    for (size_t i = 0; i < n_photos; i++)
        if (photos[i].path[0])
            return photos[i].path;
    return "";
}

ko_status ko_seen_add(ko_store *store, const ko_listing *record, const char *source,
                      const ko_photo_file *photos, size_t n_photos, int64_t answer_id,
                      ko_ingested *out_what, ko_error *err)
{
    assert(record && record->key && source && (photos || n_photos == 0) && out_what);
    const char *key = record->key[0] ? record->key : first_path(photos, n_photos);
    if (!key[0])
        return ko_fail(err, KO_E_USAGE, "a listing with neither an URL nor a photo");
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    ko_ingested what = {0};
    st = put_listing(store, key, record, source, &what.listing_id, &what.new_listing, err);
    if (st == KO_OK)
        st = ko_seen_add_pictures(store, what.listing_id, photos, n_photos, &what, err);
    if (st == KO_OK && answer_id)
        st = put_answer(store, what.listing_id, answer_id, err);
    st = ko_store_leave(store, own, st, err);
    if (st == KO_OK)
        *out_what = what;
    return st;
}

static ko_status write_photo(ko_store *store, const ko_photo *photo, ko_error *err)
{
    static const char sql[] = "UPDATE photo SET state = ?, reason = ?,"
                              " sha256 = ifnull(?, iif(archived, sha256, NULL)), width = ?,"
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

ko_status ko_photo_update(ko_store *store, const ko_photo *photo, ko_error *err)
{
    bool own;
    ko_status st = ko_store_enter(store, &own, err);
    if (st != KO_OK)
        return st;
    st = write_photo(store, photo, err);
    if (st == KO_OK && photo->state == KO_PHOTO_READ)
        st = ko_negative_look(store, photo, err);
    return ko_store_leave(store, own, st, err);
}

/* --- reading --- */

char *ko_photo_name(const ko_photo *photo)
{
    ko_buf name = KO_BUF(KO_MAX_PATH_BYTES + 64);
    if (photo->path[0] && !photo->archived)
        return ko_strdup(photo->path);
    const ko_status st =
        photo->path[0]
            ? ko_buf_printf(&name, "%s at byte %lld", photo->path, (long long)photo->offset)
            : ko_buf_printf(&name, "photo %lld, kept no longer", (long long)photo->id);
    return st == KO_OK ? name.data : NULL;
}

void ko_photo_read(ko_query *q, ko_photo *out_photo)
{
    uint8_t fp[KO_FP_BYTES];
    out_photo->id = ko_query_int(q);
    out_photo->path = ko_query_text(q);
    out_photo->offset = ko_query_int_within(q, 0, INT64_MAX / 2);
    out_photo->bytes = ko_query_int_within(q, 0, INT64_MAX / 2);
    out_photo->modified_at = ko_query_int(q);
    out_photo->archived = ko_query_int_within(q, 0, 1) == 1;
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

static void hand_photos(ko_query *q, ko_photo_fn *fn, void *context)
{
    while (ko_query_row(q)) {
        ko_photo photo;
        ko_photo_read(q, &photo);
        if (ko_query_intact(q))
            q->handed = fn(context, &photo);
    }
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
    hand_photos(&q, fn, context);
    return ko_query_end(&q, err);
}

ko_status ko_photo_archived(ko_store *store, const uint8_t sha256[KO_SHA256_SIZE], ko_photo_fn *fn,
                            void *context, ko_error *err)
{
    static const char sql[] =
        "SELECT " KO_PHOTO_COLUMNS " FROM photo WHERE sha256 = ? AND archived AND path <> ''"
        " ORDER BY id LIMIT 1";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_blob(&q, sha256, KO_SHA256_SIZE);
    hand_photos(&q, fn, context);
    return ko_query_end(&q, err);
}

ko_status ko_photo_each_same(ko_store *store, const uint8_t sha256[KO_SHA256_SIZE], ko_photo_fn *fn,
                             void *context, ko_error *err)
{
    static const char sql[] = "SELECT " KO_PHOTO_COLUMNS " FROM photo WHERE sha256 = ? ORDER BY id";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_blob(&q, sha256, KO_SHA256_SIZE);
    hand_photos(&q, fn, context);
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

/* A currency that was told is an ISO 4217 code; any other text is one that was not. */
static void read_price(ko_query *q, ko_listing *record)
{
    ko_price *amount = &record->amount;
    record->price = (char *)ko_query_text(q);
    record->price_max = (char *)ko_query_text(q);
    record->currency = (char *)ko_query_text(q);
    record->has_price = ko_query_int_if_any(q, &amount->low_minor);
    amount->high_minor = ko_query_int(q);
    amount->minor_digits = (unsigned)ko_query_int_within(q, 0, 9);
    amount->ask = ko_query_int_within(q, 0, 1) == 1;
    if (record->has_price && strlen(record->currency) < sizeof amount->currency)
        memcpy(amount->currency, record->currency, strlen(record->currency) + 1);
}

void ko_seen_read(ko_query *q, ko_seen *out_seen)
{
    *out_seen = (ko_seen){.id = ko_query_int(q)};
    /* A record may own its texts, so they are not const; these are SQLite's. */
    ko_listing *record = &out_seen->record;
    record->key = (char *)ko_query_text(q);
    record->url = (char *)ko_query_text(q);
    record->platform = (char *)ko_query_text(q);
    record->item_id = (char *)ko_query_text(q);
    record->title = (char *)ko_query_text(q);
    record->seller = (char *)ko_query_text(q);
    record->seller_id = (char *)ko_query_text(q);
    record->seller_url = (char *)ko_query_text(q);
    read_price(q, record);
    out_seen->source = ko_query_text(q);
    out_seen->first_seen = ko_query_int(q);
    out_seen->last_seen = ko_query_int(q);
}

static ko_status hand_seen(ko_store *store, ko_seen *seen, ko_seen_fn *fn, void *context,
                           ko_error *err)
{
    ko_listing gallery = {0};
    ko_status st = ko_seen_read_pictures(store, seen->id, &gallery, err);
    if (st == KO_OK) {
        seen->record.pictures = gallery.pictures;
        seen->record.n_pictures = gallery.n_pictures;
        st = fn(context, seen);
    }
    ko_listing_free(&gallery);
    return st;
}

static void hand_all_seen(ko_query *q, ko_seen_fn *fn, void *context, ko_error *err)
{
    while (ko_query_row(q)) {
        ko_seen seen;
        ko_seen_read(q, &seen);
        if (ko_query_intact(q))
            q->handed = hand_seen(q->store, &seen, fn, context, err);
    }
}

ko_status ko_seen_one(ko_store *store, int64_t id, ko_seen_fn *fn, void *context, ko_error *err)
{
    static const char sql[] = "SELECT " KO_SEEN_COLUMNS " FROM listing WHERE id = ?";
    ko_query q = ko_query_start(store, sql);
    ko_query_bind_int(&q, id);
    hand_all_seen(&q, fn, context, err);
    return ko_query_end(&q, err);
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
    hand_all_seen(&q, fn, context, err);
    return ko_query_end(&q, err);
}
