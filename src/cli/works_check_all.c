/* All works at once: those that lack the same are one group, told by the text about it. */
#include "cli/works_check.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

typedef struct member {
    int64_t id;
    size_t place; /* in the order of all works */
} member;

typedef struct group {
    char *text; /* what all of them lack; "" when nothing */
    member *members;
    size_t n, capacity;
} group;

typedef struct checking {
    const ko_works_check *check;
    ko_lacking *lacking; /* of the work at hand, by channel */
    group *groups;
    size_t n_groups, capacity;
    size_t n_works;
    ko_error *err;
} checking;

/* --- what a work lacks, as text --- */

static bool lacks(const ko_lacking *lacking, const char *fact)
{
    for (size_t i = 0; i < lacking->n; i++)
        if (strcmp(lacking->facts[i], fact) == 0)
            return true;
    return false;
}

/* Facts whose names begin so, of all channels, each once. */
static ko_lacking all_of(const checking *c, const char *begins)
{
    ko_lacking all = {0};
    for (size_t i = 0; i < c->check->n_channels; i++) {
        for (size_t k = 0; k < c->lacking[i].n; k++) {
            const char *fact = c->lacking[i].facts[k];
            if (strncmp(fact, begins, strlen(begins)) == 0 && !lacks(&all, fact))
                all.facts[all.n++] = fact;
        }
    }
    return all;
}

static bool wants(const checking *c, size_t index, const char *fact, const ko_right_shown *shown)
{
    return fact ? lacks(&c->lacking[index], fact)
                : shown && ko_right_is_missing(c->check->channels[index], shown);
}

/* "  your role, such as owner or agent: ebay-noci": which channels want the fact, or with NULL the
 * right, and miss it. Nothing when none does. */
static ko_status write_missing(const checking *c, const char *fact, const ko_right_shown *shown,
                               ko_buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < c->check->n_channels; i++)
        n += wants(c, i, fact, shown);
    if (n == 0)
        return KO_OK;
    ko_status st = ko_buf_printf(
        out,
        "  %s:", fact ? ko_fact_words(fact, strlen(fact)) : "a certificate or a signed statement");
    if (n > 1 && n == c->check->n_channels && st == KO_OK)
        return ko_buf_text(out, " all\n");
    const char *before = " ";
    for (size_t i = 0; st == KO_OK && i < c->check->n_channels; i++) {
        if (!wants(c, i, fact, shown))
            continue;
        st = ko_buf_printf(out, "%s%s", before, c->check->channels[i]->id);
        before = ", ";
    }
    return st == KO_OK ? ko_buf_text(out, "\n") : st;
}

/* What is missing, a line each, and the commands; "" when nothing is. shown may be NULL: then the
 * right is not looked at. */
static ko_status write_lacking(const checking *c, const ko_lacking *all,
                               const ko_right_shown *shown, ko_buf *out)
{
    ko_status st = ko_buf_text(out, "");
    for (size_t i = 0; st == KO_OK && i < all->n; i++)
        st = write_missing(c, all->facts[i], shown, out);
    const size_t before = out->size;
    if (st == KO_OK)
        st = write_missing(c, NULL, shown, out);
    const bool right = out->size > before;
    return st == KO_OK ? ko_lacking_commands(all, right, "SERIAL...", "  ", out) : st;
}

/* --- groups --- */

static group *find_group(checking *c, const char *text)
{
    for (size_t i = 0; i < c->n_groups; i++)
        if (strcmp(c->groups[i].text, text) == 0)
            return &c->groups[i];
    group *groups = ko_grown(c->groups, c->n_groups, &c->capacity, sizeof *groups);
    if (!groups)
        return NULL;
    c->groups = groups;
    char *copy = ko_strdup(text);
    if (!copy)
        return NULL;
    c->groups[c->n_groups] = (group){.text = copy};
    return &c->groups[c->n_groups++];
}

static bool put(checking *c, const char *text, int64_t id)
{
    group *to = find_group(c, text);
    member *members = to ? ko_grown(to->members, to->n, &to->capacity, sizeof *members) : NULL;
    if (!members)
        return false;
    to->members = members;
    to->members[to->n++] = (member){id, c->n_works};
    return true;
}

/* The user lacks the same for every work. */
static ko_status print_user(const checking *c)
{
    ko_buf text = KO_BUF(KO_MAX_CHECK_TEXT);
    const ko_lacking all = all_of(c, "profile.");
    const ko_status st = write_lacking(c, &all, NULL, &text);
    if (st == KO_OK)
        (void)printf("you%s\n%s", text.size ? " lack" : ": complete", text.data);
    ko_buf_free(&text);
    return st;
}

static ko_status group_work(checking *c, const ko_work *work, const ko_right_shown *shown)
{
    ko_buf text = KO_BUF(KO_MAX_CHECK_TEXT);
    const ko_lacking all = all_of(c, "work.");
    ko_status st = write_lacking(c, &all, shown, &text);
    if (st == KO_OK && !put(c, text.data, work->id))
        st = KO_E_NOMEM;
    ko_buf_free(&text);
    return st;
}

static ko_status on_work(void *context, const ko_work *work)
{
    checking *c = context;
    const ko_works_check *check = c->check;
    ko_right_shown shown;
    ko_status st = ko_right_find(&check->with, work, &shown, c->err);
    for (size_t i = 0; st == KO_OK && i < check->n_channels; i++)
        st = ko_lacking_find(check->with.kit, check->channels[i], work, check->with.user,
                             &c->lacking[i], c->err);
    if (st == KO_OK && c->n_works == 0)
        st = print_user(c);
    if (st == KO_OK)
        st = group_work(c, work, &shown);
    c->n_works++;
    return st == KO_E_NOMEM ? ko_fail(c->err, st, "what %s lacks", work->serial) : st;
}

/* "KO-000001 to KO-000056, KO-000060". */
static void print_members(const group *g)
{
    for (size_t i = 0; i < g->n;) {
        size_t last = i;
        while (last + 1 < g->n && g->members[last + 1].place == g->members[last].place + 1)
            last++;
        char from[KO_SERIAL_SIZE], to[KO_SERIAL_SIZE];
        ko_work_serial(g->members[i].id, from);
        ko_work_serial(g->members[last].id, to);
        ko_print("%s%s%s%s", i ? ", " : "", from, last > i ? " to " : "", last > i ? to : "");
        i = last + 1;
    }
}

static void print_groups(const checking *c)
{
    for (size_t i = 0; i < c->n_groups; i++) {
        const group *g = &c->groups[i];
        print_members(g);
        if (g->text[0])
            ko_print(" %s\n", g->n == 1 ? "lacks" : "lack");
        else
            ko_print(": complete\n");
        (void)fputs(g->text, stdout); /* clean already, and of several lines */
    }
    if (c->n_works == 0)
        ko_print("no works yet: knockoff add FOLDER-OF-YOUR-ART\n");
}

static void free_groups(checking *c)
{
    for (size_t i = 0; i < c->n_groups; i++) {
        ko_free(c->groups[i].text);
        ko_free(c->groups[i].members);
    }
    ko_free(c->groups);
    ko_free(c->lacking);
}

/* --- all works --- */

static ko_status on_work_json(void *context, const ko_work *work)
{
    const checking *c = context;
    return ko_works_check_one(c->check, work, c->err);
}

ko_status ko_works_check_all(const ko_works_check *check, ko_error *err)
{
    checking c = {.check = check, .err = err};
    if (check->json)
        return ko_work_each(check->with.store, 0, on_work_json, &c, err);
    c.lacking = ko_alloc_array(check->n_channels, sizeof *c.lacking);
    if (!c.lacking)
        return ko_fail(err, KO_E_NOMEM, "what %zu channels ask for", check->n_channels);
    const ko_status st = ko_work_each(check->with.store, 0, on_work, &c, err);
    if (st == KO_OK)
        print_groups(&c);
    free_groups(&c);
    return st;
}
