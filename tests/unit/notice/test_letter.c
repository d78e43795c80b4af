/* Letters that say all they have to, and nothing that strangers put into them. */
#include "notice/letter.h"

#include "notice/rules_open.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

static const ko_notice_listing listings[] = {
    {"https://shop.example/products/fox", "", "Cute fox pin", "shop", NULL},
    {"https://shop.example/products/fox-2", "", NULL, NULL, NULL},
};

static ko_facts full(void)
{
    return (ko_facts){
        .profile = {.name = "Ann Artist",
                    .role = "owner",
                    .address = "P.O. Box 1, Springfield",
                    .phone = "+1 555 0100",
                    .mail = "ann@example.org",
                    .signature = "/Ann Artist/"},
        .work = {.serial = "KO-0042",
                 .title = "Fox at night",
                 .holder = "Ann Artist",
                 .published_on = "2021-05-04",
                 .published_url = "https://ann.example.org/fox"},
        .affirmed = {.good_faith = "2026-11-22 09:30 UTC", .authority = "2026-11-22 09:30 UTC"},
        .recipient = "Host, Inc.",
        .reason = "It is a copy.",
        .date = "2026-11-22",
        .listings = listings,
        .n_listings = 2,
    };
}

static char *letter(const char *template, const ko_facts *facts)
{
    ko_buf out = KO_BUF(KO_MAX_LETTER_BYTES);
    ko_error err = {0};
    if (ko_letter_write(template, facts, &out, &err) != KO_OK)
        fail_msg("%s", err.text);
    return out.data;
}

static void assert_letter(const char *template, const char *expected)
{
    const ko_facts facts = full();
    char *text = letter(template, &facts);
    assert_string_equal(text, expected);
    ko_free(text);
}

static void lines_of_a_template(void **state)
{
    (void)state;
    assert_letter("Dear {recipient},\r\n\nbye", "Dear Host, Inc.,\n\nbye\n");
    assert_letter("Kind: {work.kind?}\nBy: {work.author?} {work.holder?}", "By:  Ann Artist\n");
    assert_letter("@each - {listing.url} {listing.title?}",
                  "- https://shop.example/products/fox Cute fox pin\n"
                  "- https://shop.example/products/fox-2\n");
    assert_letter("@needs a name: profile.name\n", "");
    assert_letter("", "");
}

/* A line for each file of proof, and none without. */
static void proofs_have_their_lines(void **state)
{
    (void)state;
    static const ko_notice_proof proofs[] = {{"a.pdf", "a statement"}, {"b.tsr", "\x1btime"}};
    ko_facts facts = full();
    facts.proofs = proofs;
    facts.n_proofs = 2;
    char *text = letter("attached\n@proof {proof.file}: {proof.shows?}\n{date}{ref?}", &facts);
    assert_string_equal(text,
                        "attached\na.pdf: a statement\nb.tsr: \xEF\xBF\xBDtime\n2026-11-22\n");
    ko_free(text);
    assert_letter("attached\n@proof {proof.file}\n{ref?}", "attached\n");
}

static void assert_refused(const char *template, const ko_facts *facts, ko_status expected,
                           const char *told)
{
    ko_buf out = KO_BUF(KO_MAX_LETTER_BYTES);
    ko_error err = {0};
    assert_int_equal(ko_letter_write(template, facts, &out, &err), expected);
    assert_string_equal(err.text, told);
    assert_null(out.data);
}

static void mistakes_of_a_template(void **state)
{
    (void)state;
    const ko_facts facts = full();
    assert_refused("a\n{work.titel}", &facts, KO_E_FORMAT,
                   "line 2: there is no fact \"work.titel\"");
    assert_refused("{work.title", &facts, KO_E_FORMAT, "line 1: { without }");
    assert_refused("@needs profile.name", &facts, KO_E_FORMAT, "line 1: @needs has no \":\"");
    assert_refused("@needs x: nobody", &facts, KO_E_FORMAT, "line 1: there is no fact \"nobody\"");
}

/* Each element of 17 U.S.C. 512(c)(3)(A) taken away in turn. */
static void a_dmca_letter_has_all_elements(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        const char *told;
    } elements[] = {
        {offsetof(ko_facts, profile.signature),
         "missing: 17 U.S.C. 512(c)(3)(A)(i), a signature: your signature (profile.signature)"},
        {offsetof(ko_facts, work.title),
         "missing: (ii), the work: the title of the work (work.title)"},
        {offsetof(ko_facts, profile.address),
         "missing: (iv), how to reach the complaining party: your postal address "
         "(profile.address)"},
        {offsetof(ko_facts, profile.phone), "missing: (iv), how to reach the complaining party: "
                                            "your telephone number (profile.phone)"},
        {offsetof(ko_facts, affirmed.good_faith),
         "missing: (v), good faith: your affirmation that neither owner, agent nor law allows this "
         "use (affirmed.good_faith)"},
        {offsetof(ko_facts, affirmed.authority),
         "missing: (vi), accuracy, under penalty of perjury: your affirmation, under penalty of "
         "perjury, that you may act for the owner (affirmed.authority)"},
    };
    const char *template = ko_letter_template("dmca.txt");
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        static const char *const nothing[] = {NULL, "", " \t"};
        for (size_t k = 0; k < 3; k++) {
            ko_facts facts = full();
            memcpy((char *)&facts + elements[i].at, &nothing[k], sizeof nothing[k]);
            ko_buf out = KO_BUF(KO_MAX_LETTER_BYTES);
            ko_error err = {0};
            assert_int_equal(ko_letter_write(template, &facts, &out, &err), KO_E_NOT_FOUND);
            if (strncmp(err.text, elements[i].told, strlen(elements[i].told)) != 0)
                fail_msg("told \"%s\"", err.text);
            assert_null(out.data);
        }
    }
    ko_facts facts = full();
    facts.n_listings = 0;
    ko_buf out = KO_BUF(KO_MAX_LETTER_BYTES);
    ko_error err = {0};
    assert_int_equal(ko_letter_write(template, &facts, &out, &err), KO_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "(iii)"));
}

static void a_dmca_letter_says_them(void **state)
{
    (void)state;
    const ko_facts facts = full();
    char *text = letter(ko_letter_template("dmca.txt"), &facts);
    static const char *const said[] = {
        "Title: Fox at night\n",
        "- https://shop.example/products/fox-2\n",
        "Address: P.O. Box 1, Springfield\n",
        "not authorized by the copyright owner, its agent, or the law.\n",
        "under penalty of perjury",
        "Signature: /Ann Artist/\n",
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        assert_non_null(strstr(text, said[i]));
    assert_null(strstr(text, "@"
                             "needs"));
    assert_null(strstr(text, "Registration"));
    assert_null(strchr(text, '{'));
    ko_free(text);
}

static void all_letters_can_be_written(void **state)
{
    (void)state;
    static const char *const names[] = {"dmca.txt", "friendly.txt", "alibaba.txt",
                                        "temu.txt", "form.txt",     "noci.txt"};
    const ko_notice_listing items[] = {
        {"https://www.ebay.com/itm/123456789012", "123456789012", NULL, NULL, NULL}};
    ko_facts facts = full();
    facts.listings = items;
    facts.n_listings = 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *text = letter(ko_letter_template(names[i]), &facts);
        assert_non_null(strstr(text, "Fox at night"));
        assert_null(strchr(text, '{'));
        ko_free(text);
    }
    assert_null(ko_letter_template("rules.json"));
    assert_null(ko_letter_template("x"));
}

/* An item without its number is no item to eBay. */
static void a_noci_needs_item_numbers(void **state)
{
    (void)state;
    const ko_facts facts = full();
    assert_refused(ko_letter_template("noci.txt"), &facts, KO_E_NOT_FOUND,
                   "missing: the item number of a listing (listing.item)");
}

static void texts_of_strangers_are_tamed(void **state)
{
    (void)state;
    static const struct {
        const char *title, *expected;
    } cases[] = {
        {"a\nSignature: me", "a Signature: me"},
        {"a\r\n\tb", "a   b"},
        {"\xE2\x80\xAE"
         "evil\x1b[2J",
         "\xEF\xBF\xBD"
         "evil\xEF\xBF\xBD[2J"},
        {"\xFF", "\xEF\xBF\xBD"},
        {"{profile.address}", "{profile.address}"},
        {"=1+1", "'=1+1"},
        {"  @SUM(A1)", "'@SUM(A1)"},
        {"\xEF\xBC\x9D"
         "1",
         "'\xEF\xBC\x9D"
         "1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const ko_notice_listing listing = {"https://x.example/", "", cases[i].title, "", NULL};
        ko_facts facts = full();
        facts.listings = &listing;
        facts.n_listings = 1;
        char *text = letter("@each {listing.title}", &facts);
        assert_int_equal(text[strlen(text) - 1], '\n');
        text[strlen(text) - 1] = '\0';
        assert_string_equal(text, cases[i].expected);
        ko_free(text);
    }
    assert_letter("{profile.phone}\nTel. {profile.phone}", "'+1 555 0100\nTel. +1 555 0100\n");
}

static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    static const char wide[] = "\xE7\x9A\x84";
    const size_t most = KO_MAX_LETTER_FACT;
    char title[3 * (KO_MAX_LETTER_FACT + 1) + 1];
    for (size_t i = 0; i <= most; i++)
        memcpy(title + 3 * i, wide, sizeof wide);
    ko_facts facts = full();
    facts.work.title = title;
    char *text = letter("{work.title}", &facts);
    assert_int_equal(strlen(text), 3 * most + 3 + 1);
    assert_string_equal(text + 3 * most, "\xE2\x80\xA6\n");
    ko_free(text);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    const ko_facts facts = full();
    for (unsigned nth = 1;; nth++) {
        ko_buf out = KO_BUF(KO_MAX_LETTER_BYTES);
        ko_alloc_fault(nth, 1);
        const ko_status st = ko_letter_write(ko_letter_template("dmca.txt"), &facts, &out, NULL);
        const unsigned fired = ko_alloc_fault_hits();
        ko_alloc_fault(0, 0);
        ko_buf_free(&out);
        assert_int_equal(ko_alloc_live(), 0);
        if (!fired) {
            assert_int_equal(st, KO_OK);
            break;
        }
        assert_int_equal(st, KO_E_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_a_template),
        cmocka_unit_test(proofs_have_their_lines),
        cmocka_unit_test(mistakes_of_a_template),
        cmocka_unit_test(a_dmca_letter_has_all_elements),
        cmocka_unit_test(a_dmca_letter_says_them),
        cmocka_unit_test(all_letters_can_be_written),
        cmocka_unit_test(a_noci_needs_item_numbers),
        cmocka_unit_test(texts_of_strangers_are_tamed),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("notice.letter", tests, NULL, NULL);
}
