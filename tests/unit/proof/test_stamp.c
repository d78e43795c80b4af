/* Timestamps: an honest one is believed, and every kind of bad one is told apart. */
#include "base/clock.h"
#include "base/limits.h"
#include "proof/stamp.h"
#include "server/stamper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static stamper *authority;
static char ca_file[] = "/tmp/knockoff-stamp-XXXXXX";

static int make_authority(void **state)
{
    (void)state;
    authority = stamper_make();
    const int fd = mkstemp(ca_file);
    return !authority || fd < 0 || close(fd) != 0 || !stamper_write_ca(authority, ca_file);
}

static int free_authority(void **state)
{
    (void)state;
    stamper_free(authority);
    return unlink(ca_file);
}

/* A request for bytes all equal, and what an authority in that mood answers. */
static void talk(uint8_t byte, stamper_mood mood, ko_buf *out_request, ko_buf *out_reply)
{
    uint8_t sha256[KO_STAMP_DIGEST];
    size_t size = 0;
    memset(sha256, byte, sizeof sha256);
    *out_request = KO_BUF(KO_MAX_STAMP_BYTES);
    *out_reply = KO_BUF(KO_MAX_STAMP_BYTES);
    assert_int_equal(ko_stamp_request(sha256, out_request, NULL), KO_OK);
    unsigned char *answer =
        stamper_answer(authority, mood, out_request->data, out_request->size, &size);
    assert_non_null(answer);
    assert_int_equal(ko_buf_append(out_reply, answer, size), KO_OK);
    OPENSSL_free(answer);
}

static void an_honest_one_is_believed(void **state)
{
    (void)state;
    ko_buf request, reply;
    talk(9, STAMPER_HONEST, &request, &reply);
    const int64_t now = ko_clock_now();
    const ko_stamp_trust known = {ca_file, now}, unknown = {NULL, now};
    char before[KO_TIME_SIZE], after[KO_TIME_SIZE];
    ko_clock_text(now - 60, before);
    ko_clock_text(now + 60, after);
    ko_stamp stamp;
    ko_error err = {0};
    if (ko_stamp_check(&request, &reply, &known, &stamp, &err) != KO_OK)
        fail_msg("not believed: %s", err.text);
    assert_string_equal(stamp.authority, "Test Stamper");
    assert_string_equal(stamp.serial, "2A");
    assert_true(stamp.trusted);
    assert_true(strcmp(before, stamp.time) < 0 && strcmp(stamp.time, after) < 0);
    ko_stamp_free(&stamp);
    assert_int_equal(ko_stamp_check(&request, &reply, &unknown, &stamp, NULL), KO_OK);
    assert_false(stamp.trusted);
    ko_stamp_free(&stamp);
    ko_buf_free(&request);
    ko_buf_free(&reply);
}

/* With the certificates of the authority and without. */
static void bad_ones_are_told_apart(void **state)
{
    (void)state;
    static const char *const lines[STAMPER_MOODS] = {
        [STAMPER_REFUSES] = "the authority refused: it does not take SHA-256 (\"",
        [STAMPER_OTHER] = "a timestamp of something else: its digest differs",
        [STAMPER_REPLAYS] = "not the answer to this request: nonce mismatch",
        [STAMPER_FUTURE] = "a timestamp of ",
        [STAMPER_EXPIRED] = "the authority's signature: ",
        [STAMPER_FORGES] = "the authority's signature: ",
    };
    for (int mood = STAMPER_REFUSES; mood < STAMPER_MOODS; mood++)
        for (int known = 0; known <= 1; known++) {
            ko_buf request, reply;
            ko_stamp stamp;
            ko_error err = {0};
            const ko_stamp_trust trust = {known ? ca_file : NULL, ko_clock_now()};
            talk(9, (stamper_mood)mood, &request, &reply);
            assert_int_equal(ko_stamp_check(&request, &reply, &trust, &stamp, &err), KO_E_FORMAT);
            print_message("%s\n", err.text);
            assert_memory_equal(err.text, lines[mood], strlen(lines[mood]));
            ko_buf_free(&request);
            ko_buf_free(&reply);
        }
}

static void an_authority_of_others_is_not_believed(void **state)
{
    (void)state;
    char other_file[] = "/tmp/knockoff-stamp-XXXXXX";
    stamper *other = stamper_make();
    const int fd = mkstemp(other_file);
    assert_true(fd >= 0 && close(fd) == 0 && stamper_write_ca(other, other_file));
    ko_buf request, reply;
    ko_stamp stamp;
    ko_error err = {0};
    talk(9, STAMPER_HONEST, &request, &reply);
    const ko_stamp_trust trust = {other_file, ko_clock_now()};
    assert_int_equal(ko_stamp_check(&request, &reply, &trust, &stamp, &err), KO_E_FORMAT);
    assert_int_equal(unlink(other_file), 0);
    err = (ko_error){0};
    assert_int_equal(ko_stamp_check(&request, &reply, &trust, &stamp, &err), KO_E_NOT_FOUND);
    ko_buf_free(&request);
    ko_buf_free(&reply);
    stamper_free(other);
}

/* Every byte of an answer damaged in turn, and every beginning of it: nothing but an error, or a
 * timestamp that says the same. */
static void damage_is_never_believed(void **state)
{
    (void)state;
    ko_buf request, reply;
    const ko_stamp_trust trust = {ca_file, ko_clock_now()};
    talk(9, STAMPER_HONEST, &request, &reply);
    ko_stamp whole, stamp;
    assert_int_equal(ko_stamp_check(&request, &reply, &trust, &whole, NULL), KO_OK);
    unsigned refused = 0;
    for (size_t i = 0; i < reply.size; i++) {
        reply.data[i] = (char)(reply.data[i] ^ 0x10);
        if (ko_stamp_check(&request, &reply, &trust, &stamp, NULL) == KO_OK) {
            assert_string_equal(stamp.time, whole.time);
            assert_string_equal(stamp.serial, whole.serial);
            ko_stamp_free(&stamp);
        } else {
            refused++;
        }
        reply.data[i] = (char)(reply.data[i] ^ 0x10);
    }
    print_message("%u of %zu damaged answers refused\n", refused, reply.size);
    assert_true(refused > reply.size / 2);
    for (ko_buf cut = reply; cut.size > 0; cut.size--)
        if (cut.size < reply.size)
            assert_int_equal(ko_stamp_check(&request, &cut, &trust, &stamp, NULL), KO_E_FORMAT);
    ko_stamp_free(&whole);
    ko_buf_free(&request);
    ko_buf_free(&reply);
}

static void requests_know_what_they_are_about(void **state)
{
    (void)state;
    ko_buf one, two, reply_one, reply_two;
    uint8_t nine[KO_STAMP_DIGEST], ten[KO_STAMP_DIGEST];
    memset(nine, 9, sizeof nine);
    memset(ten, 10, sizeof ten);
    talk(9, STAMPER_HONEST, &one, &reply_one);
    talk(9, STAMPER_HONEST, &two, &reply_two);
    assert_true(ko_stamp_is_about(&one, nine));
    assert_false(ko_stamp_is_about(&one, ten));
    assert_false(ko_stamp_is_about(&reply_one, nine));
    /* the same digest, but not the same nonce */
    const ko_stamp_trust trust = {ca_file, ko_clock_now()};
    ko_stamp stamp;
    assert_int_equal(ko_stamp_check(&one, &reply_two, &trust, &stamp, NULL), KO_E_FORMAT);
    ko_buf_free(&one);
    ko_buf_free(&two);
    ko_buf_free(&reply_one);
    ko_buf_free(&reply_two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_one_is_believed),
        cmocka_unit_test(bad_ones_are_told_apart),
        cmocka_unit_test(an_authority_of_others_is_not_believed),
        cmocka_unit_test(damage_is_never_believed),
        cmocka_unit_test(requests_know_what_they_are_about),
    };
    return cmocka_run_group_tests(tests, make_authority, free_authority);
}
