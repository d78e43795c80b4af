/* Pages in the encodings of their countries, whatever they claim. */
#include "page/read_page.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "page/charset.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

static const char chinese[] =
    "这是一个出售动漫徽章和贴纸的商店，我们的商品都是全新的，欢迎各位买家前来选购，"
    "如果有任何问题请联系客服，谢谢您的光临与支持";
static const char traditional[] =
    "這是一個出售動漫徽章和貼紙的商店，我們的商品都是全新的，歡迎各位買家"
    "前來選購，如果有任何問題請聯繫客服，謝謝您的光臨與支持";
static const char japanese[] =
    "これはアニメのバッジとステッカーを売るお店です。新品の商品ばかりですので、"
    "どうぞごゆっくりご覧ください。";
static const char korean[] =
    "이것은 애니메이션 배지와 스티커를 파는 가게입니다 모든 상품은 새것이며 문의 사항은 "
    "고객 센터로 연락해 주세요";
static const char russian[] = "Это магазин значков и наклеек, все товары новые, пишите нам";

/* The text in another encoding; n bytes, to free. */
static char *encode(const char *text, const char *encoding, size_t *out_n)
{
    const size_t room = 2 * strlen(text) + 16;
    char *out = malloc(room), *to = out, *from = (char *)text;
    size_t left = room, in = strlen(text);
    const iconv_t cd = iconv_open(encoding, "UTF-8");
    assert_true(cd != (iconv_t)-1);
    assert_int_equal(iconv(cd, &from, &in, &to, &left), 0);
    iconv_close(cd);
    *out_n = room - left;
    return out;
}

static void encodings_are_told_from_the_bytes(void **state)
{
    (void)state;
    const struct {
        const char *text, *encoding, *name;
    } cases[] = {
        {chinese, "GBK", "GB18030"},      {traditional, "BIG5", "BIG5-HKSCS"},
        {japanese, "SHIFT_JIS", "CP932"}, {japanese, "EUC-JP", "EUC-JP"},
        {korean, "EUC-KR", "CP949"},      {russian, "WINDOWS-1251", "WINDOWS-1251"},
        {russian, "KOI8-R", "KOI8-R"},    {"Käse für 5 €", "WINDOWS-1252", "WINDOWS-1252"},
        {chinese, "UTF-8", "UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = 0;
        char *bytes = encode(cases[i].text, cases[i].encoding, &n);
        assert_string_equal(ko_page_guess_charset(bytes, n), cases[i].name);
        free(bytes);
    }
}

/* The page's title as it is read from a head, a text in an encoding, and a header. */
static void assert_title(const char *head, const char *text, const char *encoding,
                         const char *content_type)
{
    size_t n = 0;
    char whole[2048];
    (void)snprintf(whole, sizeof whole, "<html><head>%s<title>%s</title>", head, text);
    char *bytes = encode(whole, encoding, &n);
    ko_page page = {0};
    const ko_page_source source = {
        .bytes = bytes, .size = n, .content_type = content_type, .insist = true};
    assert_int_equal(ko_page_read(&source, &page, NULL), KO_OK);
    assert_field(only_offer(&page), KO_OFFER_TITLE, text);
    ko_page_free(&page);
    free(bytes);
}

static void claims_are_followed_unless_wrong(void **state)
{
    (void)state;
    assert_title("<meta charset=gbk>", "猫", "GBK", NULL);
    assert_title("", "猫", "GBK", "text/html; charset=GBK");
    assert_title("<meta http-equiv=content-type content='text/html; charset=Shift_JIS'>", "猫",
                 "SHIFT_JIS", NULL);
    assert_title("<meta charset=utf-8>", chinese, "GBK", NULL);
    assert_title("<meta charset=gbk>", chinese, "UTF-8", NULL);
    assert_title("", "\xEF\xBB\xBF猫" + 3, "UTF-16", NULL);
}

static void conversion_ends_at_its_limit(void **state)
{
    (void)state;
    size_t n = 0;
    char *bytes = encode(chinese, "GBK", &n);
    ko_buf converted = KO_BUF((size_t)20);
    ko_page_text text = {0};
    assert_int_equal(ko_page_decode(bytes, n, NULL, &converted, &text, NULL), KO_E_LIMIT);
    ko_buf_free(&converted);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_are_told_from_the_bytes),
        cmocka_unit_test(claims_are_followed_unless_wrong),
        cmocka_unit_test(conversion_ends_at_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
