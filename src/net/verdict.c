#include "net/verdict.h"

#include "base/clock.h"
#include "base/limits.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ko_verdict_set(ko_verdict *verdict, ko_net_outcome outcome, const char *fmt, ...)
{
    verdict->outcome = outcome;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(verdict->text, sizeof verdict->text, fmt, args);
    va_end(args);
}

/* Seconds to wait that the header asks for, as a number or as a date; 0 when it says nothing
 * that can be understood or lies in the past. */
static int64_t read_retry_after(const char *text)
{
    int64_t wait_s = 0;
    if (strspn(text, "0123456789") == strlen(text) && *text) {
        errno = 0;
        const long long n = strtoll(text, NULL, 10);
        wait_s = errno ? KO_MAX_RETRY_AFTER_S : (int64_t)n;
    } else if (*text) {
        const time_t when = curl_getdate(text, NULL);
        wait_s = when == -1 ? 0 : (int64_t)when - ko_clock_now();
    }
    if (wait_s > KO_MAX_RETRY_AFTER_S)
        return KO_MAX_RETRY_AFTER_S;
    return wait_s > 0 ? wait_s : 0;
}

void ko_verdict_of_status(ko_verdict *verdict, int status, bool conditional,
                          const char *retry_after)
{
    switch (status) {
    case 200:
        ko_verdict_set(verdict, KO_NET_DATA, "%s", "");
        return;
    case 304:
        ko_verdict_set(verdict, conditional ? KO_NET_NOT_MODIFIED : KO_NET_STATUS, "status 304");
        return;
    case 404:
    case 410:
        ko_verdict_set(verdict, KO_NET_GONE, "status %d", status);
        return;
    case 401:
    case 403:
    case 407:
    case 451:
    case 999: /* of LinkedIn and others that do not want to be asked */
        ko_verdict_set(verdict, KO_NET_DENIED, "status %d", status);
        return;
    case 429:
    case 502:
    case 503:
    case 504:
        ko_verdict_set(verdict, KO_NET_LATER, "status %d", status);
        verdict->again = true;
        verdict->wait_s = read_retry_after(retry_after);
        verdict->whole_host = status == 429 || verdict->wait_s > KO_MAX_WAIT_S;
        return;
    default:
        ko_verdict_set(verdict, KO_NET_STATUS, "status %d", status);
    }
}
