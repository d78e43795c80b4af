/* crawl/state.h - what a crawl holds while it runs; for this folder alone.
 *
 * All that must outlive it stands in the database. In memory there is what is being asked: a
 * few addresses a source, and some pictures. Answers are written as they come, in transactions
 * that end after a hundred of them or a quarter of a second, the archive first. */
#ifndef KO_CRAWL_STATE_H
#define KO_CRAWL_STATE_H

#include "crawl/crawl.h"
#include "ingest/page.h"
#include "platform/url.h"
#include "store/web.h"

#define KO_CRAWL_KIND_SIZE 32
#define KO_CRAWL_RESULT_SIZE KO_ERROR_TEXT_SIZE
/* What to do where a site lets no program in. */
#define KO_CRAWL_LAWFUL_WAYS                                                                       \
    "save the page in your browser and ingest it, export a HAR, use the platform's API, or "       \
    "ingest a CSV of URLs"

/* --- asked.c: things handed to the net, from then until they are answered --- */

typedef struct ko_crawl_asked {
    struct ko_crawl_asked *next, *previous; /* in the ring of a source or of the pictures */
    struct ko_crawl_source *source;         /* NULL: a picture */
    ko_request request;                     /* of the source; owns its texts */
    ko_web_picture picture;                 /* owns its URL */
    struct ko_picture_host *host;           /* of the picture */
} ko_crawl_asked;

void ko_crawl_ring_init(ko_crawl_asked *ring);
void ko_crawl_ring_free(ko_crawl_asked *ring); /* all that is in it; zeroed ones are fine */

struct ko_pictures;
/* A new member of the ring; NULL when there is no memory. Texts are copied. */
ko_crawl_asked *ko_crawl_asked_request(struct ko_crawl_source *source, const ko_request *request);
ko_crawl_asked *ko_crawl_asked_picture(struct ko_pictures *pictures, const ko_web_picture *picture);
void ko_crawl_asked_free(ko_crawl_asked *asked); /* takes it out of its ring */

/* --- what is under way --- */

typedef struct ko_crawl_source {
    ko_source row; /* its texts are those below */
    char *name, *address;
    char kind[KO_CRAWL_KIND_SIZE];
    char result[KO_CRAWL_RESULT_SIZE];
    ko_url url;         /* of sources on the web */
    struct ko_api *api; /* of searches */
    ko_buf picture;     /* the artwork that is searched for */
    ko_crawl_asked asked;
    size_t asking;             /* in that ring */
    size_t lists;              /* asked in this run */
    unsigned idle_lists;       /* in a row that only led to another list */
    int64_t known;             /* requests that the source has */
    bool lists_cut, known_cut; /* a cap was reached, and said */
    size_t listings, new_listings, unchanged, gone, forbidden, failed;
    int64_t front_id; /* of the front page's request while front is kept; 0: none */
    ko_page front;
    unsigned refusals; /* in a row */
    const char *wall;  /* what was met; static; NULL: none */
} ko_crawl_source;

/* A host that pictures are asked from. They are asked in the order in which they became known,
 * so one number tells which ones were handed to the net in this run. */
typedef struct ko_picture_host {
    struct ko_picture_host *next;
    int64_t last_id;   /* of a picture that was handed over */
    size_t asking;     /* in the net */
    unsigned refusals; /* in a row */
    bool passed;       /* some were passed over, there being enough in the net */
    size_t n;
    char origin[]; /* scheme, name and port; n bytes */
} ko_picture_host;

typedef struct ko_pictures {
    ko_picture_host *hosts;
    ko_crawl_asked asked;
    size_t asking; /* in that ring */
    int64_t after; /* looked at up to this number */
} ko_pictures;

typedef struct ko_crawl {
    const ko_crawl_options *options;
    ko_crawl_counts *counts;
    ko_crawl_source *sources;
    size_t n_sources;
    ko_pictures pictures;
    bool writing; /* a transaction has begun */
    size_t in_batch;
    int64_t batch_ms; /* when it began (base/clock.h) */
    ko_error *err;
} ko_crawl;

/* --- batch.c: transactions --- */

/* Begins a transaction unless one has begun. */
KO_NODISCARD ko_status ko_crawl_write(ko_crawl *crawl);
/* Ends it when it has grown old or large; with now set, whatever it is. */
KO_NODISCARD ko_status ko_crawl_settle(ko_crawl *crawl, bool now);
/* Keeps what an answer says (ingest/page.h) as found by source. KO_E_FORMAT, KO_E_UNSUPPORTED
 * and KO_E_LIMIT are of this answer alone, with a line in own. */
KO_NODISCARD ko_status ko_crawl_keep(ko_crawl *crawl, const char *source, const ko_reply *reply,
                                     ko_page *out_page, ko_ingest_counts *counts, ko_error *own);
/* Says what is wrong with what is at an address, naming that unless the text does. */
void ko_crawl_say(const ko_crawl *crawl, const char *url, const char *text);
/* True of the statuses that are of one input, and not of the database, disk or memory. */
bool ko_crawl_is_of_input(ko_status status);

/* --- source.c: a source from the beginning of its run to the result --- */

/* Reads the source with this id into out. */
KO_NODISCARD ko_status ko_crawl_source_load(ko_crawl *crawl, int64_t id, ko_crawl_source *out);
void ko_crawl_source_free(ko_crawl_source *source); /* zeroed and half loaded ones are fine */
/* Takes the source up or begins its run anew, and asks for its first parts. */
KO_NODISCARD ko_status ko_crawl_source_begin(ko_crawl *crawl, ko_crawl_source *source);
/* Adds an address that the source leads to, within its caps. */
KO_NODISCARD ko_status ko_crawl_source_add(ko_crawl *crawl, ko_crawl_source *source,
                                           const char *url, ko_request_role role);
/* Counts what an answer gave. */
void ko_crawl_source_found(ko_crawl *crawl, ko_crawl_source *source, const ko_ingest_counts *got);
/* Asks for what is open. When nothing is, ends the run with its result. */
KO_NODISCARD ko_status ko_crawl_source_ask(ko_crawl *crawl, ko_crawl_source *source);

/* --- answer.c: what becomes of an answer --- */

/* Takes the answer to one of a source's requests, and asks on. */
KO_NODISCARD ko_status ko_crawl_answer(ko_crawl *crawl, ko_crawl_asked *asked,
                                       const ko_net_answer *answer);
/* Hands a request to the net. */
KO_NODISCARD ko_status ko_crawl_hand_over(ko_crawl *crawl, ko_crawl_asked *asked);
/* When to ask again what could not be asked now: as the host says; at once in another run when
 * only the budget of this one is used up; else after_s later. Seconds since 1970. */
int64_t ko_crawl_ask_again_at(const ko_net_answer *answer, int64_t after_s);
/* True of an answer that counts as a try: the host was asked, or was not there. */
bool ko_crawl_was_asked(const ko_net_answer *answer);
/* Counts refusals in a row; a host that gave too many is left alone for the rest of the run. */
void ko_crawl_count_refusal(ko_crawl *crawl, const ko_net_answer *answer, unsigned *refusals);

/* --- links.c: where lists lead --- */

typedef struct ko_crawl_list {
    const char *url; /* that was asked for */
    const ko_page *page;
    const char *headers;
    bool news; /* it brought listings that were not known */
} ko_crawl_list;

/* Adds what the list leads to, and the part that follows it. */
KO_NODISCARD ko_status ko_crawl_follow(ko_crawl *crawl, ko_crawl_source *source,
                                       const ko_crawl_list *list);

/* --- file.c: sources that are files --- */

/* Takes the file in; of a text of URLs each is a page to ask for. */
KO_NODISCARD ko_status ko_crawl_file(ko_crawl *crawl, ko_crawl_source *source);

/* --- search.c: sources that are searches of an interface (crawl/api.h) --- */

/* KO_E_USAGE, KO_E_NOT_FOUND: the source's address, with a line in own. */
KO_NODISCARD ko_status ko_crawl_search_open(ko_crawl *crawl, ko_crawl_source *source,
                                            ko_error *own);
/* Hands the request to the net that comes next from where asked stands. */
KO_NODISCARD ko_status ko_crawl_search_ask(ko_crawl *crawl, ko_crawl_asked *asked);
KO_NODISCARD ko_status ko_crawl_search_answer(ko_crawl *crawl, ko_crawl_asked *asked,
                                              const ko_net_answer *answer);

/* --- pictures.c: the pictures that listings name, from all their hosts at once --- */

void ko_pictures_init(ko_pictures *pictures);
void ko_pictures_free(ko_pictures *pictures);
/* Hands pictures to the net, as many as may wait there. */
KO_NODISCARD ko_status ko_pictures_ask(ko_crawl *crawl);
/* Takes the answer to one. */
KO_NODISCARD ko_status ko_pictures_answer(ko_crawl *crawl, ko_crawl_asked *asked,
                                          const ko_net_answer *answer);

#endif
