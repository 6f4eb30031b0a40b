#include "ceremony/review/evidence.h"

#include "base/text.h"
#include "ceremony/reason.h"
#include "ceremony/session/session.h"
#include "log/predecessor.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define NOTE_BYTES_MAX 200

static void page(const struct qrt_vault *vault, const struct qrt_ui *ui, unsigned step,
                 const char *title, const char *what)
{
    qrt_session_page(
        vault, ui,
        (struct qrt_page){.ceremony = "Evidence",
                          .step = step,
                          .of = 2,
                          .title = title,
                          .what = what,
                          .wrong = step == 1 ? "The file is copied as it is: a secret in it would "
                                               "lie beside the log, open to everyone."
                                             : NULL});
}

static bool is_note(const char *note)
{
    return qrt_public_text_check(note, "--note", NOTE_BYTES_MAX, NULL) == QRT_OK;
}

/* What the entry says besides the digest. */
static enum qrt_code check(const char **note, const struct qrt_evidence_request *request,
                           struct qrt_err *err)
{
    const char *slash = strrchr(request->path, '/');
    const char *name = slash == NULL ? request->path : slash + 1;
    *note = request->note;
    if (*note == NULL && is_note(name)) {
        *note = name;
    }
    if (!qrt_text_is_id(request->kind)) {
        return qrt_fail(err, QRT_E_USAGE, "--kind: not up to 32 of a-z 0-9 . _ -");
    }
    return *note == NULL ? QRT_OK : qrt_public_text_check(*note, "--note", NOTE_BYTES_MAX, err);
}

enum qrt_code qrt_evidence_attach(uint8_t digest[static QRT_HASH_BYTES], struct qrt_vault *vault,
                                  const struct qrt_evidence_request *request,
                                  const struct qrt_ui *ui, struct qrt_err *err)
{
    QRT_SESSION session = {0};
    QRT_BUF shown = {0};
    const char *note;
    char hex[2 * QRT_HASH_BYTES + 1];
    char folder[QRT_EVIDENCE_NAME_CHARS + 1];
    enum qrt_code code = check(&note, request, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_text_escape(&shown, request->path, strlen(request->path));
    if (qrt_file_hash(digest, AT_FDCWD, request->path, err) != QRT_OK) {
        return qrt_fail(err, QRT_E_USAGE, "%.120s: not a file that can be read",
                        qrt_buf_str(&shown));
    }
    qrt_text_hex(hex, digest, QRT_HASH_BYTES);
    snprintf(folder, sizeof folder, "%s%s", QRT_EVIDENCE_PREFIX, hex);
    page(vault, ui, 1, "the session",
         "The operator's badge opens the log, and everyone in the room is named.");
    if ((code = qrt_session_begin(&session, vault, ui, err)) != QRT_OK ||
        (code = qrt_evidence_keep(folder, vault->log.dir_fd, request->path, err)) != QRT_OK) {
        return code;
    }
    page(vault, ui, 2, "the close",
         "A copy of the file lies in the vault's folder. Whoever has a badge may sign the log.");
    struct qrt_draft *draft = qrt_session_draft(&session, QRT_EV_EVIDENCE_ATTACHED);
    qrt_draft_text(draft, "evidence", hex);
    qrt_draft_text(draft, "kind", request->kind);
    qrt_draft_text(draft, "note", note);
    return qrt_session_close(&session, "evidence", "done", err);
}
