#include "page/picture.h"

#include "base/limits.h"
#include "page/web.h"
#include "page/words.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define KEY_SIZE (KO_MAX_URL_BYTES + 1)
#define ORIGINAL_PX 1000000u
#define DIGITS "0123456789"
#define MIN_DENSITY 1e-9              /* a density of 0 is allowed, and the worst */
#define THUMBNAIL_PX 200u             /* and less is no use to look for a work in */
#define MIN_DATA_BYTES ((size_t)2000) /* of a "data:" URL; a blurred stand-in has a few hundred */

static const char *const endings[] = {".jpg", ".jpeg", ".png", ".webp", ".avif",
                                      ".gif", ".jfif", ".bmp", ".tif",  ".tiff"};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Length of the picture ending that begins at text, 0 when none does. */
static size_t ending_length(const char *text)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t n = strlen(endings[i]);
        if (strncasecmp(text, endings[i], n) == 0 && !isalnum((unsigned char)text[n]))
            return n;
    }
    return 0;
}

/* Length of a size such as "640x480", "570xN", "x300", "fullxfull" at text; sets *out_px to
 * the longer side, or to 0 for "full". */
static size_t size_length(const char *text, unsigned *out_px)
{
    if (strncasecmp(text, "fullxfull", 9) == 0) {
        *out_px = 0;
        return 9;
    }
    size_t n = 0;
    unsigned width = 0, height = 0;
    for (; is_digit(text[n]) && n < 5; n++)
        width = 10 * width + (unsigned)(text[n] - '0');
    if (text[n] != 'x' && text[n] != 'X')
        return 0;
    const size_t after_x = ++n;
    for (; is_digit(text[n]) && n < after_x + 5; n++)
        height = 10 * height + (unsigned)(text[n] - '0');
    if (text[n] == 'N' && n == after_x)
        n++;
    *out_px = width > height ? width : height;
    return *out_px >= 10 && !isalnum((unsigned char)text[n]) ? n : 0;
}

/* Length of the step of a path at text (up to a slash) that holds only sizes: "s-l1600.jpg",
 * "w_1200,q_auto:good", "thumbs". Sets *out_px to the size if it has one. */
static size_t sizing_step(const char *text, unsigned *out_px)
{
    const size_t n = strcspn(text, "/?#");
    if (strncmp(text, "s-l", 3) == 0 && is_digit(text[3])) {
        *out_px = (unsigned)strtoul(text + 3, NULL, 10);
        return n;
    }
    if ((text[0] == 'w' || text[0] == 'h' || text[0] == 'c' || text[0] == 'q') && text[1] == '_' &&
        text[n] == '/') {
        *out_px = text[0] == 'w' ? (unsigned)strtoul(text + 2, NULL, 10) : 0;
        return n;
    }
    if ((n == 6 && strncasecmp(text, "thumbs", 6) == 0) ||
        (n == 5 && strncasecmp(text, "thumb", 5) == 0)) {
        *out_px = 200;
        return n;
    }
    return 0;
}

/* Where the path of an address begins: behind scheme and host. */
static const char *path_of(const char *url)
{
    const char *host = strstr(url, "//");
    const char *path = host ? strchr(host + 2, '/') : NULL;
    return path ? path : url;
}

/* The name of a size in a query: w, h, width, height, wid, hei, sw, sh, size, s, q, quality... */
static bool is_size_parameter(const char *text, size_t n)
{
    static const char *const names[] = {"w",   "h",    "width", "height", "wid",  "hei",
                                        "sw",  "sh",   "q",     "size",   "fit",  "quality",
                                        "qlt", "dpr",  "fmt",   "op",     "auto", "format",
                                        "f",   "crop", "cropN", "v",      "hash", "version"};
    const size_t name = strcspn(text, "=&");
    if (n == 0 || *text == '$' || strncmp(text, "%24", 3) == 0) /* presets: ?$large$ */
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (name == strlen(names[i]) && strncasecmp(text, names[i], name) == 0)
            return true;
    return false;
}

typedef struct address {
    char key[KEY_SIZE]; /* the address without host and sizes */
    unsigned px;        /* the largest size it speaks of, 0 for none */
} address;

static void note_size(address *a, unsigned px)
{
    if (px > a->px)
        a->px = px;
}

static void read_query(const char *query, bool named, address *out, size_t n)
{
    while (*query) {
        const size_t length = strcspn(query, "&#");
        const bool size = is_size_parameter(query, length);
        if (size && (*query == 'w' || *query == 'h' || *query == 's'))
            note_size(out, (unsigned)strtoul(query + strcspn(query, "=&") + 1, NULL, 10) % 100000);
        if (!named && !size && n + length + 1 < KEY_SIZE) {
            out->key[n++] = '&';
            memcpy(out->key + n, query, length);
            n += length;
        }
        query += length;
        query += *query == '&';
        if (*query == '#')
            break;
    }
    out->key[n] = '\0';
}

/* Splits an address into what names the picture and what sizes it. Behind the first picture
 * ending of a name nothing names anything ("x.jpg_220x220q75.jpg_.avif"). */
static void read_address(const char *url, address *out)
{
    size_t n = 0;
    bool named = false;
    out->px = 0;
    const char *at = path_of(url);
    while (*at && *at != '?' && *at != '#' && n + 1 < KEY_SIZE) {
        unsigned px = 0;
        size_t skip = at[0] == '/' ? sizing_step(at + 1, &px) : 0;
        if (skip > 0) {
            skip++;
        } else if (at[0] == '.' && at[1] == '_') { /* Amazon: "._AC_SX300_." */
            const char *end = strstr(at + 2, "_.");
            skip = end && !memchr(at, '/', (size_t)(end - at)) ? (size_t)(end - at) + 1 : 0;
            for (size_t i = 2; i + 2 < skip; i++)
                if (isupper((unsigned char)at[i]) && is_digit(at[i + 1]))
                    px = (unsigned)strtoul(at + i + 1, NULL, 10) % 100000;
        } else if (strchr("_-./", at[0])) {
            skip = size_length(at + 1, &px);
            skip += skip > 0;
        }
        note_size(out, px);
        if (skip == 0 && !named && (skip = ending_length(at)) > 0)
            named = at[strcspn(at, "/?#")] != '/';
        else if (skip == 0 && ++skip && !named)
            out->key[n++] = *at;
        at += skip;
    }
    out->key[n] = '\0';
    at = strchr(at, '?');
    if (at)
        read_query(at + 1, named, out, n);
}

/* The last step of an address or path. */
static const char *name_of(const char *url)
{
    const char *end = url + strcspn(url, "?#");
    while (end > url && end[-1] != '/')
        end--;
    return end;
}

bool ko_picture_same(const char *a, const char *b)
{
    address first, second;
    if (strcmp(a, b) == 0)
        return true;
    if (ko_web_is_data(a) || ko_web_is_data(b))
        return false;
    if (ko_web_is_local(a) != ko_web_is_local(b)) { /* browsers keep only the name */
        a = name_of(a);
        b = name_of(b);
    }
    read_address(a, &first);
    read_address(b, &second);
    return first.key[0] && strcmp(first.key, second.key) == 0;
}

bool ko_picture_sibling(const char *a, const char *b)
{
    address first, second;
    if (ko_web_is_data(a) || ko_web_is_data(b))
        return false;
    read_address(a, &first);
    read_address(b, &second);
    const char *slash = strrchr(first.key, '/');
    const char *other = strrchr(second.key, '/');
    const char *x = slash ? slash + 1 : first.key;
    const char *y = other ? other + 1 : second.key;
    size_t n = 0, digits = 0;
    while (x[n] && x[n] == y[n])
        n++;
    const size_t longest = strlen(x + n) > strlen(y + n) ? strlen(x + n) : strlen(y + n);
    if (is_digit(x[n]) || is_digit(y[n])) /* numbers are shared whole or not at all */
        while (n > 0 && is_digit(x[n - 1]))
            n--;
    for (size_t i = 0; i < n; i++)
        digits += is_digit(x[i]);
    return digits >= 5 && longest <= 8;
}

unsigned ko_picture_size_hint(const char *url)
{
    address a = {.px = 0};
    if (!ko_web_is_data(url))
        read_address(url, &a);
    return a.px ? a.px : ORIGINAL_PX;
}

double ko_picture_rank(const char *url)
{
    const unsigned px = ko_picture_size_hint(url);
    return ko_web_is_local(url) && px >= THUMBNAIL_PX ? 2.0 * ORIGINAL_PX + px : px;
}

bool ko_picture_is_name(const char *url)
{
    const char *path = path_of(url);
    const size_t n = strcspn(path, "?#");
    for (const char *at = path; at < path + n; at++)
        if (*at == '.' && ending_length(at) > 0)
            return true;
    return false;
}

bool ko_picture_is_placeholder(const char *url)
{
    static const char *const words[] = {
        "placeholder", "spacer",   "blank.",    "pixel.",   "1x1",          "loading", "lazyload",
        "lazy_load",   "no-image", "noimage",   "no_image", "transparent.", "sprite",  "/icons/",
        "/icon-",      "_icon",    "-lazy.",    "favicon",  "grey-pixel",   "dummy.",  "/logo",
        "_logo",       "-logo",    "play-icon", "spinner",  "/s.gif",       NULL};
    const char *path = path_of(url);
    const size_t n = strcspn(path, "?#");
    if (ko_web_is_data(url))
        return strlen(url) < MIN_DATA_BYTES;
    if (n < 2)
        return true;
    if (n > 4 && strncasecmp(path + n - 4, ".svg", 4) == 0)
        return true;
    return ko_words_find(path, n, words) != NULL;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* What the descriptors of one candidate say; 0 for what none does. */
typedef struct descriptors {
    double width, density, height;
    bool wrong;
} descriptors;

/* Length of a valid floating-point number at text (HTML Living Standard, 2.3.4.3); 0 for none. */
static size_t number_length(const char *text, bool whole)
{
    size_t n = !whole && *text == '-', digits = strspn(text + n, DIGITS);
    n += digits;
    if (!whole && text[n] == '.' && is_digit(text[n + 1])) {
        digits += strspn(text + n + 1, DIGITS);
        n += 1 + strspn(text + n + 1, DIGITS);
    }
    if (digits == 0)
        return 0;
    if (!whole && (text[n] == 'e' || text[n] == 'E')) {
        const size_t sign = text[n + 1] == '+' || text[n + 1] == '-';
        const size_t exponent = strspn(text + n + 1 + sign, DIGITS);
        n += exponent > 0 ? 1 + sign + exponent : 0;
    }
    return n;
}

/* Reads one descriptor of n bytes: "300w", "2x" or "200h", each at most once, density alone. */
static void read_descriptor(const char *text, size_t n, descriptors *out)
{
    const char unit = text[n - 1];
    const bool whole = unit != 'x';
    const bool number = n > 1 && number_length(text, whole) == n - 1;
    const double value = number ? strtod(text, NULL) : -1;
    double *kept = unit == 'w' ? &out->width : unit == 'h' ? &out->height : &out->density;
    const bool first =
        unit == 'x' ? !out->width && !out->density && !out->height : !*kept && !out->density;
    if (!number || !strchr("wxh", unit) || !first || value < 0 || (whole && value == 0))
        out->wrong = true;
    else
        *kept = value > 0 ? value : MIN_DENSITY;
}

/* Reads the descriptors behind a candidate up to its comma, which does not count inside
 * brackets. *out_size is its width or density, 1 without one, negative when they make no
 * sense. */
static const char *read_descriptors(const char *at, double *out_size)
{
    descriptors all = {0};
    while (*at && *at != ',') {
        const char *token = at;
        bool open = false;
        for (; *at && (open || (*at != ',' && !is_space(*at))); at++)
            open = *at == '(' || (open && *at != ')');
        if (at > token)
            read_descriptor(token, (size_t)(at - token), &all);
        while (is_space(*at))
            at++;
    }
    if (all.wrong || (all.height > 0 && all.width <= 0))
        *out_size = -1;
    else
        *out_size = all.width > 0 ? all.width : all.density > 0 ? all.density : 1;
    return at;
}

size_t ko_picture_srcset(const char *srcset, const char **out_url, double *out_size)
{
    assert(srcset && out_url && out_size);
    size_t best = 0;
    const char *at = srcset;
    while (*at) {
        while (is_space(*at) || *at == ',')
            at++;
        const char *url = at;
        while (*at && !is_space(*at))
            at++;
        const char *end = at;
        while (end > url && end[-1] == ',')
            end--;
        double size = 1;
        if (end == at)
            at = read_descriptors(at, &size);
        if (end > url && size > 0 && (best == 0 || size > *out_size)) {
            best = (size_t)(end - url);
            *out_url = url;
            *out_size = size;
        }
    }
    return best;
}
