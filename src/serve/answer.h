/* serve/answer.h - what a request is answered with, before it becomes HTTP. */
#ifndef KO_SERVE_ANSWER_H
#define KO_SERVE_ANSWER_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>

/* A body that goes on. read waits until there is something to write to out, and returns how much
 * that was; 0 ends it. close is called once, whether or not read ever was. Both run on a thread of
 * the connection. */
typedef struct ko_serve_stream {
    size_t (*read)(void *context, char *out, size_t room);
    void (*close)(void *context);
    void *context;
} ko_serve_stream;

#define KO_ETAG_SIZE 72 /* quoted */
#define KO_ANSWER_COOKIE_SIZE 192
#define KO_ANSWER_PLACE_SIZE 96
#define KO_ANSWER_SAVE_AS_SIZE 64

typedef struct ko_serve_answer {
    unsigned status;  /* of HTTP */
    const char *type; /* static */
    ko_buf body;      /* owned */
    const void
        *constant; /* instead of body, of constant_size bytes; lives as long as the program */
    size_t constant_size;
    ko_serve_stream stream;             /* instead of both, when it has a read */
    char etag[KO_ETAG_SIZE];            /* "": never the same again, and not to be kept */
    char cookie[KO_ANSWER_COOKIE_SIZE]; /* to set; "" */
    /* The name that a browser is to keep it under instead of showing it: letters, digits, "-", "_"
     * and "." only; "": it is shown. */
    char save_as[KO_ANSWER_SAVE_AS_SIZE];
    char location[KO_ANSWER_PLACE_SIZE]; /* "" */
    const char *allow;                   /* static: methods, with 405; NULL */
} ko_serve_answer;

#define KO_SERVE_ANSWER ((ko_serve_answer){.status = 200, .body = KO_BUF(KO_MAX_SERVE_ANSWER)})

void ko_serve_answer_free(ko_serve_answer *answer); /* closes the stream, too */

/* Makes object the body and drops the caller's reference. KO_E_NOMEM, also when it is NULL. */
KO_NODISCARD ko_status ko_serve_answer_json(ko_serve_answer *answer, json_t *object, ko_error *err);

/* Makes the answer, whatever it was, {"error": text} with that status. */
void ko_serve_answer_refuse(ko_serve_answer *answer, unsigned status, const char *text);
/* The same of a failure, with the status of HTTP for its kind. */
void ko_serve_answer_fail(ko_serve_answer *answer, const ko_error *err);

/* True when the client has what etag names (RFC 9110 section 13.1.2); then the answer is 304. */
bool ko_serve_answer_is_known(ko_serve_answer *answer, const char *etag, const char *if_none_match);

#endif
