/* notify/atom.h - the last digests as a feed (RFC 4287), in a file that feed readers fetch. */
#ifndef KO_NOTIFY_ATOM_H
#define KO_NOTIFY_ATOM_H

#include "base/buf.h"
#include "notify/sending.h"

/* Writes the last KO_MAX_ATOM_DIGESTS digests, this one among them, in place of the file: never
 * half, and with the mode that it had, else readable by the user alone. A disk that refuses means
 * later. */
ko_send_fn ko_atom_send;

/* Appends the feed of the store's digests to an empty out. The feed and its entries have ids that
 * stay (RFC 4287 section 4.2.6). KO_E_NOMEM, errors of the database. */
KO_NODISCARD ko_status ko_atom_write(ko_store *store, ko_buf *out, ko_error *err);

#endif
