#include "case/estimate.h"

#include "base/alloc.h"
#include "platform/currencies.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Settings of the store. */
#define EACH "estimate_each"
#define RATES "estimate_rates"

#define MOST_RATE 1e9 /* a currency of the day is worth less of any other */

/* --- what the user states --- */

static bool is_currency(const char *code)
{
    const ko_currency *at = ko_currencies;
    while (at->code[0] && strcmp(at->code, code) != 0)
        at++;
    return at->code[0] != '\0';
}

static ko_status read_each(const char *text, ko_estimate_wish *out, ko_error *err)
{
    ko_price price = {0};
    if (!text[0])
        return KO_OK;
    const bool read = !strchr(text, '-') && ko_price_read(text, "", &price) == KO_OK;
    if (!read || price.low_minor <= 0 || price.high_minor != price.low_minor || !price.currency[0])
        return ko_fail(err, KO_E_USAGE, "an amount with its currency such as 25 EUR, not '%.80s'",
                       text);
    memcpy(out->each_currency, price.currency, sizeof price.currency);
    out->each = (double)price.low_minor / pow(10, price.minor_digits);
    return KO_OK;
}

/* One word, n bytes: "EUR", or behind it "USD=0.92". */
static bool read_rate(const char *word, size_t n, ko_estimate_wish *out)
{
    char code[KO_CURRENCY_SIZE] = "";
    if (n < 3)
        return false;
    memcpy(code, word, 3);
    if (!is_currency(code))
        return false;
    if (!out->into[0]) {
        memcpy(out->into, code, sizeof code);
        return n == 3;
    }
    char *end;
    const double rate = n > 4 && word[3] == '=' ? strtod(word + 4, &end) : 0;
    if (!(rate > 0 && rate <= MOST_RATE) || end != word + n || ko_estimate_rate_of(out, code) > 0 ||
        out->n_rates == KO_MAX_ESTIMATE_RATES)
        return false;
    ko_estimate_rate *next = &out->rates[out->n_rates++];
    memcpy(next->currency, code, sizeof code);
    next->rate = rate;
    return true;
}

static ko_status read_rates(const char *text, ko_estimate_wish *out, ko_error *err)
{
    const char *at = text + strspn(text, " ");
    while (*at) {
        const size_t n = strcspn(at, " ");
        if (!read_rate(at, n, out))
            return ko_fail(err, KO_E_USAGE,
                           "a currency and what others are worth in it, such as EUR USD=0.92, not "
                           "'%.80s'",
                           text);
        at += n;
        at += strspn(at, " ");
    }
    return KO_OK;
}

static ko_status read_setting(ko_store *store, const char *name,
                              ko_status (*read)(const char *, ko_estimate_wish *, ko_error *),
                              ko_estimate_wish *out, ko_error *err)
{
    char *text = NULL;
    ko_status st = ko_store_setting(store, name, &text, err);
    if (st == KO_OK)
        st = read(text, out, err);
    ko_free(text);
    return st;
}

ko_status ko_estimate_wish_read(ko_store *store, ko_estimate_wish *out_wish, ko_error *err)
{
    *out_wish = (ko_estimate_wish){0};
    const ko_status st = read_setting(store, EACH, read_each, out_wish, err);
    return st == KO_OK ? read_setting(store, RATES, read_rates, out_wish, err) : st;
}

ko_status ko_estimate_set_each(ko_store *store, const char *text, ko_error *err)
{
    ko_estimate_wish wish = {0};
    const ko_status st = read_each(text, &wish, err);
    return st == KO_OK ? ko_store_set_setting(store, EACH, text, err) : st;
}

ko_status ko_estimate_set_rates(ko_store *store, const char *text, ko_error *err)
{
    ko_estimate_wish wish = {0};
    const ko_status st = read_rates(text, &wish, err);
    return st == KO_OK ? ko_store_set_setting(store, RATES, text, err) : st;
}

double ko_estimate_rate_of(const ko_estimate_wish *wish, const char *currency)
{
    if (strcmp(wish->into, currency) == 0)
        return 1;
    for (size_t i = 0; i < wish->n_rates; i++)
        if (strcmp(wish->rates[i].currency, currency) == 0)
            return wish->rates[i].rate;
    return 0;
}

/* --- counting --- */

/* NULL when there is no memory. */
static ko_estimate_sum *sum_of(ko_estimate *e, const char *currency)
{
    for (size_t i = 0; i < e->n_sums; i++)
        if (strcmp(e->sums[i].currency, currency) == 0)
            return &e->sums[i];
    ko_estimate_sum *sums = ko_grown(e->sums, e->n_sums, &e->capacity, sizeof *sums);
    if (!sums)
        return NULL;
    e->sums = sums;
    sums += e->n_sums++;
    *sums = (ko_estimate_sum){0};
    memcpy(sums->currency, currency, strlen(currency) + 1);
    return sums;
}

static ko_status no_memory(const ko_estimate *e, ko_error *err)
{
    return ko_fail(err, KO_E_NOMEM, "no memory for %zu currencies", e->n_sums + 1);
}

ko_status ko_estimate_add(ko_estimate *e, const ko_price *price, double sold, ko_error *err)
{
    e->listings++;
    if (!price || price->ask || !price->currency[0] || sold < 0) {
        e->not_counted++;
        return KO_OK;
    }
    ko_estimate_sum *sum = sum_of(e, price->currency);
    if (!sum)
        return no_memory(e, err);
    sum->amount += (double)price->low_minor / pow(10, price->minor_digits) * sold;
    sum->by_sold++;
    return KO_OK;
}

static ko_status add_stated(ko_estimate *e, ko_error *err)
{
    if (!e->wish.each_currency[0] || e->not_counted == 0)
        return KO_OK;
    ko_estimate_sum *sum = sum_of(e, e->wish.each_currency);
    if (!sum)
        return no_memory(e, err);
    sum->amount += e->wish.each * (double)e->not_counted;
    sum->by_each = e->not_counted;
    e->not_counted = 0;
    return KO_OK;
}

ko_status ko_estimate_settle(ko_estimate *e, ko_error *err)
{
    const ko_status st = add_stated(e, err);
    for (size_t i = 0; st == KO_OK && e->wish.into[0] && i < e->n_sums; i++) {
        const double rate = ko_estimate_rate_of(&e->wish, e->sums[i].currency);
        e->total += rate * e->sums[i].amount;
        e->n_left_out += rate == 0;
    }
    return st;
}

void ko_estimate_free(ko_estimate *e)
{
    ko_free(e->sums);
    e->sums = NULL;
}

/* --- how many were sold --- */

/* Bytes of what stands between groups of digits; 0: nothing does. */
static size_t separator(const char *at)
{
    static const char *const all[] = {",", ".", " ", "'", "\xc2\xa0", "\xe2\x80\xaf"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strncmp(at, all[i], strlen(all[i])) == 0)
            return strlen(all[i]);
    return 0;
}

static size_t digits(const char *at)
{
    size_t n = 0;
    while (isdigit((unsigned char)at[n]))
        n++;
    return n;
}

/* A thousand of "1.2k", a million of "3 M"; 1 where no such letter stands alone. */
static double multiple(const char *at)
{
    at += *at == ' ';
    const int letter = tolower((unsigned char)*at);
    if (!letter || isalpha((unsigned char)at[1]))
        return 1;
    return letter == 'k' ? 1e3 : letter == 'm' ? 1e6 : 1;
}

bool ko_sold_read(const char *text, double *out_sold)
{
    const char *at = text + strcspn(text, "0123456789");
    size_t n = digits(at);
    double number = 0, part = 0, unit = 1;
    if (n == 0 || n > KO_MAX_SOLD_DIGITS || (at > text && at[-1] == '-'))
        return false;
    for (size_t all = n;; all += n) {
        for (size_t i = 0; i < n; i++)
            number = 10 * number + (*at++ - '0');
        const size_t gap = separator(at);
        n = gap ? digits(at + gap) : 0;
        if (n != 3 || all + n > KO_MAX_SOLD_DIGITS)
            break;
        at += gap;
    }
    if ((*at == '.' || *at == ',') && n > 0) { /* a part, which only thousands and millions have */
        for (at++; n > 0; n--)
            part += (*at++ - '0') * (unit /= 10);
        if (multiple(at) == 1)
            return false;
    }
    *out_sold = (number + part) * multiple(at);
    return true;
}
