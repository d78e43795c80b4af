/* crawl/api_interface.h - what api.c needs to know of each interface.
 *
 * An interface is a row of constants and three functions; a search is a row that says how its
 * address looks and where it is asked. api.c does what is the same for all. */
#ifndef KO_CRAWL_API_INTERFACE_H
#define KO_CRAWL_API_INTERFACE_H

#include "crawl/keys.h"

#include <jansson.h>

/* What was asked for, which tells what the answer is. */
typedef enum ko_api_step {
    KO_API_NOTHING,
    KO_API_TOKEN,
    KO_API_SHOP,   /* the number of a shop that was named */
    KO_API_SEARCH, /* a page of results */
    KO_API_DETAILS /* of the results of a page, where the search tells too little */
} ko_api_step;

/* What an interface says against a request. */
typedef struct ko_api_complaint {
    const char *text; /* borrowed from the reply; NULL: nothing */
    bool later;       /* it was asked too often, and will answer in a while */
} ko_api_complaint;

/* What a reply of search results holds. */
typedef struct ko_api_found {
    size_t records;  /* in this reply */
    bool unfinished; /* their details are to be asked for before they are offers */
    bool more;       /* another page follows */
} ko_api_found;

typedef struct ko_api_interface {
    const char *name;      /* in addresses */
    const char *title;     /* for people */
    const char *url;       /* scheme and host */
    const char *keys_from; /* where people get keys */
    const char *usage;     /* what its addresses look like */
    int64_t quota;         /* requests a day */
    ko_page_format format;
    /* Makes the request for api->page, or for what it needs before. */
    ko_status (*ask)(ko_api *api, ko_error *err);
    /* What a reply says against the request, whatever its HTTP status. */
    ko_api_complaint (*complaint)(const json_t *reply);
    /* Looks at a reply to anything but a token. KO_E_FORMAT: it is none of that, KO_E_NOT_FOUND:
     * there is no such shop, both without text. */
    ko_status (*take)(ko_api *api, const json_t *reply, ko_api_found *out_found);
} ko_api_interface;

extern const ko_api_interface ko_api_ebay, ko_api_etsy, ko_api_aliexpress;

typedef struct ko_api_search {
    const ko_api_interface *interface;
    const char *name;      /* in addresses, after the interface's */
    const char *parameter; /* that its address must have */
    const char *endpoint;  /* a path, or what the interface calls a method */
    int page_size;         /* results a page; the most that are documented */
    bool picture;          /* is asked with one */
    ko_api_key keys[3];    /* that it needs */
    int n_keys;
} ko_api_search;

struct ko_api {
    const ko_api_search *search;
    const ko_api_keys *keys;
    const char *url; /* scheme and host of all requests */
    char *words;     /* value of the parameter */
    char *market;    /* as eBay names its countries; NULL: the first of them */
    const void *picture;
    size_t picture_bytes;
    int64_t now, opened_ms; /* the time given, and what an interval clock showed then */

    int64_t page; /* from 0 */
    bool ended;
    char *token;
    bool renewed; /* after the interface no longer took the last one */
    char *shop;   /* its number, once it is known */
    char *ids;    /* the results whose details are to come, */
    bool more;    /* and whether another page follows theirs */

    /* The request that ko_api_next handed out. */
    ko_api_step step;
    char *target, *post;
    char *headers[3];
    size_t n_headers, post_bytes;
};

/* --- parts of requests; KO_E_NOMEM, KO_E_LIMIT, with the text for people --- */

/* Sets the URL: the interface's, then path. */
KO_NODISCARD ko_status ko_api_set_target(ko_api *api, ko_error *err, const char *fmt, ...)
    KO_PRINTF(3, 4);
/* Adds a header, made by ko_api_text; NULL is a want of memory. */
KO_NODISCARD ko_status ko_api_add_header(ko_api *api, char *header, ko_error *err);
/* Sets the body, which api then owns; NULL is a want of memory. */
KO_NODISCARD ko_status ko_api_set_post(ko_api *api, char *body, ko_error *err);

/* Writes text with everything but unreserved characters as %XX (RFC 3986, 2.3), which is right in
 * a query and in a form, and a zero; only counts when out is NULL. Returns the length. */
size_t ko_api_escape(const char *text, char *out);
/* The same in a block of its own, to free with ko_free; NULL when there is no memory. */
char *ko_api_escaped(const char *text);
/* n bytes in base64 (RFC 4648, 4). To free with ko_free; NULL when there is no memory. */
char *ko_api_base64(const void *bytes, size_t n);

/* --- signatures --- */

typedef struct ko_api_parameter {
    const char *name, *value;
} ko_api_parameter;

#define KO_API_SIGNATURE_SIZE 65

/* Signs a request as AliExpress' open platform wants it: HMAC-SHA256, with the secret, over path
 * and then name and value of every parameter, in the byte order of the names, which this puts
 * them into; in capital hexadecimal digits. path is "" for requests that name their method in a
 * parameter. KO_E_NOMEM. */
KO_NODISCARD ko_status ko_api_sign(const char *secret, const char *path,
                                   ko_api_parameter *parameters, size_t n,
                                   char out_signature[KO_API_SIGNATURE_SIZE]);

#endif
