#include "cli/works_check.h"

#include "cli/cli.h"
#include "store/paper.h"

/* What a form may ask for. */
typedef enum need {
    NEED_NAME = 1 << 0,
    NEED_MAIL = 1 << 1,
    NEED_PHONE = 1 << 2,
    NEED_ADDRESS = 1 << 3,
    NEED_ROLE = 1 << 4,
    NEED_SIGNATURE = 1 << 5,
    NEED_TITLE = 1 << 6,
    NEED_AUTHOR = 1 << 7,
    NEED_HOLDER = 1 << 8,
    NEED_PUBLISHED_ON = 1 << 9,
    NEED_PUBLISHED_URL = 1 << 10,
    NEED_PROOF = 1 << 11 /* a certificate, or what a claim statement of one's own rests on */
} need;

static const struct {
    unsigned need;
    const char *words;
} words_of[] = {
    {NEED_NAME, "profile legal_name"},
    {NEED_MAIL, "profile public_mail"},
    {NEED_PHONE, "profile public_phone"},
    {NEED_ADDRESS, "profile public_address"},
    {NEED_ROLE, "profile role"},
    {NEED_SIGNATURE, "profile signature"},
    {NEED_TITLE, "--title"},
    {NEED_AUTHOR, "--author"},
    {NEED_HOLDER, "--holder"},
    {NEED_PUBLISHED_ON, "--published-on"},
    {NEED_PUBLISHED_URL, "--published-url"},
    {NEED_PROOF, "--certificate or --evidence"},
};
#define N_WORDS (sizeof words_of / sizeof *words_of)

/* Of a notice under 17 USC 512(c)(3)(A), which most forms follow. */
#define DMCA (NEED_NAME | NEED_MAIL | NEED_PHONE | NEED_ADDRESS | NEED_TITLE)

/* Looked up in November 2026; the forms change. */
static const struct channel {
    const char *name, *platforms;
    unsigned needs;
} channels[] = {
    {"alibaba-ipp", "alibaba aliexpress 1688 taobao tmall lazada",
     NEED_NAME | NEED_MAIL | NEED_TITLE | NEED_AUTHOR | NEED_HOLDER | NEED_PUBLISHED_ON |
         NEED_PROOF},
    {"amazon", "amazon", DMCA},
    {"ebay-noci", "ebay",
     NEED_NAME | NEED_MAIL | NEED_ADDRESS | NEED_ROLE | NEED_SIGNATURE | NEED_TITLE},
    {"etsy", "etsy", DMCA | NEED_PUBLISHED_URL},
    {"redbubble", "redbubble", DMCA | NEED_SIGNATURE},
    {"temu", "temu",
     NEED_NAME | NEED_MAIL | NEED_TITLE | NEED_PUBLISHED_ON | NEED_PUBLISHED_URL | NEED_PROOF},
    {"shopify", "shopify", DMCA | NEED_SIGNATURE},
    {"dmca-host", "any other", DMCA | NEED_SIGNATURE},
};

static ko_status see_paper(void *context, const ko_paper *paper)
{
    (void)paper;
    *(unsigned *)context |= NEED_PROOF;
    return KO_OK;
}

static unsigned if_stated(const char *text, unsigned kind)
{
    return text[0] ? kind : 0;
}

/* All that is there. */
static unsigned stated(const ko_work *work, const ko_user *user)
{
    const ko_work_fields *f = &work->fields;
    char *const *mine = user->text;
    return if_stated(mine[KO_PROFILE_LEGAL_NAME], NEED_NAME) |
           if_stated(mine[KO_PROFILE_PUBLIC_MAIL], NEED_MAIL) |
           if_stated(mine[KO_PROFILE_PUBLIC_PHONE], NEED_PHONE) |
           if_stated(mine[KO_PROFILE_PUBLIC_ADDRESS], NEED_ADDRESS) |
           if_stated(mine[KO_PROFILE_ROLE], NEED_ROLE) |
           if_stated(ko_profile_signature(user), NEED_SIGNATURE) | if_stated(f->title, NEED_TITLE) |
           if_stated(f->author, NEED_AUTHOR) | if_stated(f->holder, NEED_HOLDER) |
           if_stated(mine[KO_PROFILE_HOLDER], NEED_HOLDER) |
           if_stated(f->published_on, NEED_PUBLISHED_ON) |
           if_stated(f->published_url, NEED_PUBLISHED_URL);
}

static void print_text(const struct channel *channel, unsigned missing)
{
    const char *divider = "";
    ko_print("  %-12s ", channel->name);
    for (size_t i = 0; i < N_WORDS; i++) {
        if (!(missing & words_of[i].need))
            continue;
        ko_print("%s%s", divider, words_of[i].words);
        divider = ", ";
    }
    ko_print("%s\n", divider[0] ? "" : "complete");
}

static void print_json(const ko_work *work, const struct channel *channel, unsigned missing)
{
    json_t *names = json_array();
    for (size_t i = 0; i < N_WORDS; i++)
        if (missing & words_of[i].need)
            (void)json_array_append_new(names, json_string(words_of[i].words));
    ko_json_line(stdout, json_pack("{s:s, s:o, s:s, s:s, s:o}", "work", work->serial, "number",
                                   ko_json_string(ko_work_number(work)), "channel", channel->name,
                                   "platforms", channel->platforms, "missing", names));
}

ko_status ko_works_check(ko_store *store, const ko_work *work, const ko_user *user, bool json,
                         ko_error *err)
{
    unsigned have = stated(work, user);
    const ko_status st = ko_paper_each(store, work->id, see_paper, &have, err);
    if (st != KO_OK)
        return st;
    if (!json)
        ko_print("%s  %s  (number on forms: %s)\n", work->serial, work->fields.title,
                 ko_work_number(work));
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        const unsigned missing = channels[i].needs & ~have;
        if (json)
            print_json(work, &channels[i], missing);
        else
            print_text(&channels[i], missing);
    }
    return KO_OK;
}
