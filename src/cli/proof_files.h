/* cli/proof_files.h - where proof is kept, and the passphrase that signs it. */
#ifndef KO_CLI_PROOF_FILES_H
#define KO_CLI_PROOF_FILES_H

#include "base/buf.h"
#include "cli/cli.h"
#include "proof/signer.h"

/* The folder of all proof, beside the database; it is not made here. ko_free *out_folder. */
KO_NODISCARD ko_status ko_proof_folder(const ko_common *common, char **out_folder, ko_error *err);

/* Appends to an empty out the first line of the file at path, or with NULL what is typed at the
 * terminal after a question about what, unseen. KO_E_USAGE: there is no terminal. The caller
 * wipes and frees out (ko_passphrase_free), also after errors. */
KO_NODISCARD ko_status ko_passphrase_read(const char *path, const char *what, ko_buf *out,
                                          ko_error *err);
void ko_passphrase_free(ko_buf *passphrase);

/* Opens the PKCS #12 file at path with a passphrase that is read as above. As ko_signer_open; the
 * caller closes *out_signer. */
KO_NODISCARD ko_status ko_open_signer(const char *path, const char *passphrase_file,
                                      ko_signer **out_signer, ko_error *err);

#endif
