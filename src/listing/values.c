#include "listing/values.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "platform/url.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define SHOWN ".80s" /* of a faulty cell in a message */

static bool starts_with(const char *text, const char *prefix)
{
    return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

static bool has_scheme(const char *text)
{
    return starts_with(text, "http://") || starts_with(text, "https://");
}

bool ko_sheet_is_web(const char *text)
{
    return has_scheme(text) || starts_with(text, "www.");
}

/* "www.shop.com", "shop.com/item": a dotted name of a host, and a path unless it says www. */
static bool bare_host(const char *text)
{
    size_t n = 0, dots = 0;
    for (; isalnum((unsigned char)text[n]) || text[n] == '-' || text[n] == '.'; n++) {
        if (text[n] == '.' && (n == 0 || text[n - 1] == '.'))
            return false;
        dots += text[n] == '.';
    }
    if (dots == 0 || text[n - 1] == '.')
        return false;
    return text[n] == '/' || (text[n] == '\0' && starts_with(text, "www."));
}

/* True when cleaning would change the text: it holds characters that are not seen. */
static ko_status has_unseen(const char *text, bool *out_unseen, ko_error *why)
{
    char *clean = ko_text_clean_dup(text);
    if (!clean)
        return ko_fail(why, KO_E_NOMEM, "no memory for a cell");
    *out_unseen = strcmp(clean, text) != 0;
    ko_free(clean);
    return KO_OK;
}

ko_status ko_sheet_url(const char *label, const char *text, char **out_url, ko_error *why)
{
    ko_url url;
    ko_error own = {0};
    bool unseen = false;
    const bool bare = !has_scheme(text) && bare_host(text);
    if (!bare && !has_scheme(text))
        return ko_fail(why, KO_E_FORMAT, "%s is not http or https: %" SHOWN, label, text);
    ko_status st = has_unseen(text, &unseen, why);
    if (st != KO_OK)
        return st;
    if (unseen || strchr(text, ' '))
        return ko_fail(why, KO_E_FORMAT, "%s holds a space or a control character: %" SHOWN, label,
                       text);
    ko_buf whole = KO_BUF(KO_MAX_SHEET_FIELD);
    st = ko_buf_printf(&whole, "%s%s", bare ? "https://" : "", text);
    if (st == KO_OK)
        st = ko_url_parse(whole.data, whole.size, NULL, &url, &own);
    if (st == KO_OK)
        *out_url = ko_strdup(whole.data);
    ko_buf_free(&whole);
    if (st != KO_OK && st != KO_E_NOMEM)
        return ko_fail(why, st, "%s: %s", label, own.text);
    return st == KO_OK && *out_url ? KO_OK : ko_fail(why, KO_E_NOMEM, "no memory for a URL");
}

static bool is_date(unsigned year, unsigned month, unsigned day)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (leap && month == 2);
}

/* Up to three numbers with one and the same mark between them, then the end or a time. */
typedef struct date_parts {
    unsigned number[3];
    unsigned digits[3];
    size_t count;
    char mark;
} date_parts;

static bool split_date(const char *text, date_parts *out)
{
    date_parts parts = {.count = 0};
    for (;;) {
        unsigned number = 0, digits = 0;
        for (; isdigit((unsigned char)*text) && digits < 5; digits++)
            number = 10 * number + (unsigned)(*text++ - '0');
        if (digits == 0 || digits > 4)
            return false;
        parts.number[parts.count] = number;
        parts.digits[parts.count++] = digits;
        const bool more = *text && strchr("-/.", *text) && (!parts.mark || *text == parts.mark);
        if (parts.count == 3 || !more)
            break;
        parts.mark = *text++;
    }
    *out = parts;
    return *text == '\0' || (parts.count == 3 && (*text == ' ' || *text == 'T'));
}

ko_status ko_sheet_date(const char *text, char out_date[KO_SHEET_DATE_SIZE], ko_error *why)
{
    date_parts p;
    if (!split_date(text, &p))
        return ko_fail(why, KO_E_FORMAT, "not a date: %" SHOWN, text);
    unsigned year = p.number[0], month = p.number[1], day = p.number[2];
    if (p.digits[0] != 4 && p.count == 3 && p.digits[2] == 4) {
        const unsigned first = p.number[0], second = p.number[1];
        year = p.number[2];
        day = first;
        month = second;
        if (p.mark == '/' && first != second && is_date(year, first, second)) {
            if (is_date(year, second, first))
                return ko_fail(why, KO_E_FORMAT,
                               "day and month cannot be told apart: %" SHOWN "; write YYYY-MM-DD",
                               text);
            day = second;
            month = first;
        }
    }
    const bool valid = is_date(year, p.count > 1 ? month : 1, p.count > 2 ? day : 1);
    if (!valid)
        return ko_fail(why, KO_E_FORMAT, "not a date: %" SHOWN, text);
    static const int length[] = {0, 4, 7, 10}; /* of YYYY, YYYY-MM, YYYY-MM-DD */
    char date[3 * 12];
    (void)snprintf(date, sizeof date, "%04u-%02u-%02u", year, month, day);
    (void)snprintf(out_date, KO_SHEET_DATE_SIZE, "%.*s", length[p.count], date);
    return KO_OK;
}

ko_status ko_sheet_decimal(const char *text, double *out_number, ko_error *why)
{
    double number = 0, unit = 1;
    size_t n = 0;
    bool fraction = false, digits = false;
    for (; n < 20 && text[n]; n++) {
        if (isdigit((unsigned char)text[n])) {
            digits = true;
            number = 10 * number + (text[n] - '0');
            unit *= fraction ? 10 : 1;
        } else if (!fraction && (text[n] == '.' || text[n] == ',')) {
            fraction = true;
        } else {
            break;
        }
    }
    if (text[n] || !digits || number / unit >= 1e6)
        return ko_fail(why, KO_E_FORMAT, "not a number: %" SHOWN, text);
    *out_number = number / unit;
    return KO_OK;
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* Undoes %XX in place; false at a percent sign without two digits, and at %00. */
static bool percent_decode(char *text)
{
    char *out = text;
    while (*text) {
        if (*text != '%') {
            *out++ = *text++;
            continue;
        }
        const int high = hex_value(text[1]);
        const int low = high < 0 ? -1 : hex_value(text[2]);
        if (low < 0 || (high == 0 && low == 0))
            return false;
        *out++ = (char)(high << 4 | low);
        text += 3;
    }
    *out = '\0';
    return true;
}

static bool is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* True for "data:..." and "scheme://...", but not for a name with a colon in it. */
static bool is_url(const char *text)
{
    size_t n = 0;
    while (isalnum((unsigned char)text[n]) || (text[n] && strchr("+-.", text[n])))
        n++;
    return (n > 0 && starts_with(text + n, "://")) || starts_with(text, "data:");
}

/* The name of a local file that a cell holds, to free; NULL, with *out_status, when it holds
 * none. */
static char *local_name(const char *text, ko_status *out_status, ko_error *why)
{
    const bool file_url = starts_with(text, "file://");
    if (!file_url && is_url(text)) {
        *out_status = ko_fail(why, KO_E_FORMAT, "not a local file: %" SHOWN, text);
        return NULL;
    }
    const char *start = text + (file_url ? strlen("file://") : 0);
    if (file_url && starts_with(start, "localhost/"))
        start += strlen("localhost");
    char *name = ko_strdup(start);
    if (!name) {
        *out_status = ko_fail(why, KO_E_NOMEM, "no memory for a path");
        return NULL;
    }
    bool usable = !file_url || (name[0] == '/' && percent_decode(name));
    for (const char *c = name; usable && *c; c++)
        usable = !iscntrl((unsigned char)*c);
    if (usable)
        return name;
    ko_free(name);
    *out_status = ko_fail(why, KO_E_FORMAT, "not a path on this machine: %" SHOWN, text);
    return NULL;
}

/* A path written on Windows names a file here, if at all, with slashes: changes it then. */
static ko_status mend_backslashes(char *path, size_t name_length)
{
    const size_t folder_length = strlen(path) - name_length;
    if (!strchr(path + folder_length, '\\') || is_file(path))
        return KO_OK;
    char *mended = ko_strdup(path);
    if (!mended)
        return KO_E_NOMEM;
    for (char *c = mended + folder_length; *c; c++)
        if (*c == '\\')
            *c = '/';
    if (is_file(mended))
        memcpy(path, mended, strlen(path));
    ko_free(mended);
    return KO_OK;
}

ko_status ko_sheet_path(const char *folder, const char *text, ko_paths *paths, ko_error *why)
{
    ko_status st = KO_OK;
    char *name = local_name(text, &st, why);
    if (!name)
        return st;
    char *path = name[0] == '/' ? ko_strdup(name) : ko_path_join(folder, name);
    if (!path || mend_backslashes(path, strlen(name)) != KO_OK)
        st = ko_fail(why, KO_E_NOMEM, "no memory for a path");
    else if (strlen(path) >= KO_MAX_PATH_BYTES)
        st = ko_fail(why, KO_E_LIMIT, "path of %zu bytes, limit %u", strlen(path),
                     KO_MAX_PATH_BYTES - 1);
    else
        st = ko_paths_add(paths, path, why);
    ko_free(name);
    ko_free(path);
    return st;
}

bool ko_sheet_is_file(const char *folder, const char *text)
{
    ko_paths paths = {0};
    const bool found =
        ko_sheet_path(folder, text, &paths, NULL) == KO_OK && paths.path && is_file(paths.path[0]);
    ko_paths_free(&paths);
    return found;
}

bool ko_sheet_is_picture_name(const char *text, size_t n)
{
    static const char *const endings[] = {".jpg",  ".jpeg", ".jfif", ".png",  ".webp",
                                          ".gif",  ".tif",  ".tiff", ".avif", ".heic",
                                          ".heif", ".svg",  ".psd",  ".bmp"};
    while (n && text[n - 1] == ' ')
        n--;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t length = strlen(endings[i]);
        if (n > length && strncasecmp(text + n - length, endings[i], length) == 0)
            return true;
    }
    return false;
}

/* True when every part of text[0..n) between commas and semicolons names a picture. */
static bool is_picture_list(const char *text, size_t n)
{
    for (size_t at = 0; at < n;) {
        size_t length = strcspn(text + at, ",;");
        length = length < n - at ? length : n - at;
        if (!ko_sheet_is_picture_name(text + at, length))
            return false;
        at += length + 1;
    }
    return true;
}

/* Where the next of several addresses begins that stand in text[0..n), n when there is none:
 * commas are part of some, so only an "http" behind a mark tells. */
static size_t next_address(const char *text, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (strchr(" ,;", text[i - 1]) && has_scheme(text + i))
            return i;
    return n;
}

/* Cuts text[0..n) off the list. */
static char *cut(ko_sheet_path_list *list, size_t n)
{
    char *part = list->rest;
    list->rest = part[n] ? part + n + 1 : NULL;
    part[n] = '\0';
    return ko_text_trim(part);
}

/* Cuts off the first of the addresses in text[0..n), without the marks behind it. */
static char *cut_address(ko_sheet_path_list *list, size_t n)
{
    char *part = list->rest;
    const size_t next = next_address(part, n);
    size_t end = next;
    while (end > 0 && strchr(" ,;", part[end - 1]))
        end--;
    if (next < n)
        list->rest = part + next;
    else
        list->rest = part[n] ? part + n + 1 : NULL;
    part[end] = '\0';
    return ko_text_trim(part);
}

char *ko_sheet_next_path(ko_sheet_path_list *list)
{
    while (list->rest) {
        char *part = list->rest;
        const size_t line = strcspn(part, "\n\r|");
        if (!list->list_end || part > list->list_end)
            list->list_end = is_picture_list(part, line) ? part + line : NULL;
        if (list->list_end)
            part = cut(list, strcspn(part, "\n\r|,;"));
        else
            part = ko_sheet_is_web(part) ? cut_address(list, line) : cut(list, line);
        if (*part)
            return part;
    }
    return NULL;
}
