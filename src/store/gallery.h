/* store/gallery.h - which pictures a listing shows, and in which order; for this folder alone.
 *
 * A place in a gallery is held by a photo (listing_photo), by a picture of the web
 * (listing_picture), or by both once that picture is here. Both count positions alike, so that
 * pictures take their places in whatever order they come. */
#ifndef KO_STORE_GALLERY_H
#define KO_STORE_GALLERY_H

#include "store/query.h"
#include "store/seen.h"

/* The photo of a file: one that is known by its place and time, or for archived ones by the
 * same bytes; else a new one. */
KO_NODISCARD ko_status ko_photo_put(ko_store *store, const ko_photo_file *file, int64_t *out_id,
                                    bool *out_new, ko_error *err);

/* Shows photos in a listing, behind those that it shows already. Adds to what->new_photos and
 * what->to_fetch. */
KO_NODISCARD ko_status ko_seen_add_pictures(ko_store *store, int64_t listing_id,
                                            const ko_photo_file *photos, size_t n_photos,
                                            ko_ingested *what, ko_error *err);

/* The picture is the photo from now on, in every listing that shows the picture. */
KO_NODISCARD ko_status ko_seen_picture_arrived(ko_store *store, int64_t picture_id,
                                               int64_t photo_id, ko_error *err);

/* Appends the listing's pictures to the record, in their order. */
KO_NODISCARD ko_status ko_seen_read_pictures(ko_store *store, int64_t listing_id,
                                             ko_listing *record, ko_error *err);

#endif
