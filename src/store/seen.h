/* store/seen.h - listings seen, and the photos they show.
 *
 * A listing is one offer: an URL, or a bare picture file where there is none. A photo is
 * one picture in one state: a file, or a range of bytes of one (path, offset, size, time of
 * change); its fingerprint is computed once, in a scan. A listing shows photos in gallery
 * order, and a photo may be shown by many listings. Photos are numbered as they come, and a
 * scan works through the numbers. */
#ifndef KO_STORE_SEEN_H
#define KO_STORE_SEEN_H

#include "base/file.h"
#include "listing/listing.h"
#include "store/store.h"

#include <knockoff/fingerprint.h>

typedef enum ko_photo_state {
    KO_PHOTO_NEW = 0, /* not looked at yet */
    KO_PHOTO_READ,    /* fingerprinted */
    KO_PHOTO_REFUSED  /* could not be read; reason says why */
} ko_photo_state;

typedef struct ko_photo {
    int64_t id;
    const char *path; /* absolute; "" when its bytes were let go (store/retention.h) */
    int64_t offset;   /* in an archive (capture/archive.h); 0 of a file that is the picture */
    int64_t bytes, modified_at;
    bool archived; /* bytes from offset on are the picture, not the whole file */
    ko_photo_state state;
    const char *reason;             /* one line; "" unless refused */
    uint8_t sha256[KO_SHA256_SIZE]; /* zero unless read or archived */
    uint32_t width, height;         /* as displayed; 0 unless read */
    int quality;
    ko_fp fp;
    int64_t seen_at; /* first ingested */
} ko_photo;

/* Where its bytes lie; borrowed from photo. */
static inline ko_file_part ko_photo_file_part(const ko_photo *photo)
{
    return (ko_file_part){photo->path, photo->offset, photo->archived ? photo->bytes : 0};
}

/* What to call it: its path, and of the many in one archive where it begins. Free with ko_free;
 * NULL when there is no memory. */
char *ko_photo_name(const ko_photo *photo);

/* A listing as kept. record.pictures is its whole gallery in order, those still to be fetched
 * without path. */
typedef struct ko_seen {
    int64_t id;
    ko_listing record;
    const char *source; /* the sheet or folder it came from */
    int64_t first_seen, last_seen;
} ko_seen;

/* A photo as found by whoever ingests: its file, its URL, or both. */
typedef struct ko_photo_file {
    const char *path; /* absolute; "" when it is still to be fetched */
    int64_t offset;
    int64_t bytes, modified_at;
    bool archived;                  /* a range of the file */
    uint8_t sha256[KO_SHA256_SIZE]; /* of archived ones: the same bytes are one photo */
    const char *url;                /* canonical; "" when not known */
} ko_photo_file;

typedef struct ko_ingested {
    int64_t listing_id;
    bool new_listing;  /* else one that was known: its texts and last_seen are renewed */
    size_t new_photos; /* files not seen before in this state */
    size_t to_fetch;   /* pictures of this record that are not here */
} ko_ingested;

/* Keeps one settled listing and its photos. It is known by the record's key, or the path of
 * its first photo when it has none; with neither it is KO_E_USAGE. A known listing takes on
 * the texts that are not empty, and new photos follow those it has: none is ever lost. Photos
 * without file are to be fetched (store/web.h), unless their URL is here already. answer_id is
 * the archived answer that it was seen in (store/web.h), or 0. */
KO_NODISCARD ko_status ko_seen_add(ko_store *store, const ko_listing *record, const char *source,
                                   const ko_photo_file *photos, size_t n_photos, int64_t answer_id,
                                   ko_ingested *out_what, ko_error *err);

typedef ko_status ko_photo_fn(void *context, const ko_photo *photo);
/* url: where a listing shows the photo on the web; "" when that is not known. */
typedef ko_status ko_shown_fn(void *context, const ko_photo *photo, const char *url);
typedef ko_status ko_seen_fn(void *context, const ko_seen *seen);

/* Photos with after < id <= up_to, in order of id, at most limit of them. */
KO_NODISCARD ko_status ko_photo_each(ko_store *store, int64_t after, int64_t up_to, size_t limit,
                                     ko_photo_fn *fn, void *context, ko_error *err);
/* Hands out the archived photo of these bytes, if there is one. */
KO_NODISCARD ko_status ko_photo_archived(ko_store *store, const uint8_t sha256[KO_SHA256_SIZE],
                                         ko_photo_fn *fn, void *context, ko_error *err);
/* Photos of these bytes, wherever they lie, in order of id. */
KO_NODISCARD ko_status ko_photo_each_same(ko_store *store, const uint8_t sha256[KO_SHA256_SIZE],
                                          ko_photo_fn *fn, void *context, ko_error *err);
/* The photos that a listing shows, in the order of its gallery. */
KO_NODISCARD ko_status ko_shown_each(ko_store *store, int64_t listing_id, ko_shown_fn *fn,
                                     void *context, ko_error *err);
/* Writes state, reason, sha256, width, height, quality and fp of photo->id; sha256 and fp
 * only of a photo that was read. KO_E_NOT_FOUND when there is no such photo. */
KO_NODISCARD ko_status ko_photo_update(ko_store *store, const ko_photo *photo, ko_error *err);
typedef struct ko_photo_counts {
    int64_t photos;       /* all of them */
    int64_t fresh;        /* in state NEW */
    int64_t refused;      /* in state REFUSED */
    int64_t last_id;      /* highest number; 0: no photos */
    int64_t first_new_id; /* lowest number in state NEW; 0: none */
    int64_t listings;
} ko_photo_counts;

/* Cheap: all is counted in indexes. */
KO_NODISCARD ko_status ko_photo_count(ko_store *store, ko_photo_counts *out_counts, ko_error *err);

/* The number of the listing that a settled record with this key is. KO_E_NOT_FOUND. */
KO_NODISCARD ko_status ko_seen_find(ko_store *store, const char *key, int64_t *out_id,
                                    ko_error *err);
/* Hands out the listing with this id; no call when there is none. */
KO_NODISCARD ko_status ko_seen_one(ko_store *store, int64_t id, ko_seen_fn *fn, void *context,
                                   ko_error *err);
/* Listings in order of id; photo_id other than 0: only those that show it. */
KO_NODISCARD ko_status ko_seen_each(ko_store *store, int64_t photo_id, ko_seen_fn *fn,
                                    void *context, ko_error *err);

#endif
