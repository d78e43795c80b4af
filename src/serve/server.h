/* serve/server.h - the local page's web server, on 127.0.0.1 alone.
 *
 * A thread a connection (libmicrohttpd); what a request may do is decided in serve/gate.h, what it
 * gets in serve/route.h. */
#ifndef KO_SERVE_SERVER_H
#define KO_SERVE_SERVER_H

#include "net/net.h"
#include "notify/notify.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ko_server ko_server;

typedef struct ko_server_options {
    const char *database; /* path; lives as long as the server */
    uint16_t port;        /* 0: any that is free */
    const char *version;  /* of the program; lives as long as the server */
    /* What addresses are asked with that the user wants to look at; lives as long as the server.
     * NULL: none is asked. */
    const ko_net_options *net;
    /* What news are sent with, to try it; lives as long as the server. NULL: none are sent. */
    const ko_notify_options *notify;
} ko_server_options;

/* Opens the database, and answers from now on. Close with ko_server_close. KO_E_EXISTS: the port
 * is taken. KO_E_IO, KO_E_NOMEM, and what ko_store_open says. */
KO_NODISCARD ko_status ko_server_open(const ko_server_options *options, ko_server **out_server,
                                      ko_error *err);
/* Waits until all that is being answered is. */
void ko_server_close(ko_server *server); /* NULL is fine */

/* Where the page is entered, with a token; once: that is good for one time. */
#define KO_SERVER_URL_SIZE 128
void ko_server_url(const ko_server *server, bool once, char out_url[KO_SERVER_URL_SIZE]);

/* Keeps it going until the user asks to stop (base/stop.h). */
KO_NODISCARD ko_status ko_server_run(ko_server *server, ko_error *err);

#endif
