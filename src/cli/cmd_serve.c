/* knockoff serve - the page on which candidates are looked at and decided about. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "cli/keys.h"
#include "cli/web.h"
#include "serve/server.h"

#include <errno.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>

#define PORT_DEFAULT 7447

typedef struct serve_options {
    ko_common common;
    ko_number port;
    bool open;
    ko_online_options online;
} serve_options;

static const ko_option options[] = {
    {"port", 'p', KO_OPT_NUMBER, offsetof(serve_options, port), "N",
     "where to listen on 127.0.0.1 (default: 7447; 0: any that is free)"},
    {"open", 'o', KO_OPT_FLAG, offsetof(serve_options, open), NULL,
     "open the page in the browser (xdg-open)"},
    KO_ONLINE_OPTIONS(offsetof(serve_options, online)),
    {0},
};

extern char **environ;

/* Everybody can see what a program is started with, so the address is good for one time. */
static void open_browser(const ko_server *server)
{
    char url[KO_SERVER_URL_SIZE], name[] = "xdg-open";
    char *words[] = {name, url, NULL};
    pid_t pid;
    ko_server_url(server, true, url);
    const int code = posix_spawnp(&pid, name, NULL, NULL, words, environ);
    if (code != 0)
        ko_say("%s: %s: open the address above by hand", name, strerror(code));
}

static void say_where(const ko_server *server, bool json)
{
    char url[KO_SERVER_URL_SIZE];
    ko_server_url(server, false, url);
    if (json)
        ko_json_line(stdout, json_pack("{s:s}", "url", url));
    else
        ko_print("open %s\nCtrl-C ends it.\n", url);
    (void)fflush(stdout);
}

/* What news are tried with; NULL when the keys cannot be read, which keeps nobody from looking at
 * candidates. */
static const ko_notify_options *describe_news(const serve_options *o, ko_api_keys **out_keys,
                                              ko_notify_options *out)
{
    ko_error err = {0};
    if (ko_open_keys(out_keys, &err) != KO_OK) {
        ko_say("%s: no news can be tried", err.text);
        return NULL;
    }
    *out = ko_news_options(*out_keys, o->online.ca_file);
    return out;
}

static ko_status serve(const ko_job *job, ko_error *err)
{
    const serve_options *o = job->options;
    ko_server *server = NULL;
    ko_online online = {0};
    ko_api_keys *keys = NULL;
    ko_net_options net;
    ko_notify_options notify;
    ko_server_options how = {.database = ko_database_path(&o->common, err),
                             .port = o->port.given ? (uint16_t)o->port.value : PORT_DEFAULT,
                             .version = KO_VERSION,
                             .net = &net};
    if (!how.database)
        return err->code;
    ko_status st = ko_online_describe(&o->online, job->store, &online, &net, err);
    if (st == KO_OK)
        how.notify = describe_news(o, &keys, &notify);
    if (st == KO_OK)
        st = ko_server_open(&how, &server, err);
    if (st == KO_OK) {
        say_where(server, o->common.json);
        if (o->open)
            open_browser(server);
        st = ko_server_run(server, err);
    }
    ko_server_close(server);
    ko_online_close(&online);
    ko_api_keys_free(keys);
    ko_free((char *)how.database);
    return st;
}

static ko_status fits(const void *read, ko_error *err)
{
    const serve_options *o = read;
    const double port = o->port.value;
    if (o->port.given && (port < 0 || port > UINT16_MAX || port != floor(port)))
        return ko_fail(err, KO_E_USAGE, "serve: --port is a whole number from 0 to 65535");
    return ko_takes_no_operands(&ko_cmd_serve, &o->common, err);
}

static ko_exit run(char **words, size_t n)
{
    serve_options o = {0};
    return ko_run_job(&ko_cmd_serve, words, n, &o, fits, serve);
}

const ko_command ko_cmd_serve = {
    .name = "serve",
    .summary = "a page in your browser for all of this: look, decide, search, follow up",
    .usage = "[--port N] [--open]",
    .description =
        "Serves a page to your own browser, on this machine alone, until Ctrl-C. The "
        "address that is\n"
        "printed lets in whoever has it, so keep it to yourself; it is a new one each "
        "time. No\n"
        "other server is asked for anything but the addresses that you want to be looked at.",
    .options = options,
    .run = run,
};
