#include "platform/country.h"

#include <string.h>

/* Markets first, then countries whose signs are shared with larger ones: "$", "kr", "¥", "Rs",
 * "£", "R". Others need no entry, as their sign or code is clear. */
static const struct site {
    const char *ending, *currency;
    bool only;
} sites[] = {
    {"taobao.com", "CNY", true}, {"tmall.com", "CNY", true},     {"1688.com", "CNY", true},
    {"jd.com", "CNY", true},     {"pinduoduo.com", "CNY", true}, {"ar", "ARS", false},
    {"au", "AUD", false},        {"br", "BRL", false},           {"ca", "CAD", false},
    {"cl", "CLP", false},        {"cn", "CNY", false},           {"co", "COP", false},
    {"cz", "CZK", false},        {"dk", "DKK", false},           {"eg", "EGP", false},
    {"fo", "DKK", false},        {"hk", "HKD", false},           {"in", "INR", false},
    {"is", "ISK", false},        {"jm", "JMD", false},           {"jp", "JPY", false},
    {"lk", "LKR", false},        {"mx", "MXN", false},           {"np", "NPR", false},
    {"no", "NOK", false},        {"nz", "NZD", false},           {"pk", "PKR", false},
    {"se", "SEK", false},        {"sg", "SGD", false},           {"tt", "TTD", false},
    {"tw", "TWD", false},        {"uy", "UYU", false},           {"za", "ZAR", false},
};

static bool ends_in(ko_slice host, const char *ending)
{
    const size_t n = strlen(ending);
    return host.n >= n && memcmp(host.at + host.n - n, ending, n) == 0 &&
           (host.n == n || host.at[host.n - n - 1] == '.');
}

ko_country_money ko_country_money_of(ko_slice host)
{
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++)
        if (ends_in(host, sites[i].ending))
            return (ko_country_money){sites[i].currency, sites[i].only};
    return (ko_country_money){"", false};
}

/* Domains of countries that are in use all over the world, as search engines take them, and those
 * of no country. */
static const char *const worldwide[] = {"ac", "ad", "ai", "as", "bz", "cc", "cd", "cf", "co",
                                        "dj", "eu", "fm", "ga", "gg", "gl", "gq", "im", "io",
                                        "la", "ly", "me", "ml", "ms", "nu", "pw", "sc", "sh",
                                        "sr", "st", "su", "tk", "to", "tv", "vc", "vg", "ws"};

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static char capital(char c)
{
    return (char)(c & ~0x20);
}

void ko_country_of(ko_slice host, char out[KO_COUNTRY_SIZE])
{
    const size_t n = host.n;
    out[0] = out[2] = '\0';
    for (size_t i = 0; i < sizeof worldwide / sizeof *worldwide; i++)
        if (ends_in(host, worldwide[i]))
            return;
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        if (sites[i].only && ends_in(host, sites[i].ending)) {
            memcpy(out, sites[i].currency, 2); /* which begins with the country (ISO 4217) */
            return;
        }
    }
    if (n < 3 || host.at[n - 3] != '.' || !is_letter(host.at[n - 2]) || !is_letter(host.at[n - 1]))
        return;
    const char *name = ends_in(host, "uk") ? "gb" : host.at + n - 2;
    out[0] = capital(name[0]);
    out[1] = capital(name[1]);
}
