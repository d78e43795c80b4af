#include "page/web.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "page/words.h"
#include "platform/escape.h"

#include <ctype.h>
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
            text += strncmp(text, "&amp;", 5) == 0 ? 4 : 0; /* escaped once too often */
        }
    }
    out[n] = '\0';
}

/* The address behind one in a web archive, whose path ends in the time of the copy and the whole
 * address of what was copied; itself when it is none. */
static const char *unarchived(const char *url)
{
    const char *inner = strstr(url, "/http");
    const char *time = inner;
    if (!inner || !is_http(inner + 1))
        return url;
    while (time > url && (isalpha((unsigned char)time[-1]) || time[-1] == '_'))
        time--; /* what kind of copy: "im_" */
    size_t digits = 0;
    for (; time > url && isdigit((unsigned char)time[-1]); time--)
        digits++;
    return digits == 14 && time > url && time[-1] == '/' ? inner + 1 : url;
}

static ko_status keep(const char *prefix, const char *url, char **out_url)
{
    ko_buf whole = KO_BUF(3 * KO_MAX_URL_BYTES);
    char *clean = NULL;
    if (strlen(prefix) + strlen(url) > KO_MAX_URL_BYTES)
        return KO_OK;
    ko_status st = ko_buf_printf(&whole, "%s%s", prefix, url);
    if (st == KO_OK && is_http(whole.data)) {
        clean = ko_text_clean_dup(whole.data);
        st = clean ? KO_OK : KO_E_NOMEM;
    }
    if (clean && strlen(clean) <= KO_MAX_URL_BYTES)
        *out_url = clean;
    else
        ko_free(clean);
    ko_buf_free(&whole);
    return st;
}

ko_status ko_web_resolve(const char *reference, const ko_web_base *base, char **out_url)
{
    char tidied[3 * KO_MAX_URL_BYTES + 1];
    const char *from = base ? base->url : NULL;
    if (strlen(reference) > KO_MAX_URL_BYTES)
        return KO_OK;
    tidy(reference, tidied);
    if (!*tidied)
        return KO_OK;
    const char *plain = unarchived(tidied);
    if (is_http(plain))
        return keep("", plain, out_url);
    if (!from || !is_http(from))
        return strncmp(tidied, "//", 2) == 0 ? keep("https:", tidied, out_url) : KO_OK;
    xmlChar *whole = xmlBuildURI((const xmlChar *)tidied, (const xmlChar *)from);
    if (!whole)
        return KO_OK; /* no reference at all, such as "http:///[" */
    const ko_status st = keep("", (const char *)whole, out_url);
    xmlFree(whole);
    return st;
}

/* --- pictures of saved pages --- */

bool ko_web_is_data(const char *url)
{
    return strncasecmp(url, "data:", 5) == 0;
}

bool ko_web_is_local(const char *url)
{
    return !is_http(url);
}

/* Only what can be a photograph: vector drawings and animations are decoration. */
static bool is_raster_data(const char *url)
{
    static const char *const kinds[] = {"data:image/jp", "data:image/png", "data:image/webp",
                                        "data:image/avif"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncasecmp(url, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return false;
}

/* True for "Owl print_files/a.jpg", by the ending that browsers give the folder in some
 * language; without an address to resolve it against any relative one. Nothing may lead up. */
static bool names_file(const char *path, const ko_web_base *base)
{
    static const char *const endings[] = {"_files", "-dateien",   "_fichiers", "_archivos",
                                          "_file",  "_bestanden", "_arquivos", NULL};
    const size_t step = strcspn(path, "/");
    if (path[0] == '/' || path[0] == '#' || path[0] == '?' || memchr(path, ':', step) ||
        strstr(path, "..") || path[0] == '\0')
        return false;
    if (!base->url)
        return true;
    const char *ending = path[step] == '/' ? ko_words_find(path, step, endings) : NULL;
    return ending && strncasecmp(path + step - strlen(ending), ending, strlen(ending)) == 0;
}

/* The path of a file that a reference names, percent-encoding undone. */
static ko_status keep_file(const char *path, char **out_path)
{
    const size_t size = strcspn(path, "?#");
    char plain[KO_MAX_URL_BYTES + 1];
    size_t n = 0;
    if (size > KO_MAX_URL_BYTES)
        return KO_OK;
    for (size_t i = 0; i < size; i++) {
        const int value = ko_escape_value(path + i, size - i);
        plain[n++] = path[i];
        if (value >= 0) {
            plain[n - 1] = (char)(unsigned char)value;
            i += 2;
        }
    }
    plain[n] = '\0';
    if (memchr(plain, '\0', n) || strstr(plain, ".."))
        return KO_OK;
    *out_path = ko_text_clean_dup(plain);
    return *out_path ? KO_OK : KO_E_NOMEM;
}

ko_status ko_web_image(const char *reference, const ko_web_base *base, char **out_url)
{
    if (!base || !base->saved)
        return ko_web_resolve(reference, base, out_url);
    while ((unsigned char)*reference <= ' ' && *reference)
        reference++;
    if (ko_web_is_data(reference)) {
        if (is_raster_data(reference) && !(*out_url = ko_strdup(reference)))
            return KO_E_NOMEM;
        return KO_OK;
    }
    if (strncmp(reference, "./", 2) == 0)
        reference += 2;
    return names_file(reference, base) ? keep_file(reference, out_url)
                                       : ko_web_resolve(reference, base, out_url);
}
