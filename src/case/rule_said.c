#include "case/rule_said.h"

#include "case/allow_word.h"
#include "store/profile.h"
#include "store/work.h"

#include <math.h>
#include <string.h>

static bool is_said(const char *text)
{
    return text && text[0];
}

static ko_status read_amount(const char *text, ko_rule_said *said, ko_rule *rule,
                             int64_t *out_minor, ko_error *err)
{
    ko_price price;
    if (!is_said(text))
        return KO_OK;
    if (strchr(text, '-') || ko_price_read(text, "", &price) != KO_OK ||
        price.low_minor != price.high_minor || price.low_minor <= 0)
        return ko_fail(err, KO_E_USAGE, "'%s' is no amount above 0 (as '0.50 USD')", text);
    if (!price.currency[0])
        return ko_fail(err, KO_E_USAGE, "'%s' tells no currency (as '0.50 USD')", text);
    if (rule->currency[0] && strcmp(rule->currency, price.currency) != 0)
        return ko_fail(err, KO_E_USAGE, "'%s' is not in %s, as the other amount is", text,
                       rule->currency);
    memcpy(said->currency, price.currency, sizeof said->currency);
    rule->currency = said->currency;
    *out_minor = price.low_minor;
    return KO_OK;
}

static ko_status read_prices(ko_rule_said *said, ko_rule *rule, ko_error *err)
{
    ko_status st = read_amount(said->price_below, said, rule, &rule->price_below, err);
    if (st == KO_OK)
        st = read_amount(said->price_above, said, rule, &rule->price_above, err);
    if (st == KO_OK && rule->price_below && rule->price_above >= rule->price_below)
        return ko_fail(err, KO_E_USAGE,
                       "no price is below the one and above the other: that takes two rules");
    return st;
}

static bool is_country(const char *text)
{
    return strlen(text) == 2 && !strchr(text, ' ') && strstr(ko_profile_countries(), text);
}

static ko_status read_seller(const ko_rule_said *said, ko_rule *rule, ko_error *err)
{
    const bool named = is_said(said->seller);
    if (!named && !is_said(said->on))
        return KO_OK;
    if (named && !is_said(said->on))
        return ko_fail(err, KO_E_USAGE, "where does %s sell?", said->seller);
    return named ? ko_allow_word(said->seller, said->on, &rule->seller, err)
                 : ko_allow_word(said->on, NULL, &rule->seller, err);
}

ko_status ko_rule_read(ko_store *store, ko_rule_said *said, ko_rule *out_rule, ko_error *err)
{
    ko_rule rule = {.score_below = said->score_below,
                    .country = said->country ? said->country : "",
                    .seller = {.platform = "", .seller_id = "", .seller = "", .who = ""},
                    .currency = "",
                    .who = ""};
    ko_status st =
        is_said(said->work) ? ko_work_find(store, said->work, &rule.work_id, err) : KO_OK;
    if (st == KO_OK)
        st = read_prices(said, &rule, err);
    if (st == KO_OK)
        st = read_seller(said, &rule, err);
    if (st != KO_OK)
        return st;
    if (!isfinite(rule.score_below) || rule.score_below < 0)
        return ko_fail(err, KO_E_USAGE, "a score is a number above 0");
    if (rule.country[0] && !is_country(rule.country))
        return ko_fail(err, KO_E_USAGE, "'%s' is no code of a country (as CN)", rule.country);
    if (rule.score_below == 0 && !rule.country[0] && !ko_rule_states_seller(&rule) &&
        !rule.price_below && !rule.price_above)
        return ko_fail(err, KO_E_USAGE, "a rule states a price, a score, a country or a seller");
    *out_rule = rule;
    return KO_OK;
}
