/* notify/delivery.h - digests that wait, brought to where they are to go. */
#ifndef KO_NOTIFY_DELIVERY_H
#define KO_NOTIFY_DELIVERY_H

#include "notify/notify.h"
#include "notify/setup.h"
#include "store/outbox.h"

/* Tries all that waits and whose time has come, and notes what became of each: sent, to be tried
 * again, or given up. Nothing of the database is held while a server is waited for. Adds to
 * *counts. KO_E_STOPPED: what was not tried waits. */
KO_NODISCARD ko_status ko_deliver(ko_store *store, const ko_notify_setup *setup,
                                  const ko_notify_options *options, ko_problems *problems,
                                  ko_notify_counts *counts, ko_error *err);

/* Sends a digest that is not kept by one channel. *out_sent is what became of it, *out_reason, of
 * 200 bytes, what was said. */
KO_NODISCARD ko_status ko_deliver_sample(ko_store *store, const ko_notify_setup *setup,
                                         const ko_notify_options *options,
                                         ko_notify_channel channel, bool *out_sent,
                                         char out_reason[200], ko_error *err);

#endif
