#include "serve/gate.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "serve/pairing.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

/* --- secrets --- */

#define SECRET_BYTES 32
static_assert(2 * SECRET_BYTES + 1 == KO_SECRET_SIZE, "two digits a byte");

bool ko_gate_make_secret(char out_secret[KO_SECRET_SIZE])
{
    unsigned char bytes[SECRET_BYTES];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    ko_text_hex(bytes, sizeof bytes, out_secret);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return true;
}

/* In the same time wherever they differ. */
static bool is_secret(const char secret[KO_SECRET_SIZE], const char *text, size_t n)
{
    return n == KO_SECRET_SIZE - 1 && CRYPTO_memcmp(secret, text, n) == 0;
}

ko_status ko_gate_init(ko_gate *gate, uint16_t port, ko_error *err)
{
    static const char *const names[2] = {"127.0.0.1", "localhost"};
    char *const secrets[] = {gate->start, gate->once, gate->session, gate->page};
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(gate->hosts[i], sizeof gate->hosts[i], "%s:%u", names[i], port);
        (void)snprintf(gate->origins[i], sizeof gate->origins[i], "http://%s:%u", names[i], port);
    }
    /* Cookies know no ports. */
    (void)snprintf(gate->cookie_name, sizeof gate->cookie_name, "knockoff-%u", port);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (!ko_gate_make_secret(secrets[i]))
            return ko_fail(err, KO_E_IO, "the system has no random numbers");
    atomic_init(&gate->once_used, false);
    gate->port = port;
    return KO_OK;
}

/* --- what a request says --- */

static bool is_one_of(const char names[2][KO_GATE_NAME_SIZE], const char *name)
{
    return strcmp(name, names[0]) == 0 || strcmp(name, names[1]) == 0;
}

static bool read_method(const char *name, ko_http_method *out)
{
    static const char *const names[] = {"GET", "HEAD", "POST"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(name, names[i]) == 0) {
            *out = (ko_http_method)i;
            return true;
        }
    }
    return false;
}

/* What is no number is more than anything allows. */
static uint64_t read_length(const char *text)
{
    uint64_t length = 0;
    for (const char *c = text; c && *c; c++) {
        if (*c < '0' || *c > '9' || length > UINT64_MAX / 10 - 1)
            return UINT64_MAX;
        length = 10 * length + (uint64_t)(*c - '0');
    }
    return length;
}

/* Another server of this machine may have set a cookie of our name, too: any may be ours
 * (RFC 6265 section 5.4). */
static bool has_session(const ko_gate *gate, const char *cookies)
{
    const size_t name_size = strlen(gate->cookie_name);
    for (const char *at = cookies; at && *at;) {
        at += strspn(at, "; ");
        const size_t n = strcspn(at, ";");
        if (n > name_size && at[name_size] == '=' &&
            memcmp(at, gate->cookie_name, name_size) == 0 &&
            is_secret(gate->session, at + name_size + 1, n - name_size - 1))
            return true;
        at += n;
    }
    return false;
}

/* Is it of this kind, whatever its parameters? */
static bool is_type(const char *type, const char *kind)
{
    char start[32];
    const size_t n = strlen(kind);
    if (!type || strlen(type) < n)
        return false;
    (void)snprintf(start, sizeof start, "%.*s", (int)n, type);
    return ko_text_same(start, kind) && strchr("; ", type[n]); /* or its end */
}

/* --- the verdict --- */

static ko_gate_verdict refuse(ko_gate_verdict verdict, unsigned status, const char *why)
{
    verdict.refused = status;
    verdict.why = why;
    return verdict;
}

/* Our own pages, and what the user types or opens by a link outside of any page. */
static bool is_from_us(const ko_gate *gate, const ko_gate_claim *c)
{
    if (c->fetch_site && strcmp(c->fetch_site, "same-origin") != 0 &&
        strcmp(c->fetch_site, "none") != 0)
        return false;
    return !c->origin || is_one_of(gate->origins, c->origin);
}

/* Is what is sent of the kind that is wanted? */
static ko_gate_verdict judge_type(const ko_gate_claim *c, ko_sent sent, ko_gate_verdict v)
{
    static const char *const kinds[] = {"application/json", "application/octet-stream"};
    if (is_type(c->content_type, kinds[sent]))
        return v;
    return refuse(v, 415,
                  sent == KO_SENT_JSON ? "what is sent must be application/json"
                                       : "what is sent must be application/octet-stream");
}

static ko_gate_verdict judge_change(const ko_gate_claim *c, ko_sent sent, ko_gate_verdict v)
{
    if (!c->origin || (c->fetch_site && strcmp(c->fetch_site, "same-origin") != 0))
        return refuse(v, 403, "changes are made by pages of this server alone");
    return judge_type(c, sent, v);
}

/* Of an extension's own pages, as browsers call them. What browsers say of those in Sec-Fetch-Site
 * differs, so that tells nothing here. */
static bool is_extension(const char *origin)
{
    return strncmp(origin, "chrome-extension://", strlen("chrome-extension://")) == 0 ||
           strncmp(origin, "moz-extension://", strlen("moz-extension://")) == 0;
}

/* Pages of the web cannot send an Authorization without being asked back (Fetch, section 4.8:
 * CORS-preflight fetch), which is answered by nothing here. */
static ko_gate_verdict judge_helper(const ko_gate *gate, const ko_gate_claim *c, ko_sent sent,
                                    ko_gate_verdict v)
{
    static const char scheme[] = "Bearer "; /* RFC 6750 section 2.1 */
    const char *shown = c->authorization;
    v.asker = KO_ASKER_STRANGER;
    if (c->origin && !is_extension(c->origin))
        return refuse(v, 403, "only the clipping helper asks for this");
    if (!gate->pairings || !shown || strncmp(shown, scheme, strlen(scheme)) != 0)
        return refuse(v, 401, "pair this browser first, on the page's settings");
    switch (ko_pairings_check(gate->pairings, shown + strlen(scheme), ko_clock_ms(), &v.pairing)) {
    case KO_PAIRED:
        v.asker = KO_ASKER_HELPER;
        return v.method == KO_HTTP_POST ? judge_type(c, sent, v) : v;
    case KO_PAIRED_TOO_OFTEN:
        return refuse(v, 429, "too many wrong codes this minute");
    default:
        return refuse(v, 401, "this browser is not paired, or no longer: pair it again");
    }
}

ko_gate_verdict ko_gate_judge(const ko_gate *gate, const ko_gate_claim *c, unsigned may,
                              ko_sent sent)
{
    ko_gate_verdict v = {.why = "", .asker = KO_ASKER_STRANGER};
    if (c->doubled)
        return refuse(v, 400, "a header comes twice");
    if (!c->host || !is_one_of(gate->hosts, c->host))
        return refuse(v, 421, "this server has another name");
    if (!read_method(c->method, &v.method))
        return refuse(v, 405, "only GET, HEAD and POST are known here");
    if (c->head_bytes > KO_MAX_SERVE_HEAD)
        return refuse(v, 431, "the headers are too long");
    if (c->transfer_encoding)
        return refuse(v, 411, "the length of what is sent must be said before");
    v.body_bytes = read_length(c->content_length);
    if (may & KO_ASKER_HELPER)
        return judge_helper(gate, c, sent, v);
    if (has_session(gate, c->cookie))
        v.asker = c->token && is_secret(gate->page, c->token, strlen(c->token)) ? KO_ASKER_PAGE
                                                                                : KO_ASKER_SESSION;
    if (may & KO_ASKER_STRANGER)
        return v;
    if (!is_from_us(gate, c))
        return refuse(v, 403, "another site asks for this");
    if (!(v.asker & may))
        return refuse(v, v.asker == KO_ASKER_STRANGER ? 401 : 403,
                      "open the address that knockoff serve printed");
    return v.method == KO_HTTP_POST ? judge_change(c, sent, v) : v;
}

/* --- entering --- */

bool ko_gate_enter(ko_gate *gate, const char *token, char out_cookie[KO_GATE_COOKIE_SIZE],
                   char out_place[KO_GATE_PLACE_SIZE])
{
    const size_t n = strlen(token);
    if (!is_secret(gate->start, token, n) &&
        !(is_secret(gate->once, token, n) && !atomic_exchange(&gate->once_used, true)))
        return false;
    (void)snprintf(out_cookie, KO_GATE_COOKIE_SIZE, "%s=%s; Path=/; HttpOnly; SameSite=Strict",
                   gate->cookie_name, gate->session);
    (void)snprintf(out_place, KO_GATE_PLACE_SIZE, "/#token=%s", gate->page); /* sent to nobody */
    return true;
}
