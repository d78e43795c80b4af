#include "notify/sending.h"

#include "base/limits.h"
#include "base/stop.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ko_sent_say(ko_sent *out_sent, ko_sent_how how, const char *fmt, ...)
{
    char text[2 * sizeof out_sent->reason];
    ko_buf clean = KO_BUF(3 * sizeof text);
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    const bool cleaned = ko_text_clean(&clean, text, strlen(text)) == KO_OK;
    out_sent->how = how;
    (void)snprintf(out_sent->reason, sizeof out_sent->reason, "%s", cleaned ? clean.data : "");
    ko_buf_free(&clean);
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)context;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return ko_stop_asked();
}

CURL *ko_sending_open(const char *scheme, const char *ca_file)
{
    CURL *easy = curl_easy_init();
    if (!easy)
        return NULL;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, scheme);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)KO_MAX_NOTIFY_CONNECT_S);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)KO_MAX_NOTIFY_SEND_S);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (code == CURLE_OK && ca_file)
        code = curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    if (code == CURLE_OK)
        return easy;
    curl_easy_cleanup(easy);
    return NULL;
}

bool ko_sending_append(struct curl_slist **list, const char *text)
{
    struct curl_slist *longer = curl_slist_append(*list, text);
    if (longer)
        *list = longer;
    return longer != NULL;
}

ko_status ko_sending_perform(CURL *easy, CURLcode *out_code, char *out_why, ko_error *err)
{
    out_why[0] = '\0';
    if (curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, out_why) != CURLE_OK)
        return ko_fail(err, KO_E_NOMEM, "no memory for a delivery");
    const CURLcode code = curl_easy_perform(easy);
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return ko_fail(err, KO_E_STOPPED, "stopped");
    if (code == CURLE_OUT_OF_MEMORY)
        return ko_fail(err, KO_E_NOMEM, "no memory for a delivery");
    if (code != CURLE_OK && !out_why[0])
        (void)snprintf(out_why, CURL_ERROR_SIZE, "%s", curl_easy_strerror(code));
    *out_code = code;
    return KO_OK;
}
