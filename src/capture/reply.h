/* capture/reply.h - one answer of a server, as fetched or as a file of captures holds it. */
#ifndef KO_CAPTURE_REPLY_H
#define KO_CAPTURE_REPLY_H

#include <stddef.h>
#include <stdint.h>

/* All is borrowed. */
typedef struct ko_reply {
    const char *url;          /* that was asked for */
    const char *final_url;    /* that answered, after redirects; the same without any */
    int status;               /* of HTTP; 0 when it is not known */
    const char *content_type; /* as the header says; "" when none does */
    const char *headers;      /* status line and header lines, each ended by CR LF; "" unknown */
    const void *body;         /* with transfer and content codings undone */
    size_t size;
    int64_t at; /* when it came, seconds since 1970-01-01 UTC; 0 when not known */
} ko_reply;

#endif
