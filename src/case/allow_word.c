#include "case/allow_word.h"

#include "platform/shops.h"

#include <stdio.h>
#include <string.h>

static bool is_marketplace(const char *word)
{
    for (const ko_shop *shop = ko_shops; shop->platform; shop++)
        if (shop->name && strcmp(shop->platform, word) == 0)
            return true;
    return false;
}

static ko_status read_host(const char *word, ko_allow *out, ko_error *err)
{
    char host[KO_HOST_SIZE];
    const ko_status st = ko_host_normal(word, strlen(word), host, err);
    if (st == KO_OK)
        (void)snprintf(out->host, sizeof out->host, "%s", host);
    return st;
}

ko_status ko_allow_word(const char *word, const char *on, ko_allow *out_entry, ko_error *err)
{
    *out_entry = (ko_allow){.platform = "", .seller_id = "", .seller = on ? word : "", .who = ""};
    if (on && is_marketplace(on)) {
        out_entry->platform = on;
        return KO_OK;
    }
    if (!on && is_marketplace(word))
        return ko_fail(err, KO_E_USAGE, "%s has many sellers: name one, not the whole site", word);
    return read_host(on ? on : word, out_entry, err);
}
