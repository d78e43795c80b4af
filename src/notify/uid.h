/* notify/uid.h - names that nothing else has. */
#ifndef KO_NOTIFY_UID_H
#define KO_NOTIFY_UID_H

#include "store/outbox.h"

/* A random UUID (RFC 9562, version 4). KO_E_IO: the system has no randomness. */
KO_NODISCARD ko_status ko_uid_make(char out_uid[KO_UID_SIZE], ko_error *err);

#endif
