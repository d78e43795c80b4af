/* case/packet_parts.h - a packet being written: what its parts share. */
#ifndef KO_CASE_PACKET_PARTS_H
#define KO_CASE_PACKET_PARTS_H

#include "case/case.h"
#include "case/packet.h"
#include "case/part_folder.h"

/* The files of a packet, by their names. */
#define KO_PACKET_CHECKLIST "CHECKLIST.txt"
#define KO_PACKET_URLS "urls.txt"
#define KO_PACKET_ITEMS "items.txt"
#define KO_PACKET_REASON "reason.txt"
#define KO_PACKET_LETTER "letter.txt"
#define KO_PACKET_LETTER_PDF "letter.pdf"
#define KO_PACKET_VERO "vero.json"
#define KO_PACKET_PROOF "proof.jpg"
#define KO_PACKET_STATEMENT "statement.pdf"
#define KO_PACKET_EVIDENCE "evidence.pdf"
#define KO_PACKET_JSON "notice.json"
#define KO_PACKET_FILES 10 /* at most, but for notice.json */

typedef struct ko_packet_file {
    const char *name; /* one of these */
    uint8_t sha256[KO_SHA256_SIZE];
    int64_t bytes;
} ko_packet_file;

typedef struct ko_packet {
    ko_store *store;
    const ko_packet_options *options;
    const ko_case *the;
    const ko_facts *facts;
    ko_part_folder folder;
    ko_packet_file files[KO_PACKET_FILES];
    size_t n_files;
    bool statement_signed; /* digitally */
} ko_packet;

/* urls.txt or items.txt: as the channel wants its listings. */
const char *ko_packet_list_name(const ko_channel *channel);
bool ko_packet_has(const ko_packet *packet, const char *name);

/* Appends CHECKLIST.txt to an empty out: the files that the packet has by now are those that it
 * speaks of. */
KO_NODISCARD ko_status ko_checklist_write(const ko_packet *packet, ko_buf *out, ko_error *err);

/* Appends notice.json to an empty out, with the digests of the files that the packet has by now. */
KO_NODISCARD ko_status ko_notice_json_write(const ko_packet *packet, ko_buf *out, ko_error *err);

#endif
