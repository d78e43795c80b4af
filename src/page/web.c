#include "page/web.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"

#include <libxml/uri.h>
#include <string.h>
#include <strings.h>

static bool is_http(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
}

/* Copies a reference as a browser reads it; out has room for all of it escaped. */
static void tidy(const char *text, char *out)
{
    size_t n = 0;
    const char *end = text + strlen(text);
    while (text < end && (unsigned char)*text <= ' ')
        text++;
    while (end > text && (unsigned char)end[-1] <= ' ')
        end--;
    for (; text < end; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == ' ' || c == '"' || c == '<' || c == '>' || c == '{' || c == '}' || c == '|') {
            static const char digits[] = "0123456789ABCDEF";
            out[n++] = '%';
            out[n++] = digits[c >> 4];
            out[n++] = digits[c & 15];
        } else if (c > ' ' && c != 127) {
            out[n++] = (char)c;
        }
    }
    out[n] = '\0';
}

static ko_status keep(const char *prefix, const char *url, char **out_url)
{
    ko_buf whole = KO_BUF(3 * KO_MAX_URL_BYTES);
    char *clean = NULL;
    ko_status st = KO_OK;
    if (strlen(prefix) + strlen(url) <= KO_MAX_URL_BYTES) {
        if (ko_buf_printf(&whole, "%s%s", prefix, url) != KO_OK ||
            !(clean = ko_text_clean_dup(whole.data)))
            st = KO_E_NOMEM;
        else if (is_http(clean) && strlen(clean) <= KO_MAX_URL_BYTES)
            *out_url = clean;
        else
            ko_free(clean);
    }
    ko_buf_free(&whole);
    return st;
}

ko_status ko_web_resolve(const char *reference, const char *base, char **out_url)
{
    char tidied[3 * KO_MAX_URL_BYTES + 1];
    if (strlen(reference) > KO_MAX_URL_BYTES)
        return KO_OK;
    tidy(reference, tidied);
    if (!*tidied)
        return KO_OK;
    if (is_http(tidied))
        return keep("", tidied, out_url);
    if (!base || !is_http(base))
        return strncmp(tidied, "//", 2) == 0 ? keep("https:", tidied, out_url) : KO_OK;
    xmlChar *whole = xmlBuildURI((const xmlChar *)tidied, (const xmlChar *)base);
    if (!whole)
        return KO_OK; /* no reference at all, such as "http:///[" */
    const ko_status st = keep("", (const char *)whole, out_url);
    xmlFree(whole);
    return st;
}
