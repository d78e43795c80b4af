/* base/limits.h - every cap of the program, each with its reason.
 *
 * Nothing that comes from outside may grow past one of these. A message about one names
 * the number that broke it and the cap. */
#ifndef KO_BASE_LIMITS_H
#define KO_BASE_LIMITS_H

/* --- pictures (checked in image/, hit by tests/unit/image) --- */

/* Bytes of one picture file. Marketplaces serve under 10 MB; originals of print size
 * (TIFF, PSD) reach a few hundred. */
#define KO_MAX_IMAGE_BYTES ((size_t)512 << 20)
/* Longest side. JPEG and WebP end at 65,535 and 16,383 anyway. */
#define KO_MAX_IMAGE_SIDE_PX 65500u
/* Pixels after which a header is called a bomb: a 100-megapixel camera fits. */
#define KO_MAX_IMAGE_PIXELS ((uint64_t)120 * 1000 * 1000)
/* The same for a listing photo, of which every thread holds one: a progressive JPEG takes
 * seven bytes a pixel to decode, so this is 350 MB a thread at worst. */
#define KO_MAX_PHOTO_PIXELS ((uint64_t)50 * 1000 * 1000)
/* A vector drawing is rasterised so that its longer side has this many pixels. */
#define KO_SVG_SIDE_PX 1024u
/* Longer side at which keypoints are looked for: a place is kept in 15 bits, and beyond
 * this a listing photo shows its noise. */
#define KO_MAX_PYRAMID_SIDE_PX 4096u

/* What is kept of a view to look for it inside pictures: a tenth is usual. */
#define KO_MAX_PART_BYTES ((size_t)4 << 20)

/* An evidence picture as PNG: 1,600 pixels wide and not twice as high, before compression. */
#define KO_MAX_EXHIBIT_BYTES ((size_t)32 << 20)

/* The evidence of one candidate in words: half a kilobyte for each time that it was seen. */
#define KO_MAX_EVIDENCE_TEXT ((size_t)16 << 20)

/* --- files and sheets --- */

#define KO_MAX_SHEET_BYTES ((size_t)1 << 30)  /* a CSV or JSON Lines file */
#define KO_MAX_SHEET_FIELD ((size_t)64 << 10) /* one cell; a listing's title has 80 to 500 */
#define KO_MAX_SHEET_COLUMNS 256u
/* Name of a column of the user's own that is kept with each of its cells. */
#define KO_MAX_REMARK_NAME ((size_t)200)
/* Times that reading is taken up again after a quote that is never closed: each may cost a
 * second look at one cell's worth of bytes. */
#define KO_MAX_SHEET_RESTARTS 1000u
#define KO_MAX_URL_BYTES ((size_t)2048) /* longer ones are cut by browsers and servers */
#define KO_MAX_LISTING_IMAGES 64u       /* galleries end at 20 on every platform we know */
#define KO_MAX_PATH_BYTES 4096u
#define KO_MAX_WALK_DEPTH 32u /* folders inside folders; also ends symlink loops */

/* --- what sites say (checked in platform/, hit by tests/unit/platform) --- */

/* Of a robots.txt; what lies beyond is not read (RFC 9309 section 2.5 asks for this much). */
#define KO_MAX_ROBOTS_BYTES ((size_t)500 << 10)
/* What follows the host of a URL that a robots.txt is asked about, every octet encoded. */
#define KO_MAX_ROBOTS_TARGET (3 * KO_MAX_URL_BYTES + 1)
/* Seconds; a crawl-delay beyond a day is a mistake. */
#define KO_MAX_CRAWL_DELAY_S 86400.0
/* A price with all that stands around it; longer texts are descriptions. */
#define KO_MAX_PRICE_BYTES ((size_t)512)

/* --- files of captures, and the archive (checked in capture/, hit by tests/unit/capture) --- */

/* Of a file: crawlers begin a new one at 1 GB (ISO 28500 annex C), and may overshoot. */
#define KO_MAX_CAPTURE_BYTES ((size_t)2 << 30)
/* Of a HAR or MHTML inflated, which is one text: browsers write tens of megabytes. */
#define KO_MAX_CAPTURE_TEXT ((size_t)512 << 20)
#define KO_MAX_CAPTURE_RECORDS 10000000u       /* of one file; 1 GB of WARC holds 100,000 */
#define KO_MAX_CAPTURE_HEAD ((size_t)64 << 10) /* header lines of one record; 2 KB is usual */
#define KO_MAX_CAPTURE_BODY                                                                        \
    ((size_t)64 << 20)                          /* one body, as kept and decoded; pictures of      \
                                                   markets have under 10 MB */
#define KO_MAX_CAPTURE_PASS ((uint64_t)4 << 30) /* inflated only to be passed over: a film */
#define KO_MAX_CAPTURE_CODINGS 4u               /* of one body; servers apply one or two */
#define KO_MAX_ARCHIVE_HEAD                                                                        \
    ((size_t)1 << 20)                                /* of one record that we write: network       \
                                                        libraries end at 300 KB of headers */
#define KO_MAX_ARCHIVE_FILE_BYTES ((int64_t)1 << 30) /* then a new one is begun */

/* --- pages and feeds of markets (checked in page/, hit by tests/unit/page) --- */

#define KO_MAX_PAGE_BYTES ((size_t)32 << 20) /* a page, reply or feed; pages end at 2 MB */
#define KO_MAX_PAGE_NODES 400000u            /* elements and texts of a page; 20,000 is much */
#define KO_MAX_PAGE_ATTRIBUTES 500u          /* of one element; a page of 50 has a mistake */
#define KO_MAX_PAGE_JSON_DEPTH 200u          /* brackets inside brackets; states have 30 */
#define KO_MAX_PAGE_JSON_VALUES 400000u      /* values looked at in one page */
#define KO_MAX_PAGE_TEXT ((size_t)2000)      /* a title, a seller's name, a price */
#define KO_MAX_PAGE_OFFERS 20000u            /* records of one feed; then it is cut */
#define KO_MAX_PAGE_CARDS 2000u              /* listings that a page shows; 240 is the most */
#define KO_MAX_PAGE_LINKS 50000u             /* of one page: what a sitemap may list */
#define KO_MAX_PAGE_WARNINGS 8u              /* of one record */

/* --- interfaces of marketplaces (checked in crawl/, hit by tests/unit/crawl) --- */

#define KO_MAX_KEY_BYTES ((size_t)4096)       /* one key or token; eBay's tokens have 2,000 */
#define KO_MAX_KEY_FILE_BYTES ((size_t)65536) /* nine keys, with room for comments */
/* The artwork that an image search is given; a side of 1,000 pixels is below 2 MB as PNG. */
#define KO_MAX_API_PICTURE_BYTES ((size_t)4 << 20)
/* Results of one search that are handed out: what eBay ends at. Words that find more find
 * more than anybody looks through. */
#define KO_MAX_API_RESULTS 10000
/* --- crawling (checked in crawl/, hit by tests/unit/crawl) --- */

/* Of one source, waiting to be asked: enough for a list that names many hosts, and little
 * memory with hundreds of sources. */
#define KO_MAX_CRAWL_WAITING 64u
/* Pictures waiting to be asked for, of all hosts and of one. */
#define KO_MAX_CRAWL_PICTURES 4096u
#define KO_MAX_CRAWL_HOST_PICTURES 64u
/* Lists of one source in a run: a "next" that never ends shall. At 250 listings a list, and
 * far more in a sitemap, a shop has fewer. */
#define KO_MAX_SOURCE_LISTS 1000u
/* Lists in a row that only lead to another one that was not known. */
#define KO_MAX_IDLE_LISTS 10u
/* Addresses that one source leads to: more than a week at one a second. */
#define KO_MAX_SOURCE_REQUESTS 700000u
/* Pages of a shop's interface; Shopify gives no more. */
#define KO_MAX_SHOP_PAGES 100u
/* Seconds after which an address is asked for all of it again, changed or not: what a page lists is
 * seen only then, and what is not seen for long is kept no longer (store/retention.h). */
#define KO_MAX_UNCHANGED_S ((int64_t)60 * 86400)
/* A picture of a listing; the largest originals on marketplaces have 20 MB. */
#define KO_MAX_WEB_PICTURE_BYTES ((size_t)32 << 20)
/* Times that one address is asked before it is given up, a host's silence included. */
#define KO_MAX_CRAWL_TRIES 4
/* Refusals in a row after which a host is left alone: it means all of it. */
#define KO_MAX_CRAWL_REFUSALS 5u
/* Listings looked at again in one run, of all hosts and of one: at one a second, a host with many
 * keeps a run busy for five minutes, and the rest stays due. */
#define KO_MAX_RECHECKS ((size_t)4096)
#define KO_MAX_RECHECKS_HOST 300u

/* Of all headers of an answer with what comes before it; browsers stop at 256 KiB. */
#define KO_MAX_HEAD_BYTES ((size_t)256 << 10)
/* A body may unpack to so many times what came of it once it has so many bytes: pages unpack to
 * ten times, a bomb to a thousand. */
#define KO_MAX_UNPACK_RATIO 200
#define KO_UNPACK_FREE_BYTES ((size_t)1 << 20)
/* Of a body that comes with an error: pages of walls have up to 200 KB. */
#define KO_MAX_ERROR_BODY_BYTES ((size_t)512 << 10)
#define KO_MAX_ROBOTS_REDIRECTS 5u  /* of a robots.txt (RFC 9309 section 2.3.1.2) */
#define KO_MAX_ROBOTS_AGE_S 86400   /* then it is asked for anew (RFC 9309 section 2.4) */
#define KO_MAX_WAIT_S 60            /* in a run, for a host that asks for time */
#define KO_MAX_GAP_S 600.0          /* between requests; a host that asks for more gets one a run */
#define KO_MAX_RETRY_AFTER_S 86400  /* a site that asks for more has made a mistake */
#define KO_LATER_S 900              /* when a host asked for time and did not say how much */
#define KO_MAX_HOST_FAILURES 10u    /* in a row; then a host is asked no more in a run */
#define KO_MAX_NET_HOSTS 500u       /* asked at once: a socket each, and 1,024 are usual */
#define KO_MAX_NET_CONNECTIONS 300u /* kept open for what comes next, of the same 1,024 */

/* --- notices (checked in notice/, hit by tests/unit/notice) --- */

#define KO_MAX_NOTICE_DATA_BYTES                                                                   \
    ((size_t)4 << 20)                /* a file of rules or holidays; ours have 20 KB */
#define KO_MAX_NOTICE_LISTINGS 10000 /* in one notice; 300 is the most we know */
#define KO_MAX_NOTICE_DAYS 3650      /* a time longer than ten years is a mistake */
/* A sheet of the numbers of notices: some 100,000 rows. */
#define KO_MAX_NOTICE_SHEET_BYTES ((size_t)4 << 20)
#define KO_MAX_NOTICE_TEXT ((size_t)500) /* bytes of a platform's number or of a note */
/* Characters of one fact in a letter; what is longer is a description, and cut. */
#define KO_MAX_LETTER_FACT 1000u
/* A letter that names 300 listings by the longest URLs there are. */
#define KO_MAX_LETTER_BYTES ((size_t)2 << 20)
/* Why a candidate is in no notice: all facts that there are, each with its command. */
#define KO_MAX_LEFT_WORDS ((size_t)4096)
/* One line of a text for people: a path and some words; and all of a checklist or a notice.json,
 * which has a kilobyte a listing. */
#define KO_MAX_SAID_LINE ((size_t)16 << 10)
#define KO_MAX_CHECKLIST_BYTES ((size_t)1 << 20)
#define KO_MAX_NOTICE_JSON ((size_t)64 << 20)
/* A name by which a seller is asked for: the longest that a sheet brings. */
#define KO_MAX_SELLER_NAME KO_MAX_SHEET_FIELD
/* What works check says of one work: all facts with all channels that ask for them. */
#define KO_MAX_CHECK_TEXT ((size_t)256 << 10)
#define KO_MAX_CALENDAR_BYTES ((size_t)16 << 20) /* 10,000 dates with all their words */

/* --- proof of works (checked in proof/, hit by tests/unit/proof) --- */

/* Longer side of a proof picture: a reviewer sees enough, a printer of goods too little. */
#define KO_PROOF_SIDE_PX 1600u
/* And of one of a small work, which is enlarged until the words on it can be read. */
#define KO_PROOF_SIDE_LEAST_PX 800u
/* As JPEG: noise of that many pixels takes 5 MB. */
#define KO_MAX_PROOF_BYTES ((size_t)16 << 20)
/* One text of a statement: six lines of its column, and longer than forms take. */
#define KO_MAX_STATEMENT_TEXT ((size_t)500)
/* A statement with its picture and its fonts, or a letter of 300 pages. */
#define KO_MAX_STATEMENT_BYTES ((size_t)32 << 20)
/* An evidence sheet: 100 KB a listing, so that 2,000 of them fit. */
#define KO_MAX_EVIDENCE_PDF_BYTES ((size_t)256 << 20)
/* A key with its certificates (PKCS #12); 5 KB is usual. */
#define KO_MAX_KEY_STORE_BYTES ((size_t)256 << 10)
#define KO_MAX_PASSPHRASE_BYTES ((size_t)1024) /* and the rest of the file that holds it */
/* Of a signature in a statement, for which room is left before it is made: a chain of four
 * certificates takes 8 KB. */
#define KO_MAX_SIGNATURE_BYTES ((size_t)16 << 10)
/* A request for a timestamp or the answer; authorities send 3 to 8 KB. */
#define KO_MAX_STAMP_BYTES ((size_t)64 << 10)
/* A file that is timestamped is read in one piece. */
#define KO_MAX_STAMPED_BYTES KO_MAX_IMAGE_BYTES

/* --- who the user is (checked in store/, hit by tests/unit/store) --- */

#define KO_MAX_PROFILE_TEXT ((size_t)500) /* one field; an address has 200 */
/* One text about a work; letters say 1,000 characters of it. */
#define KO_MAX_WORK_TEXT ((size_t)2000)
/* A scanned certificate or a screenshot; platforms take up to 10 MB. */
#define KO_MAX_PAPER_BYTES ((size_t)64 << 20)

/* --- candidates that are set aside (case/, hit by test_flood.c and test_rule.c) --- */

/* Candidates set aside, or put back, in one transaction: 50 ms on a small machine. */
#define KO_ASIDE_BATCH 500u
/* Days from which it follows how much a work, picture or source yields: four of each weekday. */
#define KO_FLOOD_DAYS 28
/* What a day is taken to yield before anything is known. */
#define KO_FLOOD_PRIOR 3.0
/* A day that comes by chance once in so many is no chance: of 1,000 subjects, in three years. */
#define KO_FLOOD_CHANCE 1e-6
/* Days in which a work or source is new: it is added in the evening, and read overnight. */
#define KO_FLOOD_NEW_DAYS 2
/* Listings that a source has brought when it is known: a few of a new one's came by others. */
#define KO_FLOOD_KNOWN_SOURCE 20
/* Candidates a day for which nothing is held: those of a work or picture are looked through in five
 * minutes, those of a source come from many works. */
#define KO_FLOOD_LEAST 60u
#define KO_FLOOD_LEAST_SOURCE 300u
/* The same while it is new. Artists know of 200 copies of one design, and of 650 links in all, when
 * they begin. */
#define KO_FLOOD_FIRST 300u
#define KO_FLOOD_FIRST_SOURCE 1000u
/* Percent of them from which on nearly all show one picture. */
#define KO_FLOOD_ONE_PICTURE 80u

/* --- the overview (case/, hit by tests/unit/case/test_estimate.c and tests/cli/report) --- */

#define KO_MAX_ESTIMATE_RATES 16u   /* currencies that are added up */
#define KO_MAX_SOLD_DIGITS 9u       /* of how many were sold; the best sellers have seven */
#define KO_MAX_OVERVIEW_WEEKS 520u  /* ten years */
#define KO_MAX_OVERVIEW_SELLERS 10u /* that are told by name */

/* --- news (checked in notify/, hit by tests/unit/notify) --- */

#define KO_MAX_MAIL_ADDRESS ((size_t)254) /* RFC 5321 section 4.5.3.1.3, without the brackets */
#define KO_MAX_MAIL_TO ((size_t)20)       /* recipients; a studio has a few */
#define KO_MAX_NOTIFY_EVERY_S ((int64_t)30 * 86400) /* what is told more seldom comes too late */
/* Lines of one kind in a digest; who has more looks at the page, and is told how many there are. */
#define KO_MAX_DIGEST_ITEMS 40u
/* Characters of one name or text in it: a title, what went wrong with a source. */
#define KO_MAX_DIGEST_NAME 100u
/* Candidates that its JSON names by number, for programs; people are told how many there are. */
#define KO_MAX_DIGEST_CANDIDATES 1000u
/* A digest in words: nine kinds of that many lines. */
#define KO_MAX_DIGEST_BYTES ((size_t)1 << 20)
/* As JSON: that, and the names of its fields in each of some thousand works. */
#define KO_MAX_DIGEST_JSON ((size_t)4 << 20)
#define KO_MAX_ATOM_DIGESTS 50u /* in the feed; readers fetch it hourly and keep what they saw */
#define KO_MAX_ATOM_BYTES (KO_MAX_ATOM_DIGESTS * KO_MAX_DIGEST_BYTES)
/* Tries of one delivery, and seconds before the second and between later ones: 15 minutes, doubling
 * to six hours, are five days until it is given up, as of mail (RFC 5321, section 4.5.4.1): a
 * network that is away over a long weekend loses no news. */
#define KO_MAX_NOTIFY_TRIES 25
#define KO_NOTIFY_LATER_S 900
#define KO_MAX_NOTIFY_LATER_S 21600
/* Seconds for connecting and for all of one delivery, and milliseconds for a program that shows a
 * note. */
#define KO_MAX_NOTIFY_CONNECT_S 30
#define KO_MAX_NOTIFY_SEND_S 120
#define KO_MAX_NOTIFY_SHOW_MS 5000
/* What a server says to a delivery; the rest of it is not read. */
#define KO_MAX_NOTIFY_ANSWER ((size_t)4096)

/* --- the local page (checked in serve/, hit by tests/unit/serve and tests/cli/serve-*) --- */

/* Of the target in a request line; ours have 100. */
#define KO_MAX_SERVE_TARGET 2048u
#define KO_MAX_SERVE_QUERY 16u /* pairs of name and value in it */
/* Of a request's head. Cookies know no ports: those of other local servers come along, and
 * browsers keep up to 4 KB of each. */
#define KO_MAX_SERVE_HEAD ((size_t)32 << 10)
/* What one connection may hold while it is read: twice that, so that what is somewhat too long is
 * still read and answered. */
#define KO_MAX_SERVE_CONNECTION (2 * KO_MAX_SERVE_HEAD)
/* Of JSON that is sent to change something: a thousand candidates take 70 KB. */
#define KO_MAX_SERVE_JSON (128u << 10)
/* A file that is dropped on the page: an original, a listing's picture, a saved page, a sheet. */
#define KO_MAX_SERVE_FILE (64u << 20)
/* Of all bodies that are being sent at once. */
#define KO_MAX_SERVE_BODIES ((uint64_t)192 << 20)
/* Bytes of its name: with what we add, file systems that allow 255 still take it. */
#define KO_MAX_SERVE_NAME 200u
#define KO_MAX_SERVE_PROBLEMS 100u /* lines about one task that are kept for the page */
#define KO_MAX_SERVE_DECIDED 1000u /* candidates decided about at once */
#define KO_MAX_SERVE_SCORE 20.0    /* that a threshold is set to; no match reaches it */
#define KO_MAX_SERVE_PAGE 500u     /* candidates on a page of the list; a screen shows 20 */
/* Of one picture that is looked for: photos that look like it, and listings with any of them. */
#define KO_MAX_SERVE_SEEN 200u
#define KO_MAX_SERVE_SEEN_LISTINGS 500u
/* Milliseconds for an address that is to be looked at: a host that is slow, and its robots.txt. */
#define KO_MAX_SERVE_FETCH_MS 45000
/* Longer side of the picture that goes with the answer, and bytes: noise takes 1 MB. */
#define KO_SERVE_PREVIEW_PX 900u
#define KO_MAX_SERVE_PREVIEW_BYTES ((size_t)4 << 20)
#define KO_MAX_SERVE_TRIED 50u     /* candidates that a rule would set aside, by name */
#define KO_MAX_SERVE_SIGHTINGS 60u /* listings beside a candidate; nobody reads on */
#define KO_MAX_SERVE_IDS 100u      /* candidates asked for by number: what a target has room for */
/* Candidates in the list that the page scrolls through. Firefox lays out 17 million pixels, and a
 * row has 64; who has more looks through them by work, seller or title. */
#define KO_MAX_SERVE_INBOX 200000u
/* That list as text: 80 bytes each when all have a work and a seller of their own. */
#define KO_MAX_SERVE_INBOX_BYTES ((size_t)32 << 20)
/* Of what is answered but for pictures: a page of that many candidates, 3 KB each. */
#define KO_MAX_SERVE_ANSWER ((size_t)8 << 20)
/* Connections open at once. A browser opens six for a page, and each has a thread. */
#define KO_MAX_SERVE_CONNECTIONS 96u
/* Of them those that did not show yet whose they are: then the oldest has to go. */
#define KO_MAX_SERVE_STRANGERS 32u
/* Browsers with the clipping helper; a person has a few. */
#define KO_MAX_PAIRINGS 20u
#define KO_MAX_PAIRING_NAME 80u     /* bytes of what one is called */
#define KO_MAX_PAIRING_FAILURES 20u /* wrong tokens a minute; a person mistypes fewer */
/* A page as the helper sends it: the addresses that are listed before it, and the document. Those
 * of shops end at 3 MB. */
#define KO_MAX_CLIP_ADDRESSES 500u
#define KO_MAX_CLIP_PAGE ((size_t)8 << 20)
#define KO_MAX_CLIP_BODY (10u << 20)
#define KO_MAX_CLIP_PICTURES 64u /* asked for of one page, which may be a list of many offers */
#define KO_MAX_SERVE_STREAMS 16u /* streams of events; one for each page that is open */
/* Milliseconds for the head of a stranger's first request: no network is between us. */
#define KO_MAX_SERVE_HEAD_MS 10000
#define KO_MAX_SERVE_BODY_MS 30000 /* and for a body */
#define KO_MAX_SERVE_IDLE_S 60u    /* in which nothing comes or goes */
/* Connections to the database; each may keep 64 MB of it in memory. */
#define KO_MAX_SERVE_STORES 4u
/* Pictures made at once: 350 MB each at worst. */
#define KO_MAX_SERVE_PICTURES 2u
/* Longer side of a picture that is asked for: a high-resolution screen, and a thumbnail. */
#define KO_MAX_SERVE_SIDE_PX 2400u
#define KO_MIN_SERVE_SIDE_PX 16u

/* --- what is kept (checked in store/ and watch/, hit by tests/unit/store, tests/unit/watch) --- */

/* Days that something is kept; longer is for ever. */
#define KO_MAX_RETENTION_DAYS 36500
/* A manifest of a backup: 200 bytes a file, and an archive begins a new one each GB. */
#define KO_MAX_MANIFEST_BYTES ((size_t)64 << 20)

/* --- watching (checked in watch/, hit by tests/unit/watch) --- */

/* Seconds of one crawl, after which the other jobs have their turn before it goes on: what came is
 * scanned and told within half an hour, however large a shop is. */
#define KO_MAX_WATCH_CRAWL_S 1800
/* A file of metrics: twenty families and two hundred samples. */
#define KO_MAX_METRICS_BYTES ((size_t)256 << 10)
/* A unit of systemd or a table of cron, which people write by hand. */
#define KO_MAX_UNIT_BYTES ((size_t)64 << 10)
#define KO_MAX_CRONTAB_BYTES ((size_t)1 << 20)

/* --- work at once --- */

#define KO_MAX_JOBS 256u /* threads of one scan */

#endif
