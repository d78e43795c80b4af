/* cli/cli.h - what the commands share: the table, exit statuses, saying things. */
#ifndef KO_CLI_CLI_H
#define KO_CLI_CLI_H

#include "cli/options.h"
#include "report/json.h"
#include "scan/problems.h"
#include "store/store.h"

#include <stdio.h>

/* Exit statuses, by kind; printed by `knockoff help exit`. */
typedef enum ko_exit {
    KO_EXIT_OK = 0,
    KO_EXIT_REFUSED = 1,   /* done, but some inputs were refused, each with a line */
    KO_EXIT_USAGE = 2,     /* a word of the command line does not fit */
    KO_EXIT_NOT_FOUND = 3, /* a work, candidate, file or database that does not exist */
    KO_EXIT_DATABASE = 4,  /* newer version, damaged, another program's, or held too long */
    KO_EXIT_SYSTEM = 5,    /* disk full, no permission, no memory */
    KO_EXIT_STOPPED = 130  /* Ctrl-C */
} ko_exit;

ko_exit ko_exit_of(ko_status status);
/* Is it about what a word or a row means, so that others may go on? */
bool ko_is_refusal(ko_status status);

typedef struct ko_command {
    const char *name;
    const char *summary;     /* one line for the list of commands */
    const char *usage;       /* "[options] PATH..." */
    const char *description; /* paragraphs for `knockoff help NAME` */
    const ko_option *options;
    /* Runs with the words after the command's name. */
    ko_exit (*run)(char **words, size_t n);
} ko_command;

extern const ko_command *const ko_commands[]; /* ends in NULL */

/* By name; also "--help", "-h" and "--version". NULL when there is none. */
const ko_command *ko_command_find(const char *name);
/* Prints the list of commands. */
void ko_commands_print(FILE *stream);

/* Prints the help of one command. */
void ko_command_help(const ko_command *command);

/* Reads the options of a command into out, whose first field is a ko_common. Returns true
 * when the command should go on; otherwise *out_exit is what to return (help was asked
 * for, or a word does not fit and was said). Free with ko_options_free in both cases. */
bool ko_begin(const ko_command *command, char **words, size_t n, void *out, ko_exit *out_exit);

/* KO_E_USAGE when words were given that mean nothing. */
KO_NODISCARD ko_status ko_takes_no_operands(const ko_command *command, const ko_common *common,
                                            ko_error *err);

/* What a command does on the database. */
typedef struct ko_job {
    ko_store *store;
    const void *options;   /* the struct that its words were read into */
    ko_problems *problems; /* said as they come; they count as refused */
} ko_job;
typedef ko_status ko_job_fn(const ko_job *job, ko_error *err);

/* Do the words fit together that were read into this struct? KO_E_USAGE. */
typedef ko_status ko_fits_fn(const void *read, ko_error *err);

/* Reads the words of a command into the struct at options, which has its defaults, opens the
 * database if they fit (NULL: they do), and does the job. A failure is said. */
ko_exit ko_run_job(const ko_command *command, char **words, size_t n, void *options,
                   ko_fits_fn *fits, ko_job_fn *fn);

/* One of the things that a command can do, named by its first word. */
typedef struct ko_verb {
    const char *name;
    const char *needs; /* what its other words name, "a URL or a file"; NULL: it needs none */
    ko_job_fn *fn;
} ko_verb;

/* Does what the first operand names, without any what without does. KO_E_USAGE: it is none of
 * verbs, which end in {0}, or lacks what it needs. */
KO_NODISCARD ko_status ko_run_verb(const ko_command *command, const ko_verb *verbs,
                                   const char *without, const ko_job *job, ko_error *err);

/* The number of an entry that a word of a command is; "allow rm" is whose word it is in the line
 * that refuses others. KO_E_USAGE. */
KO_NODISCARD ko_status ko_read_number(const char *whose, const char *word, int64_t *out_number,
                                      ko_error *err);

/* "knockoff: text" on stderr, cleaned of control characters. */
void ko_say(const char *fmt, ...) KO_PRINTF(1, 2);
/* Says err's line and returns the exit status for its kind. */
ko_exit ko_give_up(const ko_error *err);
/* Problems that are said as they come. */
ko_problems ko_problems_said(void);

/* Opens the database that --db, KNOCKOFF_DB or the XDG data folder name. */
KO_NODISCARD ko_status ko_open_database(const ko_common *common, ko_store_mode mode,
                                        ko_store **out_store, ko_error *err);
/* The path it would open; ko_free it. NULL with err set when there is none. */
char *ko_database_path(const ko_common *common, ko_error *err);

/* The one that neither --db nor KNOCKOFF_DB name; ko_free it. NULL with err set when there is none.
 */
char *ko_default_database_path(ko_error *err);

/* "" for one thing, "s" for any other number of them. */
const char *ko_plural(size_t n);

/* Text for people: to stdout, cleaned of control characters. Only line breaks that the
 * format begins or ends with are kept, so that no argument can forge a line. */
void ko_print(const char *fmt, ...) KO_PRINTF(1, 2);
#endif
