#include "platform/host.h"

#include "platform/escape.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SHOWN 80 /* bytes of a faulty host in a message */

static ko_status fail(const char *text, size_t n, const char *why, ko_error *err)
{
    return ko_fail(err, KO_E_FORMAT, "host %.*s %s", (int)(n < SHOWN ? n : SHOWN), text, why);
}

/* The longest run of two or more zero groups is written "::", the first of equals. */
static void find_zeros(const uint16_t group[8], int *out_start, int *out_length)
{
    *out_start = -1;
    *out_length = 1;
    for (int i = 0; i < 8; i++) {
        int n = 0;
        while (i + n < 8 && group[i + n] == 0)
            n++;
        if (n > *out_length) {
            *out_start = i;
            *out_length = n;
        }
    }
}

/* Hexadecimal throughout: inet_ntop writes some addresses with an IPv4 address in them. */
static void write_ipv6(const unsigned char address[16], char out[KO_HOST_SIZE])
{
    uint16_t group[8];
    for (size_t i = 0; i < 8; i++)
        group[i] = (uint16_t)(address[2 * i] << 8 | address[2 * i + 1]);
    int zeros = 0, length = 0;
    find_zeros(group, &zeros, &length);
    size_t n = 0;
    out[n++] = '[';
    for (int i = 0; i < 8; i++) {
        if (i == zeros) {
            out[n++] = ':';
            out[n++] = ':';
            i += length - 1;
            continue;
        }
        const char *colon = i && out[n - 1] != ':' ? ":" : "";
        n += (size_t)snprintf(out + n, KO_HOST_SIZE - n, "%s%x", colon, (unsigned)group[i]);
    }
    (void)snprintf(out + n, KO_HOST_SIZE - n, "]");
}

static ko_status normal_ipv6(const char *text, size_t n, char out[KO_HOST_SIZE], ko_error *err)
{
    char inner[INET6_ADDRSTRLEN];
    unsigned char address[16];
    if (n < 4 || text[n - 1] != ']' || n - 2 >= sizeof inner)
        return fail(text, n, "is no IPv6 address", err);
    memcpy(inner, text + 1, n - 2);
    inner[n - 2] = '\0';
    if (inet_pton(AF_INET6, inner, address) != 1)
        return fail(text, n, "is no IPv6 address", err);
    write_ipv6(address, out);
    return KO_OK;
}

/* Reads decimal, 0x and 0 (octal) numbers up to the next dot; false for anything else. */
static bool read_number(const char **text, uint64_t *out)
{
    const char *at = *text;
    unsigned base = 10;
    if (at[0] == '0' && at[1] == 'x') {
        base = 16;
        at += 2;
    } else if (at[0] == '0' && at[1] && at[1] != '.') {
        base = 8;
        at++;
    }
    uint64_t value = 0;
    for (; *at && *at != '.'; at++) {
        const char *digits = "0123456789abcdef";
        const char *digit = strchr(digits, *at);
        if (!digit || (unsigned)(digit - digits) >= base)
            return false;
        value = value * base + (unsigned)(digit - digits);
        value = value > UINT32_MAX ? (uint64_t)UINT32_MAX + 1 : value; /* stays too large */
    }
    *text = at;
    *out = value;
    return true;
}

/* True when the last label is all digits or a hexadecimal number. */
static bool ends_in_number(const char *name)
{
    const char *dot = strrchr(name, '.');
    const char *last = dot ? dot + 1 : name;
    if (!*last)
        return false;
    if (strspn(last, "0123456789") == strlen(last))
        return true;
    return last[0] == '0' && last[1] == 'x' &&
           strspn(last + 2, "0123456789abcdef") == strlen(last + 2);
}

/* Up to four numbers, of which the last fills the bytes that are left. */
static bool normal_ipv4(char name[KO_HOST_SIZE])
{
    uint64_t number[4] = {0};
    size_t n = 0;
    for (const char *at = name;; at++) {
        if (n == 4 || !*at || *at == '.' || !read_number(&at, &number[n++]))
            return false;
        if (!*at)
            break;
    }
    uint64_t address = number[n - 1];
    if (address >= (uint64_t)1 << (8 * (5 - n)))
        return false;
    for (size_t i = 0; i + 1 < n; i++) {
        if (number[i] > 255)
            return false;
        address |= number[i] << (8 * (3 - i));
    }
    (void)snprintf(name, KO_HOST_SIZE, "%u.%u.%u.%u", (unsigned)(address >> 24),
                   (unsigned)(address >> 16 & 255), (unsigned)(address >> 8 & 255),
                   (unsigned)(address & 255));
    return true;
}

static bool is_plain_ascii(const char *name)
{
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c >= 0x80)
            return false;
    return true;
}

static void lower(char *name)
{
    for (char *c = name; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
}

/* Undoes percent-encoding into decoded[0..KO_HOST_SIZE). */
static ko_status decode(const char *text, size_t n, char *decoded, size_t size, ko_error *err)
{
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        const int value = ko_escape_value(text + i, n - i);
        const char c = (char)(value >= 0 ? value : text[i]);
        i += value >= 0 ? 2 : 0;
        if (c == '\0')
            return fail(text, n, "holds a zero byte", err);
        if (length + 1 >= size)
            return ko_fail(err, KO_E_LIMIT, "host of %zu bytes, limit %zu", n, size - 1);
        decoded[length++] = c;
    }
    decoded[length] = '\0';
    return KO_OK;
}

static ko_status to_ascii(const char *name, char out[KO_HOST_SIZE], ko_error *err)
{
    uint8_t *ascii = NULL;
    const int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
    const int rc = idn2_lookup_u8((const uint8_t *)name, &ascii, flags);
    if (rc == IDN2_MALLOC)
        return ko_fail(err, KO_E_NOMEM, "no memory for a host");
    if (rc != IDN2_OK)
        return fail(name, strlen(name), idn2_strerror(rc), err);
    (void)snprintf(out, KO_HOST_SIZE, "%s", (const char *)ascii);
    idn2_free(ascii);
    return KO_OK;
}

ko_status ko_host_normal(const char *text, size_t n, char out[KO_HOST_SIZE], ko_error *err)
{
    if (n && text[0] == '[')
        return normal_ipv6(text, n, out, err);
    char decoded[4 * KO_HOST_SIZE] = "", name[KO_HOST_SIZE] = "";
    ko_status st = decode(text, n, decoded, sizeof decoded, err);
    if (st != KO_OK)
        return st;
    lower(decoded);
    if (!is_plain_ascii(decoded))
        st = to_ascii(decoded, name, err);
    else if (strlen(decoded) < sizeof name)
        memcpy(name, decoded, strlen(decoded) + 1);
    else
        st = ko_fail(err, KO_E_LIMIT, "host of %zu bytes, limit %d", n, KO_HOST_SIZE - 1);
    if (st != KO_OK)
        return st;
    size_t length = strlen(name);
    while (length && name[length - 1] == '.')
        name[--length] = '\0';
    if (length == 0)
        return fail(text, n, "is empty", err);
    for (const char *c = name; *c; c++)
        if (*c <= ' ' || *c == 0x7f || strchr("#%/:<>?@[\\]^|", *c))
            return fail(text, n, "holds a character that no host has", err);
    if (ends_in_number(name) && !normal_ipv4(name))
        return fail(text, n, "is no IPv4 address", err);
    memcpy(out, name, strlen(name) + 1);
    return KO_OK;
}
