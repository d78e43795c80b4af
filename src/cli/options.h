/* cli/options.h - the words of one command, read by a table that also writes its help.
 *
 * A command declares a struct and a table of ko_option that say which word fills which
 * field. Reading the words and printing the help both walk that table, so the help cannot
 * fall behind. Words are --name VALUE, --name=VALUE, -n VALUE; "--" ends the options. */
#ifndef KO_CLI_OPTIONS_H
#define KO_CLI_OPTIONS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum ko_option_kind {
    KO_OPT_FLAG,   /* bool */
    KO_OPT_TEXT,   /* const char * */
    KO_OPT_NUMBER, /* ko_number */
    KO_OPT_COUNT,  /* unsigned, 1 and up */
    KO_OPT_LIST,   /* ko_words: takes every word up to the next option */
    KO_OPT_EACH    /* ko_words: takes one word each time that it is given */
} ko_option_kind;

/* A number and whether it was given. */
typedef struct ko_number {
    double value;
    bool given;
} ko_number;

/* Some of the program's words, in order; owns the array, not the words. */
typedef struct ko_words {
    char **word;
    size_t count;
} ko_words;

typedef struct ko_option {
    const char *name; /* without dashes; NULL ends the table */
    char letter;      /* 0 for none */
    ko_option_kind kind;
    size_t offset;        /* of the field in the command's struct */
    const char *argument; /* "FILE"; NULL for flags */
    const char *help;
} ko_option;

/* Fields every command has, first in its struct. */
typedef struct ko_common {
    const char *db;
    bool json, help;
    ko_words operands; /* the words that are no options */
} ko_common;

/* The options in words[0..n), written into the struct at out (zeroed by the caller, then
 * given its defaults). KO_E_USAGE with a line that names the word. */
KO_NODISCARD ko_status ko_options_read(const ko_option *table, char **words, size_t n, void *out,
                                       ko_error *err);
/* Frees what reading allocated. */
void ko_options_free(const ko_option *table, void *out);

/* Prints the table as help, one or more lines an option. */
void ko_options_help(const ko_option *table);

#endif
