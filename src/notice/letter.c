#include "notice/letter.h"

#include "base/limits.h"
#include "base/text.h"
#include "notice/data.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MAX_MISSING_BYTES ((size_t)400) /* of names of facts; a line of error has 511 */

/* One letter being written. */
typedef struct writing {
    const ko_facts *facts;
    ko_buf *out;
    ko_buf missing;            /* "your signature (profile.signature), ..." */
    bool cut;                  /* missing has no room for more */
    size_t line;               /* of the template, from 1 */
    ko_missing_fn *on_missing; /* is told instead of missing; NULL: nobody */
    void *context;
    ko_error *err;
} writing;

typedef struct text {
    const char *at;
    size_t n;
} text;

/* --- what is missing --- */

static void miss(writing *w, text what, text name)
{
    if (w->on_missing) {
        w->on_missing(w->context, ko_fact_name(name.at, name.n));
        return;
    }
    char entry[MAX_MISSING_BYTES];
    (void)snprintf(entry, sizeof entry, "%.*s%s%s (%.*s)", (int)what.n, what.at, what.n ? ": " : "",
                   ko_fact_words(name.at, name.n), (int)name.n, name.at);
    if (w->missing.data && strstr(w->missing.data, entry))
        return;
    const char *between = w->missing.size ? ", " : "";
    w->cut = w->cut || w->missing.size + strlen(between) + strlen(entry) > MAX_MISSING_BYTES;
    if (!w->cut && ko_buf_printf(&w->missing, "%s%s", between, entry) != KO_OK)
        w->cut = true;
}

static ko_status tell_missing(const writing *w)
{
    if (!w->missing.size && !w->cut)
        return KO_OK;
    return ko_fail(w->err, KO_E_NOT_FOUND, "missing: %s%s", w->missing.size ? w->missing.data : "",
                   w->cut ? " and more" : "");
}

/* --- facts --- */

static bool is_blank(const char *value)
{
    return value[strspn(value, " \t\r\n")] == '\0';
}

/* Spreadsheets and forms run what begins with one of = + - @, also in their wide forms. */
static bool is_formula(const char *value)
{
    static const char *const begins[] = {
        "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(value, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

/* Bytes of the first so many characters of a valid text. */
static size_t bytes_of(const char *value, size_t characters)
{
    size_t n = 0;
    while (value[n]) {
        if (((unsigned char)value[n] & 0xC0) != 0x80 && characters-- == 0)
            break;
        n++;
    }
    return n;
}

static ko_status write_value(writing *w, const char *value, bool begins_line)
{
    ko_buf clean = KO_BUF(3 * strlen(value)); /* a bad byte grows to three */
    ko_status st = ko_text_clean(&clean, value, strlen(value));
    if (st != KO_OK)
        goto done;
    const char *trimmed = ko_text_trim(clean.data);
    const size_t n = bytes_of(trimmed, KO_MAX_LETTER_FACT);
    if (begins_line && is_formula(trimmed))
        st = ko_buf_text(w->out, "'");
    if (st == KO_OK)
        st = ko_buf_append(w->out, trimmed, n);
    if (st == KO_OK && trimmed[n])
        st = ko_buf_text(w->out, "\xE2\x80\xA6");
done:
    ko_buf_free(&clean);
    return st;
}

/* --- lines --- */

/* What the facts of a line said. */
typedef struct tally {
    bool anything, nothing; /* some said something, some optional ones nothing */
    bool required;
} tally;

static ko_status not_a_fact(const writing *w, text name)
{
    return ko_fail(w->err, KO_E_FORMAT, "line %zu: there is no fact \"%.*s\"", w->line,
                   (int)(name.n < 60 ? name.n : 60), name.at);
}

/* at is what stands between the braces. */
static ko_status write_fact(writing *w, text at, const ko_notice_listing *listing, bool begins_line,
                            tally *said)
{
    const bool optional = at.n && at.at[at.n - 1] == '?';
    const text name = {at.at, at.n - optional};
    if (!ko_fact_exists(name.at, name.n))
        return not_a_fact(w, name);
    const char *value = ko_fact_text(w->facts, listing, name.at, name.n);
    const bool empty = is_blank(value);
    said->required = said->required || !optional;
    said->anything = said->anything || !empty;
    said->nothing = said->nothing || empty;
    if (empty && !optional)
        miss(w, (text){"", 0}, name);
    return empty ? KO_OK : write_value(w, value, begins_line);
}

static void trim_end(ko_buf *out, size_t from)
{
    while (out->size > from && out->data[out->size - 1] == ' ')
        out->data[--out->size] = '\0';
}

static ko_status write_line(writing *w, text line, const ko_notice_listing *listing)
{
    const size_t from = w->out->size;
    tally said = {0};
    ko_status st = KO_OK;
    for (size_t i = 0; i < line.n && st == KO_OK;) {
        const char *here = line.at + i;
        const char *open = memchr(here, '{', line.n - i);
        const size_t plain = open ? (size_t)(open - here) : line.n - i;
        st = ko_buf_append(w->out, here, plain);
        i += plain;
        if (!open || st != KO_OK)
            continue;
        const char *close = memchr(open, '}', line.n - i);
        if (!close)
            return ko_fail(w->err, KO_E_FORMAT, "line %zu: { without }", w->line);
        const text name = {open + 1, (size_t)(close - open) - 1};
        st = write_fact(w, name, listing, w->out->size == from, &said);
        i += name.n + 2;
    }
    if (st != KO_OK)
        return st;
    if (said.nothing && !said.anything && !said.required) {
        w->out->size = from;
        w->out->data[from] = '\0';
        return KO_OK;
    }
    trim_end(w->out, from);
    return ko_buf_text(w->out, "\n");
}

/* What a fact says, of the first listing where it is one of listings. */
static const char *first_text(const ko_facts *facts, text name)
{
    return ko_fact_text(facts, facts->n_listings ? facts->listings : NULL, name.at, name.n);
}

/* "(iv) how to reach you: profile.address profile.mail" */
static ko_status check_needs(writing *w, text line)
{
    const char *colon = memchr(line.at, ':', line.n);
    if (!colon)
        return ko_fail(w->err, KO_E_FORMAT, "line %zu: @needs has no \":\"", w->line);
    const text what = {line.at, (size_t)(colon - line.at)};
    const char *end = line.at + line.n;
    for (const char *at = colon + 1; at < end;) {
        const size_t left = (size_t)(end - at);
        const char *blank = memchr(at, ' ', left);
        const text name = {at, blank ? (size_t)(blank - at) : left};
        at += name.n + 1;
        if (name.n == 0)
            continue;
        if (!ko_fact_exists(name.at, name.n))
            return not_a_fact(w, name);
        if (is_blank(first_text(w->facts, name)))
            miss(w, what, name);
    }
    return KO_OK;
}

/* The rest of a line that begins with the word; false when it does not. */
static bool after(text line, const char *word, text *out_rest)
{
    const size_t n = strlen(word);
    if (line.n < n || memcmp(line.at, word, n) != 0)
        return false;
    *out_rest = (text){line.at + n, line.n - n};
    return true;
}

static ko_status write_proofs(writing *w, text line)
{
    const ko_facts *all = w->facts;
    ko_status st = KO_OK;
    for (size_t i = 0; i < all->n_proofs && st == KO_OK; i++) {
        ko_facts turn = *all;
        turn.proof = all->proofs[i];
        w->facts = &turn;
        st = write_line(w, line, NULL);
    }
    w->facts = all;
    return st;
}

static ko_status read_line(writing *w, text line)
{
    text rest;
    if (after(line, "@needs ", &rest))
        return check_needs(w, rest);
    if (after(line, "@proof ", &rest))
        return write_proofs(w, rest);
    if (!after(line, "@each ", &rest))
        return write_line(w, line, NULL);
    if (w->facts->n_listings == 0)
        miss(w, (text){"", 0}, (text){"listing.url", strlen("listing.url")});
    ko_status st = KO_OK;
    for (size_t i = 0; i < w->facts->n_listings && st == KO_OK; i++)
        st = write_line(w, rest, &w->facts->listings[i]);
    return st;
}

static ko_status read_template(writing *w, const char *template)
{
    ko_status st = ko_buf_append(w->out, "", 0);
    for (const char *at = template; *at && st == KO_OK;) {
        const size_t n = strcspn(at, "\n");
        const bool carriage = n > 0 && at[n - 1] == '\r';
        w->line++;
        st = read_line(w, (text){at, n - carriage});
        at += n + (at[n] == '\n');
    }
    return st == KO_E_NOMEM ? ko_fail(w->err, st, "no room for a letter") : st;
}

ko_status ko_letter_write(const char *template, const ko_facts *facts, ko_buf *out, ko_error *err)
{
    assert(template && facts && out->size == 0);
    writing w = {.facts = facts, .out = out, .missing = KO_BUF(MAX_MISSING_BYTES), .err = err};
    ko_status st = read_template(&w, template);
    if (st == KO_OK)
        st = tell_missing(&w);
    if (st != KO_OK)
        ko_buf_free(out);
    ko_buf_free(&w.missing);
    return st;
}

ko_status ko_letter_missing(const char *template, const ko_facts *facts, ko_missing_fn *fn,
                            void *context, ko_error *err)
{
    assert(template && facts && fn);
    ko_buf scrap = KO_BUF(KO_MAX_LETTER_BYTES);
    writing w = {.facts = facts, .out = &scrap, .on_missing = fn, .context = context, .err = err};
    const ko_status st = read_template(&w, template);
    ko_buf_free(&scrap);
    return st;
}

const char *ko_letter_template(const char *name)
{
    const size_t n = strlen(name);
    if (n < 4 || strcmp(name + n - 4, ".txt") != 0)
        return NULL;
    const ko_embedded *file = ko_embedded_find(ko_notice_files, name);
    return file ? (const char *)file->bytes : NULL;
}
