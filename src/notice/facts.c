#include "notice/facts.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* listing.* lie in a ko_notice_listing, all others in ko_facts. */
static const struct fact {
    const char *name;
    size_t at;
    const char *words;
} all[] = {
    {"profile.name", offsetof(ko_facts, profile.name), "your full legal name"},
    {"profile.company", offsetof(ko_facts, profile.company), "your company"},
    {"profile.role", offsetof(ko_facts, profile.role), "your role, such as owner or agent"},
    {"profile.address", offsetof(ko_facts, profile.address), "your postal address"},
    {"profile.country", offsetof(ko_facts, profile.country), "your country"},
    {"profile.phone", offsetof(ko_facts, profile.phone), "your telephone number"},
    {"profile.mail", offsetof(ko_facts, profile.mail), "your mail address"},
    {"profile.signature", offsetof(ko_facts, profile.signature), "your signature"},
    {"work.serial", offsetof(ko_facts, work.serial), "the serial of the work"},
    {"work.title", offsetof(ko_facts, work.title), "the title of the work"},
    {"work.kind", offsetof(ko_facts, work.kind), "the kind of work"},
    {"work.description", offsetof(ko_facts, work.description), "a description of the work"},
    {"work.author", offsetof(ko_facts, work.author), "the author of the work"},
    {"work.holder", offsetof(ko_facts, work.holder), "the holder of the rights"},
    {"work.completed_on", offsetof(ko_facts, work.completed_on), "the day the work was completed"},
    {"work.published_on", offsetof(ko_facts, work.published_on), "the day of first publication"},
    {"work.published_in", offsetof(ko_facts, work.published_in),
     "the country of first publication"},
    {"work.published_url", offsetof(ko_facts, work.published_url),
     "the address where the work was published"},
    {"work.registration", offsetof(ko_facts, work.registration), "the registration number"},
    {"work.registered_in", offsetof(ko_facts, work.registered_in), "the country of registration"},
    {"affirmed.good_faith", offsetof(ko_facts, affirmed.good_faith),
     "your affirmation that neither owner, agent nor law allows this use"},
    {"affirmed.authority", offsetof(ko_facts, affirmed.authority),
     "your affirmation, under penalty of perjury, that you may act for the owner"},
    {"recipient", offsetof(ko_facts, recipient), "to whom the letter goes"},
    {"reason", offsetof(ko_facts, reason), "the reason of the complaint"},
    {"date", offsetof(ko_facts, date), "the date of the letter"},
    {"ref", offsetof(ko_facts, ref), "the platform's number of the notice"},
    {"repeats", offsetof(ko_facts, repeats), "what of it was removed before"},
    {"proof.file", offsetof(ko_facts, proof.file), "the name of a file of proof"},
    {"proof.shows", offsetof(ko_facts, proof.shows), "what a file of proof shows"},
    {"listing.url", offsetof(ko_notice_listing, url), "the address of a listing"},
    {"listing.item", offsetof(ko_notice_listing, item), "the item number of a listing"},
    {"listing.title", offsetof(ko_notice_listing, title), "the title of a listing"},
    {"listing.seller", offsetof(ko_notice_listing, seller), "the seller of a listing"},
    {"listing.repeat", offsetof(ko_notice_listing, repeat), "what a listing brings back"},
};

_Static_assert(sizeof all / sizeof *all == KO_FACTS, "all names are counted");

static const struct fact *find(const char *text, size_t n)
{
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strlen(all[i].name) == n && memcmp(all[i].name, text, n) == 0)
            return &all[i];
    return NULL;
}

bool ko_fact_exists(const char *text, size_t n)
{
    return find(text, n) != NULL;
}

const char *ko_fact_name(const char *text, size_t n)
{
    const struct fact *fact = find(text, n);
    assert(fact);
    return fact->name;
}

const char *ko_fact_text(const ko_facts *facts, const ko_notice_listing *listing, const char *text,
                         size_t n)
{
    const struct fact *fact = find(text, n);
    assert(fact);
    const bool of_listing = strncmp(fact->name, "listing.", 8) == 0;
    const char *base = of_listing ? (const char *)listing : (const char *)facts;
    const char *value = NULL;
    if (base)
        memcpy(&value, base + fact->at, sizeof value);
    return value ? value : "";
}

const char *ko_fact_words(const char *text, size_t n)
{
    const struct fact *fact = find(text, n);
    assert(fact);
    return fact->words;
}
