/* XMP is XML from strangers. libxml2 is kept from the network and from files, keeps its
 * limits on depth and size, and a packet with a document type, which XMP never has, is not
 * looked at: no entity of it is ever expanded. */
#include "image/metadata.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <pthread.h>
#include <string.h>

#define DC "http://purl.org/dc/elements/1.1/"
#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

/* Lightroom histories run to some hundred kilobytes. */
#define PACKET_BYTES_MAX ((size_t)4 << 20)

static bool is_element(const xmlNode *node, const char *space, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns && node->ns->href &&
           strcmp((const char *)node->ns->href, space) == 0 &&
           strcmp((const char *)node->name, name) == 0;
}

/* The node after this one in document order within root; NULL at the end. */
static xmlNode *next_within(const xmlNode *root, xmlNode *node)
{
    if (node->children && node->type == XML_ELEMENT_NODE)
        return node->children;
    while (node != root && !node->next)
        node = node->parent;
    return node == root ? NULL : node->next;
}

static bool is_default_language(xmlNode *item)
{
    xmlChar *language = xmlNodeGetLang(item);
    const bool is = language && strcmp((const char *)language, "x-default") == 0;
    xmlFree(language);
    return is;
}

/* The text of a dc:title element, which is a list of one text per language. */
static xmlChar *element_title(xmlNode *title)
{
    xmlNode *chosen = NULL;
    for (xmlNode *n = title; n; n = next_within(title, n))
        if (is_element(n, RDF, "li") && (!chosen || is_default_language(n)))
            chosen = n;
    return xmlNodeGetContent(chosen ? chosen : title);
}

static xmlChar *document_title(xmlNode *root)
{
    for (xmlNode *n = root; n; n = next_within(root, n)) {
        if (is_element(n, DC, "title"))
            return element_title(n);
        if (is_element(n, RDF, "Description") && xmlHasNsProp(n, BAD_CAST "title", BAD_CAST DC))
            return xmlGetNsProp(n, BAD_CAST "title", BAD_CAST DC);
    }
    return NULL;
}

void ko_image_xmp_title(ko_image_span xmp, ko_buf *out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (xmp.size == 0 || xmp.size > PACKET_BYTES_MAX || pthread_once(&once, xmlInitParser) != 0)
        return;
    xmlDoc *doc = xmlReadMemory((const char *)xmp.at, (int)xmp.size, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNode *root = doc && !xmlGetIntSubset(doc) ? xmlDocGetRootElement(doc) : NULL;
    xmlChar *title = root ? document_title(root) : NULL;
    if (title && ko_buf_text(out, (const char *)title) != KO_OK)
        ko_buf_clear(out);
    xmlFree(title);
    xmlFreeDoc(doc);
}
