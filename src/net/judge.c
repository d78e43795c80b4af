/* Two questions: is there an answer, and is it whole. A status other than 200 is an answer even
 * when its body breaks; with 200 the body is what was asked for. */
#include "base/limits.h"
#include "net/transfer.h"

/* What the library has to say, which is one line in English. */
static const char *words(const ko_transfer *transfer, CURLcode code)
{
    return transfer->error[0] ? transfer->error : curl_easy_strerror(code);
}

/* 200, and all of the head. */
static void judge_body(const ko_transfer *transfer, CURLcode code, ko_verdict *verdict)
{
    const bool late = transfer->silent || code == CURLE_OPERATION_TIMEDOUT;
    if (transfer->bomb) {
        ko_verdict_set(verdict, KO_NET_LIMIT, "unpacks to more than %d times its size",
                       KO_MAX_UNPACK_RATIO);
    } else if (transfer->body_over) {
        ko_verdict_set(verdict, KO_NET_LIMIT, "more than %zu bytes", transfer->body_max);
    } else if (late) {
        ko_verdict_set(verdict, KO_NET_UNREACHABLE, "silent or too slow after %zu bytes",
                       transfer->body.size);
        verdict->again = true;
    } else {
        ko_verdict_set(verdict, KO_NET_DAMAGED, "damaged after %zu bytes: %s", transfer->body.size,
                       words(transfer, code));
        /* Cut off, which may go better; not a coding that is wrong. */
        verdict->again = code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR ||
                         code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM;
    }
}

/* Nothing that could be called an answer. */
static void judge_silence(const ko_transfer *transfer, const ko_net_options *options, CURLcode code,
                          ko_verdict *verdict)
{
    if (transfer->silent) {
        ko_verdict_set(verdict, KO_NET_UNREACHABLE, "silent for %d ms", options->idle_ms);
        verdict->again = true;
        return;
    }
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        ko_verdict_set(verdict, KO_NET_UNREACHABLE, "its name cannot be resolved");
        return;
    case CURLE_COULDNT_CONNECT:
        if (transfer->refused)
            ko_verdict_set(verdict, KO_NET_ADDRESS, "leads to %s", transfer->refused);
        else
            ko_verdict_set(verdict, KO_NET_UNREACHABLE, "%s", words(transfer, code));
        return;
    case CURLE_OK: /* closed inside of the head */
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
        ko_verdict_set(verdict, KO_NET_DAMAGED, "no answer of HTTP: %s",
                       code == CURLE_OK ? "its head is cut" : words(transfer, code));
        return;
    case CURLE_OUT_OF_MEMORY: /* before 8.6 also said of a line that is too long */
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
        ko_verdict_set(verdict, KO_NET_LIMIT, "a header of more than 100 KB, or no memory");
        return;
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_ABORTED_BY_CALLBACK: /* a second request at once, see transfer.c */
    case CURLE_SSL_CONNECT_ERROR:   /* of which a reset is one */
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        verdict->again = true;
        break;
    default:
        break;
    }
    ko_verdict_set(verdict, KO_NET_UNREACHABLE, "%s", words(transfer, code));
}

void ko_transfer_judge(const ko_transfer *transfer, const ko_net_options *options, CURLcode code,
                       ko_verdict *out_verdict)
{
    const ko_job *job = transfer->job;
    const int status = ko_transfer_status(transfer);
    *out_verdict = (ko_verdict){0};
    if (transfer->head_over)
        ko_verdict_set(out_verdict, KO_NET_LIMIT, "more than %zu bytes of headers",
                       KO_MAX_HEAD_BYTES);
    else if (status == 0)
        judge_silence(transfer, options, code, out_verdict);
    else if (status == 200 && (code != CURLE_OK || transfer->silent))
        judge_body(transfer, code, out_verdict);
    else
        ko_verdict_of_status(out_verdict, status, job->etag || job->last_modified,
                             ko_transfer_header(transfer, "Retry-After"));
}
