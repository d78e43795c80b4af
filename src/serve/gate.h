/* serve/gate.h - who may ask the local page for something: nobody but its user's own browser.
 *
 * Any web site can have the user's browser send requests to 127.0.0.1, and with a name of its own
 * that it lets point there it can even read the answers (DNS rebinding). So a request is believed
 * nothing: its Host must be ours, whatever else it says; it must come from our own pages
 * (Sec-Fetch-Site, Origin); and it must bring the cookie that the start token was exchanged for.
 *
 * Cookies know no ports: another server of this machine that the user visits is sent ours, and may
 * bring it back with any headers it likes. So what is read and changed also asks for a second
 * secret, which the browser is led to with the cookie and which the page keeps in a place that is
 * of this port alone. Only pictures and news go without, as no page can send headers for them.
 * All secrets are random and of this run only.
 *
 * The clipping helper is an extension of the browser, and no page of ours: it shows the token of
 * its pairing (serve/pairing.h) instead of all that, and never an Origin of the web. What is for it
 * is for it alone, and it gets at nothing else. Nothing here allocates; any thread may call. */
#ifndef KO_SERVE_GATE_H
#define KO_SERVE_GATE_H

#include "base/status.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KO_SECRET_SIZE 65 /* 256 bits as hexadecimal digits, and a zero */
#define KO_GATE_NAME_SIZE 40

struct ko_pairings; /* serve/pairing.h */

typedef struct ko_gate {
    char hosts[2][KO_GATE_NAME_SIZE];   /* "127.0.0.1:7447", "localhost:7447" */
    char origins[2][KO_GATE_NAME_SIZE]; /* "http://" and these */
    char cookie_name[KO_GATE_NAME_SIZE];
    /* The page is entered by /start?token=; once is good for one time, as whoever looks at the
     * list of processes sees what a browser is started with. */
    char start[KO_SECRET_SIZE], once[KO_SECRET_SIZE];
    char session[KO_SECRET_SIZE], page[KO_SECRET_SIZE];
    atomic_bool once_used;
    uint16_t port;
    struct ko_pairings *pairings; /* borrowed; NULL: no helper is let in */
} ko_gate;

/* Makes new secrets for the server on this port. KO_E_IO: there is no randomness. */
KO_NODISCARD ko_status ko_gate_init(ko_gate *gate, uint16_t port, ko_error *err);

/* Writes 256 random bits. False: there is no randomness. */
KO_NODISCARD bool ko_gate_make_secret(char out_secret[KO_SECRET_SIZE]);

/* Who is asking; also as bits, of those who may. */
typedef enum ko_asker {
    KO_ASKER_STRANGER = 1, /* shows no cookie of ours */
    KO_ASKER_SESSION = 2,  /* the user's browser, by the cookie */
    KO_ASKER_PAGE = 4,     /* our page in it, by the second secret */
    KO_ASKER_HELPER = 8    /* the clipping helper in it; in no route together with others */
} ko_asker;

typedef enum ko_http_method { KO_HTTP_GET, KO_HTTP_HEAD, KO_HTTP_POST } ko_http_method;

/* What a request says in its head; borrowed, NULL where it says nothing. */
typedef struct ko_gate_claim {
    const char *method, *host, *origin, *fetch_site, *cookie, *token, *authorization;
    const char *content_type, *content_length, *transfer_encoding;
    const char *doubled; /* name of one of these headers that comes more than once */
    size_t head_bytes;
} ko_gate_claim;

typedef struct ko_gate_verdict {
    unsigned refused; /* status of HTTP to answer with; 0: let in */
    const char *why;  /* one line; "" when let in */
    ko_asker asker;
    int64_t pairing; /* of a helper; else 0 */
    ko_http_method method;
    uint64_t body_bytes; /* that are to come */
} ko_gate_verdict;

/* The header that brings the second secret. */
#define KO_GATE_TOKEN_HEADER "X-Knockoff-Token"

/* What a change is made with. No form of another site can send either without being asked back
 * (Fetch, section 2.2.2: CORS-safelisted request-header). */
typedef enum ko_sent {
    KO_SENT_JSON, /* application/json */
    KO_SENT_BYTES /* application/octet-stream: a file, whatever it is */
} ko_sent;

/* Judges a request for something that those in may (bits of ko_asker) may ask for. */
ko_gate_verdict ko_gate_judge(const ko_gate *gate, const ko_gate_claim *claim, unsigned may,
                              ko_sent sent);

/* Exchanges a token that the page is entered by: true when it is one, and then out_cookie is what
 * to set (a whole Set-Cookie), and out_place where to go, which tells the page the second secret.
 */
#define KO_GATE_COOKIE_SIZE 192
#define KO_GATE_PLACE_SIZE 96
bool ko_gate_enter(ko_gate *gate, const char *token, char out_cookie[KO_GATE_COOKIE_SIZE],
                   char out_place[KO_GATE_PLACE_SIZE]);

#endif
