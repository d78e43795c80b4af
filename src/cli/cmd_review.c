/* knockoff review - the queue one candidate a screen, decided by one key each. */
#include "cli/commands.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/stop.h"
#include "case/alike.h"
#include "cli/decide.h"
#include "cli/doubt_words.h"
#include "cli/good_faith.h"
#include "report/candidate.h"
#include "report/exhibit.h"
#include "report/history.h"
#include "store/allow.h"
#include "store/decision.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

typedef struct review_options {
    ko_common common;
    ko_choice_options listed;
} review_options;

static const ko_option options[] = {
    {"work", 'w', KO_OPT_TEXT, offsetof(review_options, listed.work), "SERIAL", "only this work"},
    {"seller", 's', KO_OPT_TEXT, offsetof(review_options, listed.seller), "NAME",
     "only listings of this seller, by name or id"},
    {"state", 0, KO_OPT_TEXT, offsetof(review_options, listed.state), "STATE",
     "open (default), accepted, rejected, unsure, licensed, set-aside or one of allowed, negative, "
     "ruled, held; all"},
    {"all", 'a', KO_OPT_FLAG, offsetof(review_options, listed.all), NULL,
     "also those below the threshold now in force"},
    {0},
};

#define NOTE_SIZE KO_ERROR_TEXT_SIZE

/* A decision of this session. */
typedef struct place {
    size_t at;        /* in the choice, to go back to */
    ko_alikes alikes; /* that were decided along with it; owned */
} place;

typedef struct review {
    ko_store *store;
    ko_user profile;
    ko_choice choice;
    ko_alikes alikes; /* of the one on the screen */
    size_t at;        /* choice.chosen[at] is on the screen, */
    bool shown;       /* with the evidence that it has there */
    place *places;
    size_t n_places, room; /* of these */
    bool confirmed;        /* good faith, for all that this session accepts */
    char note[NOTE_SIZE];  /* what became of the last key, shown on the next screen */
    struct termios before; /* of the terminal */
    ko_error *err;
} review;

static void keep_note(void *context, const char *line)
{
    review *r = context;
    (void)snprintf(r->note, sizeof r->note, "%s", line);
}

/* --- the screen --- */

/* What shows the same picture, and may be decided about along with it. */
static ko_status find_alike(review *r)
{
    ko_alikes_free(&r->alikes);
    const ko_status st = ko_alikes_add(&r->alikes, r->store, &r->choice.chosen[r->at],
                                       KO_CANDIDATE_ACCEPTED, r->err);
    if (st == KO_OK && r->alikes.n)
        ko_print("  %-11s %zu more that %s open\n", "alike", r->alikes.n,
                 r->alikes.n == 1 ? "is" : "are");
    return st;
}

/* What was decided about the same seller before. */
static ko_status print_history(const review *r, const ko_candidate *c)
{
    size_t decided[KO_ALLOW_STATES];
    const char *divider = "";
    const ko_status st = ko_seller_history(r->store, &c->listing->record, decided, r->err);
    if (st != KO_OK)
        return st;
    ko_print("  %-11s ", "this seller");
    for (int i = KO_CANDIDATE_ACCEPTED; i <= KO_CANDIDATE_LICENSED; i++) {
        if (!decided[i])
            continue;
        ko_print("%s%zu %s", divider, decided[i], ko_candidate_state_name((ko_candidate_state)i));
        divider = ", ";
    }
    ko_print("%s\n", divider[0] ? "" : "nothing decided yet");
    return KO_OK;
}

static ko_status show(void *context, const ko_candidate *c)
{
    review *r = context;
    ko_buf text = KO_BUF(KO_MAX_EVIDENCE_TEXT);
    r->choice.chosen[r->at] = ko_chosen_of(c);
    r->shown = true;
    ko_status st = ko_candidate_words(&text, c, NULL);
    if (st != KO_OK)
        st = ko_fail(r->err, st, "candidate %lld", (long long)c->id);
    if (st == KO_OK)
        st = ko_history_words(&text, r->store, c->id, r->err);
    if (st == KO_OK) {
        (void)fputs("\033[H\033[2J", stdout); /* home, clear (ECMA-48 CUP, ED) */
        ko_print("%zu of %zu", r->at + 1, r->choice.n);
        if (r->n_places)
            ko_print(", %zu decided", r->n_places);
        ko_print("\n\n");
        (void)fputs(text.data, stdout); /* clean already, and of several lines */
        st = find_alike(r);
    }
    if (st == KO_OK)
        st = print_history(r, c);
    ko_buf_free(&text);
    if (st == KO_OK) {
        ko_print("\na accept  r reject  n never this picture  u unsure  l licensed\n");
        if (r->alikes.n)
            ko_print("A R N U L the same, also about the %zu alike\n", r->alikes.n);
        ko_print("o skip  b back  z undo  p picture  q quit\n");
        if (r->note[0])
            ko_print("%s\n", r->note);
        r->note[0] = '\0';
        (void)fflush(stdout);
    }
    return st;
}

/* --- keys --- */

/* 'q' when there are no more, or the user asks to stop. */
static char read_key(void)
{
    char key = 'q';
    ssize_t n;
    do
        n = read(STDIN_FILENO, &key, 1);
    while (n < 0 && errno == EINTR && !ko_stop_asked());
    const bool ended = n != 1 || key == 4; /* Ctrl-D */
    if (ended)
        key = 'q';
    return key;
}

/* Asks once a session. */
static void confirm(review *r, size_t n)
{
    ko_error why = {0};
    if (r->confirmed)
        return;
    if (ko_decide_has_name(&r->profile, &why) != KO_OK) {
        keep_note(r, why.text);
        return;
    }
    ko_good_faith_say(&r->profile, n);
    (void)fputs("This counts for all\nthat you accept until you quit. Press y to confirm.\n",
                stderr);
    r->confirmed = read_key() == 'y';
    if (!r->confirmed)
        keep_note(r, "not confirmed: not accepted");
}

/* Takes over what was decided along. */
static ko_status keep_place(review *r, ko_alikes *along)
{
    place *places = ko_grown(r->places, r->n_places, &r->room, sizeof *places);
    if (!places)
        return ko_fail(r->err, KO_E_NOMEM, "decisions to go back to");
    r->places = places;
    r->places[r->n_places++] = (place){r->at, *along};
    *along = (ko_alikes){0};
    return KO_OK;
}

/* Also about what is alike, when that is not NULL. */
static ko_status decide_about(review *r, const char *verb, bool always, ko_alikes *along)
{
    const ko_chosen *one = &r->choice.chosen[r->at];
    const size_t n = 1 + (along ? along->n : 0);
    ko_chosen *all = ko_alloc_array(n, sizeof *all);
    if (!all)
        return ko_fail(r->err, KO_E_NOMEM, "%zu candidates", n);
    all[0] = *one;
    for (size_t i = 1; i < n; i++)
        all[i] = along->of[i - 1];
    const ko_decide_request request = {.verb = verb,
                                       .user = &r->profile,
                                       .chosen = all,
                                       .n = n,
                                       .good_faith = r->confirmed,
                                       .always = always};
    ko_problems problems = {.say = keep_note, .context = r};
    ko_decided decided = {0};
    ko_alikes none = {0};
    ko_status st = ko_decide_chosen(r->store, &request, &problems, NULL, NULL, &decided, r->err);
    if (st == KO_OK && decided.changed)
        st = keep_place(r, along ? along : &none);
    if (st == KO_OK && (decided.changed || decided.same))
        r->at++;
    ko_free(all);
    return st;
}

/* In capitals a key means also what is alike. */
static ko_status decide(review *r, char key)
{
    const bool capital = key >= 'A' && key <= 'Z';
    ko_alikes *along = capital ? &r->alikes : NULL;
    switch (capital ? key - 'A' + 'a' : key) {
    case 'a':
        confirm(r, along ? 1 + along->n : 1);
        return r->confirmed ? decide_about(r, "accept", false, along) : KO_OK;
    case 'r':
        return decide_about(r, "reject", false, along);
    case 'n':
        return decide_about(r, "reject", true, along);
    case 'u':
        return decide_about(r, "unsure", false, along);
    default:
        return decide_about(r, "licensed", false, along);
    }
}

/* Only what this session did. */
static ko_status undo(review *r)
{
    ko_undone undone;
    if (r->n_places == 0) {
        keep_note(r, "nothing to undo here (knockoff candidates undo goes further back)");
        return KO_OK;
    }
    const ko_status st = ko_act_undo(r->store, ko_profile_signature(&r->profile), &undone, r->err);
    if (st != KO_OK)
        return st;
    place *last = &r->places[--r->n_places];
    r->at = last->at;
    ko_alikes_free(&last->alikes);
    (void)snprintf(r->note, sizeof r->note, "taken back: %s", undone.verb);
    return KO_OK;
}

/* A picture that cannot be drawn is no reason to end. */
static ko_status draw(void *context, const ko_candidate *c)
{
    review *r = context;
    char path[64];
    ko_error err = {0};
    ko_buf png = KO_BUF(KO_MAX_EXHIBIT_BYTES);
    (void)snprintf(path, sizeof path, "candidate-%lld.png", (long long)c->id);
    ko_status st = ko_exhibit_png(r->store, c, "Knockoff " KO_VERSION, &png, &err);
    if (st == KO_OK)
        st = ko_file_write(path, png.data, png.size, &err);
    ko_buf_free(&png);
    if (st == KO_OK)
        (void)snprintf(r->note, sizeof r->note, "written: %s", path);
    else
        keep_note(r, err.text);
    return KO_OK;
}

static ko_status draw_picture(review *r)
{
    const ko_candidate_filter one = {.id = r->choice.chosen[r->at].id};
    return ko_candidate_each(r->store, &one, draw, r, r->err);
}

static int by_id(const void *a, const void *b)
{
    const ko_chosen *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Was it decided along with another one? */
static bool is_along(const review *r, const ko_chosen *chosen)
{
    for (size_t i = 0; i < r->n_places; i++) {
        const ko_alikes *along = &r->places[i].alikes;
        if (along->n && bsearch(chosen, along->of, along->n, sizeof *chosen, by_id))
            return true;
    }
    return false;
}

static void go_back(review *r)
{
    do
        r->at -= r->at > 0;
    while (r->at > 0 && is_along(r, &r->choice.chosen[r->at]));
}

/* *out_quit ends the session. */
static ko_status on_key(review *r, char key, bool *out_quit)
{
    switch (key) {
    case 'a':
    case 'r':
    case 'n':
    case 'u':
    case 'l':
    case 'A':
    case 'R':
    case 'N':
    case 'U':
    case 'L':
        return decide(r, key);
    case 'o':
        r->at++;
        return KO_OK;
    case 'b':
        go_back(r);
        return KO_OK;
    case 'z':
        return undo(r);
    case 'p':
        return draw_picture(r);
    case 'q':
        *out_quit = true;
        return KO_OK;
    default:
        return KO_OK;
    }
}

/* --- the session --- */

static ko_status walk(review *r)
{
    ko_status st = KO_OK;
    bool quit = false;
    while (st == KO_OK && !quit && r->at < r->choice.n) {
        const ko_candidate_filter one = {.id = r->choice.chosen[r->at].id};
        r->shown = false;
        if (!is_along(r, &r->choice.chosen[r->at]))
            st = ko_candidate_each(r->store, &one, show, r, r->err);
        if (st == KO_OK && !r->shown)
            r->at++; /* or its work was removed meanwhile */
        else if (st == KO_OK)
            st = on_key(r, read_key(), &quit);
    }
    return st;
}

/* Keys come one by one and are not shown; what was typed ahead stays. */
static ko_status walk_on_terminal(review *r)
{
    if (tcgetattr(STDIN_FILENO, &r->before) != 0)
        return ko_fail(r->err, KO_E_IO, "the terminal: %s", strerror(errno));
    struct termios keys = r->before;
    keys.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
    keys.c_cc[VMIN] = 1;
    keys.c_cc[VTIME] = 0;
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &keys);
    const ko_status st = walk(r);
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &r->before);
    return st;
}

static ko_status session(const ko_job *job, ko_error *err)
{
    const review_options *o = job->options;
    review r = {.store = job->store, .err = err};
    ko_candidate_filter filter;
    ko_status st = ko_choice_filter(job->store, &o->listed, &filter, err);
    if (st == KO_OK)
        st = ko_choice_make(job->store, NULL, 0, &filter, &r.choice, err);
    if (st == KO_OK)
        st = ko_profile_read(job->store, &r.profile, err);
    if (st == KO_OK)
        st = walk_on_terminal(&r);
    if (st == KO_OK)
        ko_print("\n%zu decided, %zu looked at of %zu\n", r.n_places, r.at, r.choice.n);
    if (st == KO_OK && r.note[0])
        ko_print("%s\n", r.note);
    if (st == KO_OK)
        st = ko_say_doubts(job->store, err);
    ko_choice_free(&r.choice);
    ko_profile_free(&r.profile);
    for (size_t i = 0; i < r.n_places; i++)
        ko_alikes_free(&r.places[i].alikes);
    ko_alikes_free(&r.alikes);
    ko_free(r.places);
    return st;
}

static ko_status fits(const void *read, ko_error *err)
{
    const review_options *o = read;
    const ko_status st = ko_takes_no_operands(&ko_cmd_review, &o->common, err);
    if (st != KO_OK)
        return st;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return ko_fail(err, KO_E_USAGE,
                       "review needs a terminal; elsewhere use knockoff candidates accept, "
                       "reject, ...");
    if (o->common.json)
        return ko_fail(err, KO_E_USAGE, "review is for people: --json goes with candidates");
    return KO_OK;
}

static ko_exit run(char **words, size_t n)
{
    review_options o = {0};
    return ko_run_job(&ko_cmd_review, words, n, &o, fits, session);
}

const ko_command ko_cmd_review = {
    .name = "review",
    .summary = "look at the queue one by one and decide by one key each",
    .usage = "[--work SERIAL] [--seller NAME] [--state STATE] [--all]",
    .description =
        "Shows the evidence of each candidate, what the listing says, and what you decided about\n"
        "the same seller. p draws the evidence into candidate-N.png. Each decision is kept when\n"
        "the key is pressed: stop at any time and go on later. To accept is a statement of yours:\n"
        "the first time you are asked to confirm that it is made in good faith. A capital letter\n"
        "decides about all that show the same picture; the screen says how many these are.",
    .options = options,
    .run = run,
};
