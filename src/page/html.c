#include "page/html.h"

#include "base/limits.h"
#include "page/words.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

/* Frees everything behind the first KO_MAX_PAGE_NODES nodes; true when there was any. */
static bool cut_tree(xmlDoc *doc)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    size_t count = 0;
    xmlNode *node = root;
    while (node && count < KO_MAX_PAGE_NODES) {
        node = ko_html_next(node, root);
        count++;
    }
    const bool cut = node != NULL;
    while (node) {
        xmlNode *next = ko_html_skip(node, root);
        xmlUnlinkNode(node);
        xmlFreeNode(node);
        node = next;
    }
    return cut;
}

/* Length of the script that begins at text, up to its end tag; 0 for any other element. */
static size_t script_length(const char *text, size_t size)
{
    static const char *const end_tag[] = {"</script", NULL};
    if (size < 8 || strncasecmp(text, "<script", 7) != 0)
        return 0;
    size_t at = 7;
    while (at < size &&
           !(text[at] == '<' && ko_words_find(text + at, size - at < 8 ? size - at : 8, end_tag)))
        at++;
    return at;
}

/* True when the tag at text has more than KO_MAX_PAGE_ATTRIBUTES; sets *out_n to its length.
 * Attributes are counted by the blanks before them, values in quotes as one. */
static bool is_endless_tag(const char *text, size_t size, size_t *out_n)
{
    size_t at = 1, blanks = 0;
    while (at < size && text[at] != '>' && blanks <= KO_MAX_PAGE_ATTRIBUTES) {
        const bool value = text[at] == '=';
        blanks += (unsigned char)text[at] <= ' ' && (unsigned char)text[at - 1] > ' ';
        at++;
        while (value && at < size && (unsigned char)text[at] <= ' ')
            at++;
        if (!value || at == size || (text[at] != '"' && text[at] != '\''))
            continue;
        const char *quote = memchr(text + at + 1, text[at], size - at - 1);
        at = quote ? (size_t)(quote - text) + 1 : size;
    }
    *out_n = at;
    return blanks > KO_MAX_PAGE_ATTRIBUTES;
}

/* How much of a page to parse: the parser compares each attribute of a tag with all before,
 * so a tag of a million attributes would take it minutes. */
static size_t sane_length(const char *text, size_t size)
{
    size_t at = 0;
    while (at + 1 < size) {
        const char *tag = memchr(text + at, '<', size - at - 1);
        if (!tag)
            break;
        at = (size_t)(tag - text);
        size_t n = 1;
        if (isalpha((unsigned char)tag[1]) && (n = script_length(tag, size - at)) == 0 &&
            is_endless_tag(tag, size - at, &n))
            return at;
        at += n;
    }
    return size;
}

xmlDoc *ko_html_parse(const char *text, size_t size, bool *out_cut)
{
    *out_cut = false;
    if (size > INT_MAX)
        return NULL;
    const size_t whole = size;
    size = sane_length(text, size);
    htmlParserCtxt *parser = htmlNewParserCtxt();
    if (!parser)
        return NULL;
    /* Without XML_PARSE_HUGE the parser stops at 256 levels, which also bounds how far an
     * end tag may look up. */
    xmlDoc *doc =
        htmlCtxtReadMemory(parser, text, (int)size, NULL, "UTF-8",
                           HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                               HTML_PARSE_NONET | HTML_PARSE_COMPACT);
    if (!doc && parser->myDoc) {
        doc = parser->myDoc;
        parser->myDoc = NULL;
    }
    if (!doc && parser->errNo != XML_ERR_NO_MEMORY)
        doc = htmlNewDocNoDtD(NULL, NULL); /* an empty page is a page */
    *out_cut = parser->disableSAX != 0 || size < whole;
    htmlFreeParserCtxt(parser);
    if (doc && cut_tree(doc))
        *out_cut = true;
    return doc;
}

xmlNode *ko_html_skip(const xmlNode *node, const xmlNode *root)
{
    while (node && node != root) {
        if (node->next)
            return node->next;
        node = node->parent;
    }
    return NULL;
}

xmlNode *ko_html_next(const xmlNode *node, const xmlNode *root)
{
    if (node && node->type == XML_ELEMENT_NODE && node->children)
        return node->children;
    return ko_html_skip(node, root);
}

bool ko_html_is(const xmlNode *node, const char *tag)
{
    return node->type == XML_ELEMENT_NODE && strcasecmp((const char *)node->name, tag) == 0;
}

const char *ko_html_attribute(const xmlNode *node, const char *name)
{
    if (node->type != XML_ELEMENT_NODE)
        return NULL;
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (strcasecmp((const char *)a->name, name) == 0)
            return a->children && a->children->content ? (const char *)a->children->content : "";
    return NULL;
}

bool ko_html_has_word(const char *list, const char *word)
{
    const size_t n = strlen(word);
    while (list && *list) {
        list += strspn(list, " \t\r\n\f");
        const size_t length = strcspn(list, " \t\r\n\f");
        if (length == n && strncasecmp(list, word, n) == 0)
            return true;
        list += length;
    }
    return false;
}

xmlNode *ko_html_find(const xmlNode *root, const char *tag)
{
    xmlNode *node = ko_html_next(root, root);
    while (node && !ko_html_is(node, tag))
        node = ko_html_next(node, root);
    return node;
}

/* True for what only a screen reader gets to know, or what it is spared: a page that has
 * both says everything twice. */
static bool is_hidden(const xmlNode *node)
{
    const char *hidden = ko_html_attribute(node, "aria-hidden");
    return hidden && strcasecmp(hidden, "true") == 0;
}

ko_status ko_html_text(const xmlNode *root, ko_buf *out)
{
    const xmlNode *node = root;
    ko_status st = KO_OK;
    while (node && st == KO_OK && out->size < out->max) {
        if (ko_html_is(node, "script") || ko_html_is(node, "style") ||
            ko_html_is(node, "noscript") || ko_html_is(node, "template") ||
            ko_html_is(node, "del") || ko_html_is(node, "s") || is_hidden(node)) {
            node = ko_html_skip(node, root);
            continue;
        }
        const char *text = node->type == XML_ELEMENT_NODE ? " " : (const char *)node->content;
        if (text && (node->type == XML_TEXT_NODE || node->type == XML_ELEMENT_NODE))
            st = ko_buf_append(out, text, strnlen(text, out->max - out->size));
        node = ko_html_next(node, root);
    }
    return st;
}

const char *ko_html_script(const xmlNode *node)
{
    const xmlNode *text = node->children;
    return text && text->content ? (const char *)text->content : "";
}
