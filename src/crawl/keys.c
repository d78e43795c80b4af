/* Keys are read once and kept in blocks of their own, which are overwritten before they are
 * freed. The environment goes before the file: it is what somebody sets for one run. */
#include "crawl/keys.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct ko_api_keys {
    char *value[KO_KEYS]; /* NULL: not given */
};

static const char *const names[KO_KEYS] = {
    [KO_KEY_EBAY_ID] = "KNOCKOFF_EBAY_ID",
    [KO_KEY_EBAY_SECRET] = "KNOCKOFF_EBAY_SECRET",
    [KO_KEY_ETSY_KEY] = "KNOCKOFF_ETSY_KEY",
    [KO_KEY_ETSY_SECRET] = "KNOCKOFF_ETSY_SECRET",
    [KO_KEY_ALIEXPRESS_KEY] = "KNOCKOFF_ALIEXPRESS_KEY",
    [KO_KEY_ALIEXPRESS_SECRET] = "KNOCKOFF_ALIEXPRESS_SECRET",
    [KO_KEY_ALIEXPRESS_SESSION] = "KNOCKOFF_ALIEXPRESS_SESSION",
    [KO_KEY_MAIL_PASSWORD] = "KNOCKOFF_MAIL_PASSWORD",
    [KO_KEY_WEBHOOK_SECRET] = "KNOCKOFF_WEBHOOK_SECRET",
};

const char *ko_api_key_name(ko_api_key key)
{
    assert(key < KO_KEYS);
    return names[key];
}

const char *ko_api_key_value(const ko_api_keys *keys, ko_api_key key)
{
    assert(key < KO_KEYS);
    return keys ? keys->value[key] : NULL;
}

char *ko_api_text(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = length < 0 ? NULL : ko_alloc((size_t)length + 1);
    if (text)
        (void)vsnprintf(text, (size_t)length + 1, fmt, again);
    va_end(again);
    return text;
}

void ko_api_wipe(char *text)
{
    if (text)
        OPENSSL_cleanse(text, strlen(text));
    ko_free(text);
}

void ko_api_hide(char *text, const char *secret)
{
    const size_t n = secret ? strlen(secret) : 0;
    if (n == 0)
        return;
    for (char *at = strstr(text, secret); at; at = strstr(at + n, secret))
        memset(at, '*', n);
}

void ko_api_keys_hide(const ko_api_keys *keys, char *text)
{
    for (int k = 0; k < KO_KEYS; k++)
        ko_api_hide(text, ko_api_key_value(keys, (ko_api_key)k));
}

void ko_api_keys_free(ko_api_keys *keys)
{
    for (int k = 0; keys && k < KO_KEYS; k++)
        ko_api_wipe(keys->value[k]);
    ko_free(keys);
}

/* Anything else would end a header early or be another header. A password is in none, and people
 * make it of what they like. */
static bool is_value(ko_api_key key, const char *text, size_t n)
{
    const bool password = key == KO_KEY_MAIL_PASSWORD;
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c < ' ' || c == 0x7f || (!password && (c == ' ' || c > '~')))
            return false;
    }
    return n <= KO_MAX_KEY_BYTES;
}

/* An empty value is none. where ends in ": " or is empty. */
static ko_status set_value(ko_api_keys *keys, ko_api_key key, const char *text, size_t n,
                           const char *where, ko_error *err)
{
    if (!is_value(key, text, n))
        return ko_fail(err, KO_E_USAGE, "%sthe value of %s is not of at most %zu %s", where,
                       names[key], KO_MAX_KEY_BYTES,
                       key == KO_KEY_MAIL_PASSWORD ? "bytes without control characters"
                                                   : "printable ASCII characters without blanks");
    ko_api_wipe(keys->value[key]);
    keys->value[key] = n > 0 ? ko_strndup(text, n) : NULL;
    return n == 0 || keys->value[key] ? KO_OK : ko_fail(err, KO_E_NOMEM, "no memory for a key");
}

/* --- the file --- */

/* One line, trimmed. A name that is not known is not repeated: it may be half a key. */
static ko_status read_line(ko_api_keys *keys, char *line, const char *where, ko_error *err)
{
    if (!*line || *line == '#')
        return KO_OK;
    char *value = strchr(line, '=');
    int key = KO_KEYS;
    if (value) {
        *value++ = '\0';
        const char *name = ko_text_trim(line);
        for (key = 0; key < KO_KEYS && strcmp(name, names[key]) != 0; key++)
            ;
    }
    if (key == KO_KEYS)
        return ko_fail(err, KO_E_USAGE,
                       "%snot NAME=VALUE with the name of a key, such as "
                       "%s",
                       where, names[0]);
    value = ko_text_trim(value);
    size_t n = strlen(value);
    if (n >= 2 && (*value == '"' || *value == '\'') && value[n - 1] == *value) {
        value++; /* as shells have it */
        n -= 2;
    }
    return set_value(keys, (ko_api_key)key, value, n, where, err);
}

static ko_status read_lines(ko_api_keys *keys, char *text, const char *path, ko_error *err)
{
    ko_status st = KO_OK;
    size_t number = 0;
    for (char *line = text; line && st == KO_OK; number++) {
        char *next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        char where[KO_ERROR_TEXT_SIZE];
        (void)snprintf(where, sizeof where, "%.300s: line %zu: ", path, number + 1);
        st = read_line(keys, ko_text_trim(line), where, err);
        line = next;
    }
    return st;
}

/* Reads the whole of an open file into *out_text, which its caller wipes: all n bytes of it,
 * zeroes included. */
static ko_status read_all(int fd, const char *path, char **out_text, size_t *out_n, ko_error *err)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return ko_fail(err, KO_E_USAGE, "%.300s: not a file", path);
    if (about.st_mode & (S_IRWXG | S_IRWXO))
        return ko_fail(err, KO_E_USAGE,
                       "%.300s: others may read these keys (mode %04o); chmod 600 mends that", path,
                       (unsigned)about.st_mode & 07777);
    if ((uintmax_t)about.st_size > KO_MAX_KEY_FILE_BYTES)
        return ko_fail(err, KO_E_LIMIT, "%.300s: %jd bytes, a file of keys has at most %zu", path,
                       (intmax_t)about.st_size, KO_MAX_KEY_FILE_BYTES);
    const size_t size = (size_t)about.st_size;
    char *text = ko_alloc_zero(size + 1, 1);
    if (!text)
        return ko_fail(err, KO_E_NOMEM, "no memory for a file of keys");
    *out_text = text;
    *out_n = size;
    for (size_t n = 0; n < size;) {
        const ssize_t got = read(fd, text + n, size - n);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return ko_fail(err, KO_E_IO, "%.300s: %s", path, strerror(errno));
        n += got > 0 ? (size_t)got : 0;
    }
    return KO_OK;
}

static ko_status read_file(ko_api_keys *keys, const char *path, ko_error *err)
{
    char *text = NULL;
    size_t n = 0;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait */
    if (fd < 0 && errno == ENOENT)
        return KO_OK;
    if (fd < 0)
        return ko_fail(err, KO_E_IO, "%.300s: %s", path, strerror(errno));
    ko_status st = read_all(fd, path, &text, &n, err);
    if (st == KO_OK)
        st = read_lines(keys, text, path, err);
    if (text)
        OPENSSL_cleanse(text, n);
    ko_free(text);
    (void)close(fd);
    return st;
}

ko_status ko_api_keys_read(const char *path, ko_api_keys **out_keys, ko_error *err)
{
    ko_api_keys *keys = ko_alloc_zero(1, sizeof *keys);
    if (!keys)
        return ko_fail(err, KO_E_NOMEM, "no memory for keys");
    ko_status st = path ? read_file(keys, path, err) : KO_OK;
    for (int k = 0; k < KO_KEYS && st == KO_OK; k++) {
        const char *value = getenv(names[k]);
        if (value && *value)
            st = set_value(keys, (ko_api_key)k, value, strlen(value), "", err);
    }
    if (st != KO_OK)
        goto done;
    *out_keys = keys;
    keys = NULL;
done:
    ko_api_keys_free(keys);
    return st;
}
