#include "cli/cli.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ko_exit ko_exit_of(ko_status status)
{
    switch (status) {
    case KO_OK:
        return KO_EXIT_OK;
    case KO_E_LIMIT:
    case KO_E_FORMAT:
    case KO_E_UNSUPPORTED:
    case KO_E_EXISTS:
        return KO_EXIT_REFUSED;
    case KO_E_USAGE:
        return KO_EXIT_USAGE;
    case KO_E_NOT_FOUND:
        return KO_EXIT_NOT_FOUND;
    case KO_E_VERSION:
    case KO_E_DAMAGED:
    case KO_E_BUSY:
        return KO_EXIT_DATABASE;
    case KO_E_NOMEM:
    case KO_E_IO:
        return KO_EXIT_SYSTEM;
    case KO_E_STOPPED:
        return KO_EXIT_STOPPED;
    }
    return KO_EXIT_SYSTEM;
}

bool ko_is_refusal(ko_status status)
{
    const ko_exit kind = ko_exit_of(status);
    return kind == KO_EXIT_REFUSED || kind == KO_EXIT_USAGE || kind == KO_EXIT_NOT_FOUND;
}

/* Formats and cleans. Line breaks that the format itself begins or ends with stay; those
 * that come with the arguments are no line breaks any more. */
static void put(FILE *stream, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, fmt, args);
    char *text = length < 0 ? NULL : ko_alloc((size_t)length + 1);
    if (text) {
        (void)vsnprintf(text, (size_t)length + 1, fmt, again);
        const size_t n = strlen(fmt);
        const size_t before = strspn(fmt, "\n");
        size_t after = 0;
        while (after < n - before && fmt[n - 1 - after] == '\n')
            after++;
        ko_buf clean = KO_BUF(3 * (size_t)length);
        if (ko_text_clean(&clean, text + before, (size_t)length - before - after) == KO_OK)
            (void)fprintf(stream, "%.*s%s%.*s", (int)before, fmt, clean.data, (int)after,
                          fmt + n - after);
        ko_buf_free(&clean);
    }
    va_end(again);
    ko_free(text);
}

void ko_say(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)fputs("knockoff: ", stderr);
    put(stderr, fmt, args);
    (void)fputc('\n', stderr);
    va_end(args);
}

void ko_print(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    put(stdout, fmt, args);
    va_end(args);
}

ko_exit ko_give_up(const ko_error *err)
{
    ko_say("%s", err->text[0] ? err->text : ko_status_name(err->code));
    return ko_exit_of(err->code);
}

static void say_line(void *context, const char *line)
{
    (void)context;
    ko_say("%s", line);
}

ko_problems ko_problems_said(void)
{
    return (ko_problems){.say = say_line};
}

char *ko_database_path(const ko_common *common, ko_error *err)
{
    const char *named = common->db ? common->db : getenv("KNOCKOFF_DB");
    return named && *named ? ko_strdup(named) : ko_default_database_path(err);
}

char *ko_default_database_path(ko_error *err)
{
    const char *data = getenv("XDG_DATA_HOME"); /* XDG Base Directory Specification 0.8 */
    const char *home = getenv("HOME");
    ko_buf path = KO_BUF(4096);
    ko_status st = KO_E_NOT_FOUND;
    if (data && data[0] == '/')
        st = ko_buf_printf(&path, "%s/knockoff/knockoff.db", data);
    else if (home && *home)
        st = ko_buf_printf(&path, "%s/.local/share/knockoff/knockoff.db", home);
    if (st != KO_OK)
        (void)ko_fail(err, KO_E_NOT_FOUND, "no home folder for the database: use --db FILE");
    return path.data;
}

ko_status ko_open_database(const ko_common *common, ko_store_mode mode, ko_store **out_store,
                           ko_error *err)
{
    char *path = ko_database_path(common, err);
    if (!path)
        return err->code;
    ko_status st = KO_OK;
    if (mode == KO_STORE_CREATE) {
        char *folder = ko_path_folder(path);
        st = folder ? ko_folder_make(folder, err) : ko_fail(err, KO_E_NOMEM, "path of %s", path);
        ko_free(folder);
    }
    ko_error own = {0};
    if (st == KO_OK)
        st = ko_store_open(path, mode, out_store, &own);
    if (st == KO_E_NOT_FOUND && own.text[0])
        st = ko_fail(err, st, "no database at %s: knockoff init makes one", path);
    else if (own.text[0])
        st = ko_fail(err, st, "%s", own.text);
    ko_free(path);
    return st;
}

const char *ko_plural(size_t n)
{
    return n == 1 ? "" : "s";
}

void ko_command_help(const ko_command *command)
{
    (void)printf("knockoff %s - %s\n\nusage: knockoff %s %s\n", command->name, command->summary,
                 command->name, command->usage);
    if (command->description)
        (void)printf("\n%s\n", command->description);
    (void)printf("\noptions:\n");
    ko_options_help(command->options);
}

void ko_commands_print(FILE *stream)
{
    (void)fputs("knockoff finds an artist's work on marketplace photos and queues complaint "
                "candidates\n\nusage: knockoff COMMAND [options] [PATH...]\n\n",
                stream);
    for (const ko_command *const *c = ko_commands; *c; c++)
        (void)fprintf(stream, "  %-11s %s\n", (*c)->name, (*c)->summary);
    (void)fputs("\nknockoff help COMMAND says more.\n", stream);
}

const ko_command *ko_command_find(const char *name)
{
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    else if (strcmp(name, "--version") == 0)
        name = "version";
    for (const ko_command *const *c = ko_commands; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

bool ko_begin(const ko_command *command, char **words, size_t n, void *out, ko_exit *out_exit)
{
    ko_error err = {0};
    const ko_status st = ko_options_read(command->options, words, n, out, &err);
    if (st == KO_OK && !((ko_common *)out)->help)
        return true;
    if (st == KO_OK) {
        ko_command_help(command);
        *out_exit = KO_EXIT_OK;
    } else {
        ko_say("%s: %s (knockoff help %s)", command->name, err.text, command->name);
        *out_exit = ko_exit_of(st);
    }
    return false;
}

ko_status ko_takes_no_operands(const ko_command *command, const ko_common *common, ko_error *err)
{
    if (common->operands.count == 0)
        return KO_OK;
    return ko_fail(err, KO_E_USAGE, "%s: '%s' means nothing here (knockoff help %s)", command->name,
                   common->operands.word[0], command->name);
}

ko_exit ko_run_job(const ko_command *command, char **words, size_t n, void *options,
                   ko_fits_fn *fits, ko_job_fn *fn)
{
    ko_problems problems = ko_problems_said();
    ko_store *store = NULL;
    ko_error err = {0};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(command, words, n, options, &code)) {
        ko_status st = fits ? fits(options, &err) : KO_OK;
        if (st == KO_OK)
            st = ko_open_database(options, KO_STORE_OPEN, &store, &err);
        const ko_job job = {.store = store, .options = options, .problems = &problems};
        if (st == KO_OK)
            st = fn(&job, &err);
        if (st != KO_OK)
            code = ko_give_up(&err);
        else if (problems.count)
            code = KO_EXIT_REFUSED;
    }
    ko_store_close(store);
    ko_options_free(command->options, options);
    return code;
}

/* "allow: 'x' is none of list, add and rm". */
static ko_status unknown_verb(const ko_command *command, const ko_verb *verbs, const char *word,
                              ko_error *err)
{
    ko_buf names = KO_BUF(sizeof err->text);
    size_t n = 0;
    while (verbs[n].name)
        n++;
    ko_status st = ko_buf_text(&names, n == 2 ? "neither " : "none of ");
    for (size_t i = 0; st == KO_OK && i < n; i++) {
        const char *last = n == 2 ? " nor " : " and ";
        st = ko_buf_printf(&names, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : last, verbs[i].name);
    }
    if (st == KO_OK)
        st = ko_fail(err, KO_E_USAGE, "%s: '%s' is %s", command->name, word, names.data);
    ko_buf_free(&names);
    return st;
}

ko_status ko_run_verb(const ko_command *command, const ko_verb *verbs, const char *without,
                      const ko_job *job, ko_error *err)
{
    const ko_words *words = &((const ko_common *)job->options)->operands;
    const char *word = words->count ? words->word[0] : without;
    const ko_verb *verb = verbs;
    while (verb->name && strcmp(verb->name, word) != 0)
        verb++;
    if (!verb->name)
        return unknown_verb(command, verbs, word, err);
    if (verb->needs && words->count < 2)
        return ko_fail(err, KO_E_USAGE, "%s %s needs %s", command->name, verb->name, verb->needs);
    return verb->fn(job, err);
}

ko_status ko_read_number(const char *whose, const char *word, int64_t *out_number, ko_error *err)
{
    char *end = NULL;
    const int64_t number = strtoll(word, &end, 10);
    if (*end || number <= 0)
        return ko_fail(err, KO_E_USAGE, "%s takes numbers, not '%s'", whose, word);
    *out_number = number;
    return KO_OK;
}
