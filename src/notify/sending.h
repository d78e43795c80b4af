/* notify/sending.h - one try to deliver a digest, and what became of it; what all ways to send
 * share. */
#ifndef KO_NOTIFY_SENDING_H
#define KO_NOTIFY_SENDING_H

#include "notify/notify.h"
#include "notify/setup.h"
#include "store/outbox.h"

#include <curl/curl.h>

typedef enum ko_sent_how {
    KO_SENT = 0,   /* taken by the other side */
    KO_SENT_LATER, /* not now: to be tried again */
    KO_SENT_NEVER  /* refused for good */
} ko_sent_how;

typedef struct ko_sent {
    ko_sent_how how;
    int64_t not_before; /* that the other side asks for, seconds since 1970; 0: it does not */
    char reason[200];   /* one clean line; when sent, what the other side said, if anything */
} ko_sent;

/* All that a way to send may need. */
typedef struct ko_sending {
    ko_store *store;
    const ko_notify_setup *setup;
    const ko_notify_options *options;
    int64_t now;
} ko_sending;

/* Tries once. KO_OK with what became of it; KO_E_STOPPED, KO_E_NOMEM and errors of the database
 * otherwise, and then it was no try. */
typedef ko_status ko_send_fn(const ko_sending *sending, const ko_digest *digest, ko_sent *out_sent,
                             ko_error *err);

/* Writes what became of it; how is returned in *out_sent, the text is cut. */
void ko_sent_say(ko_sent *out_sent, ko_sent_how how, const char *fmt, ...) KO_PRINTF(3, 4);

/* A handle with what every transfer wants: one scheme alone, deadlines, no proxy of the
 * environment, certificates checked, an end when the user asks to stop. NULL when there is no
 * memory. */
CURL *ko_sending_open(const char *scheme, const char *ca_file);

/* Adds a text to a list of libcurl's; false when there is no memory, and the list is as it was. */
bool ko_sending_append(struct curl_slist **list, const char *text);

/* Performs it. KO_E_STOPPED. *out_code is what libcurl says, and out_why, of
 * CURL_ERROR_SIZE bytes, in words; "" when all went well. */
KO_NODISCARD ko_status ko_sending_perform(CURL *easy, CURLcode *out_code, char *out_why,
                                          ko_error *err);

#endif
