/* Evidence from outside: reports, exports, letters, named by their SHA-256. */
#ifndef QRT_CEREMONY_REVIEW_EVIDENCE_H
#define QRT_CEREMONY_REVIEW_EVIDENCE_H

#include "ceremony/ui.h"
#include "crypto/hash.h"
#include "vault/vault.h"

struct qrt_evidence_request {
    const char *path;
    const char *kind; /* an id, as "cloudtrail" */
    const char *note; /* in words, or NULL: the file's name, if that is a text */
};

/* Keeps a copy of the file in the vault's folder and names it by its SHA-256
 * in the log, in a small session of its own. QRT_E_USAGE (a file that cannot be
 * read, a kind or note of another form, a note that looks like a secret: it is
 * not quoted), and those of a session. */
enum qrt_code qrt_evidence_attach(uint8_t digest[static QRT_HASH_BYTES], struct qrt_vault *vault,
                                  const struct qrt_evidence_request *request,
                                  const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
