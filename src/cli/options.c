#include "cli/options.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Options that every command understands; -h is for hands that ask before they read. */
static const ko_option common[] = {
    {"db", 0, KO_OPT_TEXT, offsetof(ko_common, db), "FILE",
     "the database (default: $KNOCKOFF_DB, else the user's data folder)"},
    {"json", 0, KO_OPT_FLAG, offsetof(ko_common, json), NULL, "print JSON, one object a line"},
    {"help", 'h', KO_OPT_FLAG, offsetof(ko_common, help), NULL, "print this"},
    {0},
};

static const ko_option *find_in(const ko_option *table, const char *name, size_t length)
{
    for (; table->name; table++)
        if (strlen(table->name) == length && memcmp(table->name, name, length) == 0)
            return table;
    return NULL;
}

static const ko_option *find_letter(const ko_option *table, char letter)
{
    for (; table->name; table++)
        if (table->letter == letter)
            return table;
    return NULL;
}

static void *field(const ko_option *option, void *out)
{
    return (char *)out + option->offset;
}

/* Adds to a list; the array has room for every word of the command line. */
static ko_status keep_word(ko_words *words, char *word, size_t room, ko_error *err)
{
    if (!words->word)
        words->word = ko_alloc_array(room, sizeof *words->word);
    if (!words->word)
        return ko_fail(err, KO_E_NOMEM, "%zu words", room);
    assert(words->count < room);
    words->word[words->count++] = word;
    return KO_OK;
}

static ko_status read_number(const ko_option *option, const char *text, double *out, ko_error *err)
{
    char *end = NULL;
    errno = 0;
    const double value = strtod(text, &end);
    if (end == text || *end || errno || !isfinite(value))
        return ko_fail(err, KO_E_USAGE, "--%s takes a number, not '%s'", option->name, text);
    *out = value;
    return KO_OK;
}

static ko_status set(const ko_option *option, char *value, void *out, ko_error *err)
{
    double number = 0;
    if (option->kind == KO_OPT_NUMBER || option->kind == KO_OPT_COUNT) {
        const ko_status st = read_number(option, value, &number, err);
        if (st != KO_OK)
            return st;
    }
    switch (option->kind) {
    case KO_OPT_FLAG:
        *(bool *)field(option, out) = true;
        break;
    case KO_OPT_TEXT:
        *(const char **)field(option, out) = value;
        break;
    case KO_OPT_NUMBER:
        *(ko_number *)field(option, out) = (ko_number){number, true};
        break;
    case KO_OPT_COUNT:
        if (number < 1 || number > 1e6 || number != floor(number))
            return ko_fail(err, KO_E_USAGE, "--%s takes a whole number from 1, not '%s'",
                           option->name, value);
        *(unsigned *)field(option, out) = (unsigned)number;
        break;
    case KO_OPT_LIST:
    case KO_OPT_EACH:
        break; /* their words are kept one by one */
    }
    return KO_OK;
}

/* Splits "--name=value"; NULL and a message for a word that is no option of ours. */
static const ko_option *recognise(const ko_option *table, char *word, char **out_value,
                                  ko_error *err)
{
    const ko_option *option = NULL;
    *out_value = NULL;
    if (word[1] == '-') {
        const size_t length = strcspn(word + 2, "=");
        option = find_in(table, word + 2, length);
        if (!option)
            option = find_in(common, word + 2, length);
        if (word[2 + length] == '=')
            *out_value = word + 2 + length + 1;
    } else if (!word[2]) {
        option = find_letter(table, word[1]);
        if (!option)
            option = find_letter(common, word[1]);
    }
    if (!option)
        (void)ko_fail(err, KO_E_USAGE, "unknown option '%s'", word);
    return option;
}

static bool is_number(const char *word)
{
    char *end = NULL;
    (void)strtod(word, &end);
    return end != word && !*end;
}

/* "-" is standard input and "-3" a number; everything else with a dash is an option. */
static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] && !is_number(word);
}

ko_status ko_options_read(const ko_option *table, char **words, size_t n, void *out, ko_error *err)
{
    ko_words *operands = &((ko_common *)out)->operands;
    ko_words *list = operands;
    bool options = true;
    for (size_t i = 0; i < n; i++) {
        ko_status st = KO_OK;
        if (options && strcmp(words[i], "--") == 0) {
            options = false;
            list = operands;
            continue;
        }
        if (!options || !is_option(words[i])) {
            st = keep_word(list, words[i], n, err);
            if (st != KO_OK)
                return st;
            continue;
        }
        char *value = NULL;
        const ko_option *option = recognise(table, words[i], &value, err);
        if (!option)
            return KO_E_USAGE;
        list = operands;
        if (option->kind == KO_OPT_FLAG && value)
            return ko_fail(err, KO_E_USAGE, "--%s takes no value", option->name);
        if (option->kind == KO_OPT_LIST) {
            list = field(option, out);
            st = value ? keep_word(list, value, n, err) : KO_OK;
        } else {
            if (option->kind != KO_OPT_FLAG && !value) {
                if (i + 1 == n)
                    return ko_fail(err, KO_E_USAGE, "--%s needs a value: %s", option->name,
                                   option->argument);
                value = words[++i];
            }
            st = option->kind == KO_OPT_EACH ? keep_word(field(option, out), value, n, err)
                                             : set(option, value, out, err);
        }
        if (st != KO_OK)
            return st;
    }
    return KO_OK;
}

void ko_options_free(const ko_option *table, void *out)
{
    ko_free(((ko_common *)out)->operands.word);
    for (; table->name; table++)
        if (table->kind == KO_OPT_LIST || table->kind == KO_OPT_EACH)
            ko_free(((ko_words *)field(table, out))->word);
}

static void print_option(const ko_option *option)
{
    char left[64];
    const bool dots = option->kind == KO_OPT_LIST;
    (void)snprintf(left, sizeof left, "%c%c%s--%s%s%s%s", option->letter ? '-' : ' ',
                   option->letter ? option->letter : ' ', option->letter ? ", " : "  ",
                   option->name, option->argument ? " " : "",
                   option->argument ? option->argument : "", dots ? "..." : "");
    (void)printf("  %-28s %s\n", left, option->help);
}

void ko_options_help(const ko_option *table)
{
    for (; table->name; table++)
        print_option(table);
    for (table = common; table->name; table++)
        print_option(table);
}
