/* The parts of a header that are not our own words are addresses that setup.c let through, and the
 * digest's uid: none can end a line. The text goes through libcurl's quoted-printable encoder, so
 * that no server has to take more than ASCII in short lines. */
#include "notify/mail.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/day.h"
#include "base/limits.h"

#include <stdio.h>
#include <string.h>

typedef struct letter {
    CURL *easy;
    curl_mime *mime;
    struct curl_slist *headers, *to;
    ko_buf text;    /* with the line ends of mail */
    char said[160]; /* by the server, when it refused last */
} letter;

static void free_letter(letter *l)
{
    curl_mime_free(l->mime);
    curl_easy_cleanup(l->easy);
    curl_slist_free_all(l->headers);
    curl_slist_free_all(l->to);
    ko_buf_free(&l->text);
}

/* --- headers --- */

/* RFC 5322 section 3.3, in UTC and whatever the locale. */
static ko_status add_moment(int64_t at, ko_buf *out)
{
    static const char weekdays[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const ko_day day = ko_day_at(at, 0);
    const ko_date date = ko_day_date(day);
    const int second = (int)(at - (int64_t)day * 86400);
    return ko_buf_printf(out, "%s, %d %s %d %02d:%02d:%02d +0000", weekdays[ko_day_weekday(day)],
                         date.date, months[date.month - 1], date.year, second / 3600,
                         second / 60 % 60, second % 60);
}

/* The address at *list, which then stands behind it, in out; false at the end. */
static bool next_address(const char **list, char out[KO_MAX_MAIL_ADDRESS + 1])
{
    *list += strspn(*list, ", ");
    const size_t n = strcspn(*list, ", ");
    if (n == 0 || n > KO_MAX_MAIL_ADDRESS)
        return false;
    memcpy(out, *list, n);
    out[n] = '\0';
    *list += n;
    return true;
}

/* Recipients for the server, and their header with one a line: twenty may be too long for one. */
static ko_status add_recipients(letter *l, const char *list, ko_buf *header)
{
    char address[KO_MAX_MAIL_ADDRESS + 1], bracketed[KO_MAX_MAIL_ADDRESS + 3];
    const char *between = "To: ";
    ko_status st = KO_OK;
    while (st == KO_OK && next_address(&list, address)) {
        (void)snprintf(bracketed, sizeof bracketed, "<%s>", address);
        st = ko_sending_append(&l->to, bracketed) ? ko_buf_printf(header, "%s%s", between, address)
                                                  : KO_E_NOMEM;
        between = ",\r\n ";
    }
    return st;
}

/* A header line of the text and what stands behind it. */
static bool add_line(letter *l, const char *text, const char *more, const char *end)
{
    char line[1024]; /* a subject has a number for each kind of news */
    (void)snprintf(line, sizeof line, "%s%s%s", text, more, end);
    return ko_sending_append(&l->headers, line);
}

static ko_status add_headers(letter *l, const ko_notify_setup *setup, const char *from,
                             const ko_digest *digest)
{
    char id[KO_UID_SIZE + KO_MAX_MAIL_ADDRESS];
    ko_buf to = KO_BUF(KO_MAX_MAIL_TO * (KO_MAX_MAIL_ADDRESS + 8));
    ko_buf date = KO_BUF(64);
    (void)snprintf(id, sizeof id, "%s%s", digest->uid, strchr(from, '@'));
    ko_status st = add_recipients(l, setup->text[KO_NOTIFY_MAIL_TO], &to);
    if (st == KO_OK)
        st = add_moment(digest->made_at, &date);
    if (st == KO_OK &&
        (!add_line(l, "From: Knockoff <", from, ">") || !ko_sending_append(&l->headers, to.data) ||
         !add_line(l, "Subject: ", digest->subject, "") || !add_line(l, "Date: ", date.data, "") ||
         !add_line(l, "Message-ID: <", id, ">") ||
         !ko_sending_append(&l->headers, "Auto-Submitted: auto-generated"))) /* RFC 3834 */
        st = KO_E_NOMEM;
    ko_buf_free(&to);
    ko_buf_free(&date);
    return st;
}

/* --- the text --- */

static ko_status add_text(letter *l, const char *body)
{
    ko_status st = ko_buf_text(&l->text, "");
    while (st == KO_OK && *body) {
        const size_t n = strcspn(body, "\n");
        st = ko_buf_append(&l->text, body, n);
        if (st == KO_OK)
            st = ko_buf_text(&l->text, "\r\n");
        body += n + (body[n] == '\n');
    }
    l->mime = st == KO_OK ? curl_mime_init(l->easy) : NULL;
    curl_mimepart *part = l->mime ? curl_mime_addpart(l->mime) : NULL;
    if (!part || curl_mime_data(part, l->text.data, l->text.size) != CURLE_OK ||
        curl_mime_type(part, "text/plain; charset=utf-8") != CURLE_OK ||
        curl_mime_encoder(part, "quoted-printable") != CURLE_OK)
        return KO_E_NOMEM;
    return KO_OK;
}

/* --- sending --- */

/* libcurl hands out lines of SMTP as it does headers. The last refusal is kept: behind it comes the
 * good-bye. */
static size_t on_line(char *bytes, size_t size, size_t n, void *context)
{
    letter *l = context;
    if (n == 0 || (bytes[0] != '4' && bytes[0] != '5'))
        return size * n;
    (void)snprintf(l->said, sizeof l->said, "%.*s", n < sizeof l->said ? (int)n : 159, bytes);
    l->said[strcspn(l->said, "\r\n")] = '\0';
    return size * n;
}

static CURLcode set_server(letter *l, const ko_sending *s, const ko_notify_address *address,
                           const char *from)
{
    const char *user = s->setup->text[KO_NOTIFY_MAIL_USER];
    const bool any_certificate = address->local && !s->options->ca_file;
    CURL *easy = l->easy;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, s->setup->text[KO_NOTIFY_MAIL_SERVER]);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_USE_SSL,
                                (long)(address->local ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (code == CURLE_OK && any_certificate)
        code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    if (code == CURLE_OK && any_certificate)
        code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    if (code == CURLE_OK && user[0])
        code = curl_easy_setopt(easy, CURLOPT_USERNAME, user);
    if (code == CURLE_OK && user[0])
        code = curl_easy_setopt(easy, CURLOPT_PASSWORD, s->options->mail_password);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_MAIL_FROM, from);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, l->to);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_HTTPHEADER, l->headers);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_MIMEPOST, l->mime);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, l);
    return code;
}

static ko_status write_letter(letter *l, const ko_sending *s, const ko_notify_address *address,
                              const ko_digest *digest)
{
    char from[KO_MAX_MAIL_ADDRESS + 1] = "", bracketed[KO_MAX_MAIL_ADDRESS + 3];
    const char *own = s->setup->text[KO_NOTIFY_MAIL_FROM];
    const char *first = own[0] ? own : s->setup->text[KO_NOTIFY_MAIL_TO];
    (void)next_address(&first, from);
    (void)snprintf(bracketed, sizeof bracketed, "<%s>", from);
    l->text = KO_BUF(2 * KO_MAX_DIGEST_BYTES);
    l->easy = ko_sending_open(address->scheme, s->options->ca_file);
    if (!l->easy)
        return KO_E_NOMEM;
    ko_status st = add_headers(l, s->setup, from, digest);
    if (st == KO_OK)
        st = add_text(l, digest->body);
    if (st == KO_OK && set_server(l, s, address, bracketed) != CURLE_OK)
        st = KO_E_NOMEM;
    return st;
}

/* The server's last word decides: without one nothing is known, and it is tried again. */
static void judge(const letter *l, CURLcode code, const char *why, const char *server,
                  ko_sent *out_sent)
{
    long answer = 0;
    (void)curl_easy_getinfo(l->easy, CURLINFO_RESPONSE_CODE, &answer);
    const bool refused = answer >= 400 && answer <= 599;
    if (code == CURLE_OK)
        ko_sent_say(out_sent, KO_SENT, "taken by %.100s", server);
    else if (!refused)
        ko_sent_say(out_sent, KO_SENT_LATER, "%.60s: %s", server, why);
    else
        ko_sent_say(out_sent, answer < 500 ? KO_SENT_LATER : KO_SENT_NEVER, "%.60s answered %s",
                    server, l->said);
}

ko_status ko_mail_send(const ko_sending *sending, const ko_digest *digest, ko_sent *out_sent,
                       ko_error *err)
{
    const char *server = sending->setup->text[KO_NOTIFY_MAIL_SERVER];
    letter l = {0};
    ko_notify_address address = {0};
    char why[CURL_ERROR_SIZE];
    CURLcode code = CURLE_OK;
    *out_sent = (ko_sent){0};
    if (sending->setup->text[KO_NOTIFY_MAIL_USER][0] && !sending->options->mail_password) {
        ko_sent_say(out_sent, KO_SENT_LATER, "no password: KNOCKOFF_MAIL_PASSWORD");
        return KO_OK;
    }
    ko_status st = ko_notify_address_read(server, &address, err);
    if (st == KO_OK)
        st = write_letter(&l, sending, &address, digest);
    if (st == KO_E_NOMEM)
        (void)ko_fail(err, st, "no memory for a mail");
    if (st == KO_OK)
        st = ko_sending_perform(l.easy, &code, why, err);
    if (st == KO_OK)
        judge(&l, code, why, server, out_sent);
    free_letter(&l);
    return st;
}
