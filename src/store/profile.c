#include "store/profile.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* --- what a text may be --- */

static ko_status refuse(const char *what, const char *text, ko_error *err)
{
    return ko_fail(err, KO_E_USAGE, "%s, not '%.80s'", what, text);
}

/* Two officially assigned letters each (ISO 3166-1, checked 2026-11). */
static const char countries[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM "
    "ZW";

bool ko_profile_is_country(const char *text)
{
    return strlen(text) == 2 && !strchr(text, ' ') && strstr(countries, text);
}

const char *ko_profile_countries(void)
{
    return countries;
}

static ko_status check_country(const char *text, ko_error *err)
{
    if (ko_profile_is_country(text))
        return KO_OK;
    return refuse("country takes two letters of ISO 3166 such as DE", text, err);
}

static size_t count(const char *text, int (*is)(int))
{
    size_t n = 0;
    while (is((unsigned char)text[n]))
        n++;
    return n;
}

/* A language of two or three letters, and subtags of up to eight letters and digits. */
static ko_status check_language(const char *text, ko_error *err)
{
    size_t n = count(text, isalpha);
    bool fits = n == 2 || n == 3;
    for (const char *at = text + n; fits && *at; at += n) {
        fits = *at++ == '-';
        n = count(at, isalnum);
        fits = fits && n >= 1 && n <= 8;
    }
    return fits ? KO_OK : refuse("language takes a tag such as en or pt-BR", text, err);
}

static ko_status check_mail(const char *text, ko_error *err)
{
    const char *at = strchr(text, '@');
    const bool fits = at && at > text && strchr(at + 1, '.') && at[1] != '.' &&
                      !strchr(at + 1, '@') && !strpbrk(text, " \t<>,;");
    return fits ? KO_OK : refuse("public_mail takes a mail address", text, err);
}

static ko_status check_phone(const char *text, ko_error *err)
{
    size_t digits = 0;
    for (const char *c = text; *c; c++)
        digits += isdigit((unsigned char)*c) != 0;
    const bool fits = digits >= 5 && strspn(text, "+0123456789 ()-./") == strlen(text);
    return fits ? KO_OK : refuse("a phone number has at least five digits", text, err);
}

static ko_status check_role(const char *text, ko_error *err)
{
    const bool fits = strcmp(text, "owner") == 0 || strcmp(text, "agent") == 0;
    return fits ? KO_OK : refuse("role takes owner or agent", text, err);
}

static ko_status check_any(const char *text, ko_error *err)
{
    (void)text;
    (void)err;
    return KO_OK;
}

/* --- the fields --- */

static const struct field {
    const char *name;
    ko_status (*check)(const char *text, ko_error *err);
    bool is_private;
} fields[KO_PROFILE_FIELDS] = {
    [KO_PROFILE_LEGAL_NAME] = {"legal_name", check_any, false},
    [KO_PROFILE_COMPANY] = {"company", check_any, false},
    [KO_PROFILE_ROLE] = {"role", check_role, false},
    [KO_PROFILE_HOLDER] = {"holder", check_any, false},
    [KO_PROFILE_SIGNATURE] = {"signature", check_any, false},
    [KO_PROFILE_COUNTRY] = {"country", check_country, false},
    [KO_PROFILE_LANGUAGE] = {"language", check_language, false},
    [KO_PROFILE_PUBLIC_NAME] = {"public_name", check_any, false},
    [KO_PROFILE_PUBLIC_MAIL] = {"public_mail", check_mail, false},
    [KO_PROFILE_PUBLIC_PHONE] = {"public_phone", check_phone, false},
    [KO_PROFILE_PUBLIC_ADDRESS] = {"public_address", check_any, false},
    [KO_PROFILE_PRIVATE_PHONE] = {"private_phone", check_phone, true},
    [KO_PROFILE_PRIVATE_ADDRESS] = {"private_address", check_any, true},
};

const char *ko_profile_name(ko_profile_field field)
{
    assert(field < KO_PROFILE_FIELDS);
    return fields[field].name;
}

bool ko_profile_is_private(ko_profile_field field)
{
    assert(field < KO_PROFILE_FIELDS);
    return fields[field].is_private;
}

ko_status ko_profile_find(const char *name, ko_profile_field *out_field, ko_error *err)
{
    ko_buf names = KO_BUF(KO_ERROR_TEXT_SIZE);
    for (int i = 0; i < KO_PROFILE_FIELDS; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            *out_field = (ko_profile_field)i;
            ko_buf_free(&names);
            return KO_OK;
        }
        if (ko_buf_printf(&names, "%s%s", i ? ", " : "", fields[i].name) != KO_OK)
            break;
    }
    const ko_status st = ko_fail(err, KO_E_USAGE, "the profile has no '%.40s', only %s", name,
                                 names.data ? names.data : "other fields");
    ko_buf_free(&names);
    return st;
}

static ko_status check(ko_profile_field field, const char *text, ko_error *err)
{
    const size_t n = strlen(text);
    if (n > KO_MAX_PROFILE_TEXT)
        return ko_fail(err, KO_E_USAGE, "%s: %zu bytes, limit %zu", fields[field].name, n,
                       KO_MAX_PROFILE_TEXT);
    char *clean = ko_text_clean_dup(text);
    if (!clean)
        return ko_fail(err, KO_E_NOMEM, "%s", fields[field].name);
    const bool same = strcmp(clean, text) == 0;
    ko_free(clean);
    if (!same)
        return ko_fail(err, KO_E_USAGE, "%s: one line of plain text, without control characters",
                       fields[field].name);
    return fields[field].check(text, err);
}

/* --- keeping --- */

#define KEY_SIZE 40

static void write_key(ko_profile_field field, char out[KEY_SIZE])
{
    (void)snprintf(out, KEY_SIZE, "profile.%s", fields[field].name);
}

ko_status ko_profile_set(ko_store *store, ko_profile_field field, const char *text, ko_error *err)
{
    char key[KEY_SIZE];
    const ko_status st = text[0] ? check(field, text, err) : KO_OK;
    write_key(field, key);
    return st == KO_OK ? ko_store_set_setting(store, key, text, err) : st;
}

ko_status ko_profile_read(ko_store *store, ko_user *out_profile, ko_error *err)
{
    ko_status st = KO_OK;
    *out_profile = (ko_user){0};
    for (int i = 0; st == KO_OK && i < KO_PROFILE_FIELDS; i++) {
        char key[KEY_SIZE];
        write_key((ko_profile_field)i, key);
        st = ko_store_setting(store, key, &out_profile->text[i], err);
    }
    return st;
}

void ko_profile_free(ko_user *profile)
{
    for (int i = 0; i < KO_PROFILE_FIELDS; i++)
        ko_free(profile->text[i]);
    *profile = (ko_user){0};
}

const char *ko_profile_signature(const ko_user *profile)
{
    const char *signature = profile->text[KO_PROFILE_SIGNATURE];
    return signature[0] ? signature : profile->text[KO_PROFILE_LEGAL_NAME];
}
