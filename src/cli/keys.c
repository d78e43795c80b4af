#include "cli/keys.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "crawl/keys.h"

#include <stdlib.h>

/* NULL without a home. Also of a file that is not there. */
static char *keys_path(void)
{
    const char *named = getenv("KNOCKOFF_KEYS");
    const char *config = getenv("XDG_CONFIG_HOME"); /* XDG Base Directory Specification 0.8 */
    const char *home = getenv("HOME");
    ko_buf path = KO_BUF(KO_MAX_PATH_BYTES);
    ko_status st = KO_OK;
    if (named && *named)
        st = ko_buf_text(&path, named);
    else if (config && config[0] == '/')
        st = ko_buf_printf(&path, "%s/knockoff/keys", config);
    else if (home && *home)
        st = ko_buf_printf(&path, "%s/.config/knockoff/keys", home);
    return st == KO_OK ? path.data : NULL;
}

ko_status ko_open_keys(ko_api_keys **out_keys, ko_error *err)
{
    char *path = keys_path();
    const ko_status st = ko_api_keys_read(path, out_keys, err);
    ko_free(path);
    return st;
}

ko_notify_options ko_news_options(const ko_api_keys *keys, const char *ca_file)
{
    return (ko_notify_options){.mail_password = ko_api_key_value(keys, KO_KEY_MAIL_PASSWORD),
                               .webhook_secret = ko_api_key_value(keys, KO_KEY_WEBHOOK_SECRET),
                               .ca_file = ca_file,
                               .desktop = "notify-send"};
}
