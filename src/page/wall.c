/* A mark alone proves nothing: shops load the scripts of bot guards on every page, and most
 * have a login form. So marks count only on a page that says little, the weaker the mark
 * the less. Measured in bytes of visible text, since walls hold no more than a notice. */
#include "page/wall.h"

#include "base/limits.h"
#include "page/html.h"
#include "page/words.h"

#include <string.h>
#include <strings.h>

#define WALL_TEXT ((size_t)2500)  /* a wall with its notice in several languages */
#define LOGIN_TEXT ((size_t)1500) /* a login form with its links; pages of forums have more */

/* In sources: addresses and variables of guards. */
static const char *const guard_marks[] = {"captcha-delivery.com",
                                          "px-captcha",
                                          "perimeterx",
                                          "_incapsula_resource",
                                          "cf-chl",
                                          "cf_chl_",
                                          "challenges.cloudflare.com",
                                          "challenge-platform",
                                          "/_____tmd_____/",
                                          "punish?x5",
                                          "nocaptcha",
                                          "baxia",
                                          "aws-waf-token",
                                          "awswafintegration",
                                          "validatecaptcha",
                                          "geetest",
                                          "hcaptcha.com",
                                          "recaptcha",
                                          "ak_bmsc",
                                          "_sec/cp_challenge",
                                          "kpsdk",
                                          "visitor system",
                                          "passport.weibo",
                                          "turnstile",
                                          "arkoselabs",
                                          "funcaptcha",
                                          NULL};

/* In visible text or the title. */
static const char *const notice_marks[] = {
    "are you a robot",
    "are you a human",
    "not a robot",
    "you are human",
    "robot check",
    "unusual traffic",
    "pardon our interruption",
    "access denied",
    "access to this page has been",
    "just a moment",
    "attention required",
    "checking your browser",
    "security check",
    "security verification",
    "slide to verify",
    "enable js and disable",
    "request blocked",
    "too many requests",
    "please verify",
    "verification required",
    "type the characters",
    "\xE9\xAA\x8C\xE8\xAF\x81\xE7\xA0\x81" /* yan zheng ma, verification code */,
    "\xE6\xBB\x91\xE5\x9D\x97" /* hua kuai, slider */,
    "\xE8\xAE\xBF\xE9\x97\xAE\xE8\xA2\xAB\xE6\x8B\x92\xE7\xBB\x9D" /* access refused */,
    NULL};

static const char *const login_marks[] = {
    "log in",
    "login",
    "sign in",
    "signin",
    "log on",
    "anmelden",
    "connexion",
    "iniciar",
    "accedi",
    "\xE7\x99\xBB\xE5\xBD\x95" /* deng lu */,
    "\xE7\x99\xBB\xE9\x99\x86" /* the same in another spelling */,
    "\xE3\x83\xAD\xE3\x82\xB0\xE3\x82\xA4\xE3\x83\xB3" /* roguin */,
    NULL};

static bool has_guard(const xmlNode *root)
{
    for (const xmlNode *node = root; node; node = ko_html_next(node, root)) {
        static const char *const places[] = {"src", "id", "class", "action", "href"};
        const char *code = ko_html_is(node, "script") ? ko_html_script(node) : "";
        if (ko_words_find(code, strlen(code), guard_marks))
            return true;
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            const char *value = ko_html_attribute(node, places[i]);
            if (value && ko_words_find(value, strlen(value), guard_marks))
                return true;
        }
    }
    return false;
}

static bool has_password(const xmlNode *root)
{
    for (const xmlNode *node = root; node; node = ko_html_next(node, root)) {
        const char *type = ko_html_is(node, "input") ? ko_html_attribute(node, "type") : NULL;
        if (type && strcasecmp(type, "password") == 0)
            return true;
    }
    return false;
}

/* Bytes of text without the blanks of the layout. */
static size_t dense_size(const ko_buf *text)
{
    size_t n = 0;
    for (size_t i = 0; i < text->size; i++)
        n += (unsigned char)text->data[i] > ' ';
    return n;
}

ko_status ko_wall_tell(const xmlDoc *page, int status, const char **out_reason)
{
    ko_buf text = KO_BUF(8 * WALL_TEXT), title = KO_BUF(KO_MAX_PAGE_TEXT);
    const xmlNode *root = xmlDocGetRootElement(page);
    const xmlNode *head = root ? ko_html_find(root, "title") : NULL;
    ko_status st = root ? ko_html_text(root, &text) : KO_OK;
    *out_reason = NULL;
    if (st == KO_OK && head)
        st = ko_html_text(head, &title);
    const size_t said = dense_size(&text);
    if (st == KO_OK && root && text.size < text.max) {
        const char *name = title.data ? title.data : "";
        const char *words = text.data ? text.data : "";
        const bool notice = ko_words_find(words, text.size, notice_marks) != NULL;
        const bool refused = status == 403 || status == 429 || status == 503;
        if ((said < WALL_TEXT || refused) && notice)
            *out_reason = "a bot wall";
        else if ((said < LOGIN_TEXT / 3 || refused) && has_guard(root))
            *out_reason = "a captcha";
        else if (said < LOGIN_TEXT && has_password(root) &&
                 (ko_words_find(name, title.size, login_marks) ||
                  ko_words_find(words, text.size, login_marks)))
            *out_reason = "a login page";
    }
    ko_buf_free(&text);
    ko_buf_free(&title);
    return st;
}

bool ko_wall_in_reply(const char *text, size_t size)
{
    static const char *const marks[] = {
        "captcha-delivery.com", "_____tmd_____",   "punish?", "fail_sys_user_validate",
        "px-captcha",           "validatecaptcha", NULL};
    return size < WALL_TEXT && ko_words_find(text, size, marks);
}
