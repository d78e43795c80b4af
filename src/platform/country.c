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

ko_country_money ko_country_money_of(ko_slice host)
{
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        const size_t n = strlen(sites[i].ending);
        if (host.n >= n && memcmp(host.at + host.n - n, sites[i].ending, n) == 0 &&
            (host.n == n || host.at[host.n - n - 1] == '.'))
            return (ko_country_money){sites[i].currency, sites[i].only};
    }
    return (ko_country_money){"", false};
}
