/* case/packet.h - the folder that one notice is filed from.
 *
 *   CHECKLIST.txt   what to do where, in this order
 *   urls.txt        or items.txt: the listings exactly as the form wants them
 *   reason.txt      what to write beside them
 *   letter.txt      and letter.pdf, where the channel takes a letter (eBay's NOCI, the DMCA)
 *   vero.json       for eBay's interface
 *   proof.jpg       the work, marked
 *   statement.pdf   the Copyright Claim Statement, signed if the user did so
 *   evidence.pdf    each listing beside the work
 *   notice.json     all of it for programs
 *
 * It holds nothing that is not meant for others but CHECKLIST.txt and notice.json, which name no
 * private field of the profile either. */
#ifndef KO_CASE_PACKET_H
#define KO_CASE_PACKET_H

#include "case/kit.h"
#include "proof/signer.h"
#include "scan/problems.h"
#include "store/notice.h"
#include "store/profile.h"

typedef struct ko_packet_options {
    const ko_kit *kit;
    const ko_user *user;
    const char *proof_folder; /* where proof of works is kept: taken from there, made there when
                                 it is missing */
    const ko_signer *signer;  /* for statements that are made; NULL: they are left to a pen */
    const char *software;
    ko_problems *problems; /* evidence whose picture is gone */
    bool without_evidence; /* no evidence.pdf */
} ko_packet_options;

/* Writes the packet of a notice, without listings that were withdrawn, into a folder of its own
 * below root, which is made, and keeps where it is (ko_notice_set_folder). What an earlier try left
 * there is replaced; a packet that is not whole never has its final name. KO_E_NOT_FOUND: no such
 * notice, its work was removed, or all of it was withdrawn. KO_E_FORMAT, KO_E_UNSUPPORTED: of the
 * work's files and texts. KO_E_IO, KO_E_NOMEM. *out_unsigned tells that the channel asks for a
 * signed statement and this one is not signed digitally yet. */
KO_NODISCARD ko_status ko_packet_write(ko_store *store, int64_t notice_id, const char *root,
                                       const ko_packet_options *options, bool *out_unsigned,
                                       ko_error *err);

/* Removes the packet of a notice, as it names something else than the notice now does, and keeps
 * that it is to be written. A folder that is gone, or that is another's, is left alone.
 * KO_E_NOT_FOUND: no such notice. KO_E_IO. */
KO_NODISCARD ko_status ko_packet_remove(ko_store *store, int64_t notice_id, ko_error *err);

#endif
