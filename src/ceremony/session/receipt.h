/* Receipts: the log's head as somebody took it home, asked for and held
 * against the log. */
#ifndef QRT_CEREMONY_SESSION_RECEIPT_H
#define QRT_CEREMONY_SESSION_RECEIPT_H

#include "ceremony/session/session.h"
#include "vault/receipt_judge.h"

#define QRT_RECEIPTS_MAX 64

/* One that was given, and what became of it. */
struct qrt_held_receipt {
    struct qrt_buf name;        /* of the file or answer, as it was named */
    struct qrt_receipt receipt; /* empty if it could not be read */
    struct qrt_receipt_judgement judgement;
    char evidence[QRT_EVIDENCE_NAME_CHARS + 1]; /* the folder; "" if none was saved */
    bool let_go; /* refused, and a person goes on without another in its place */
};

/* All that were given in one sitting. Zeroed is empty. */
struct qrt_held_receipts {
    struct qrt_held_receipt *list;
    size_t len;
};

void qrt_held_receipts_free(struct qrt_held_receipts *held);
#define QRT_HELD_RECEIPTS __attribute__((cleanup(qrt_held_receipts_free))) struct qrt_held_receipts

/* Reads a text as somebody gave it, holds it against the log and against the
 * receipts before it, and adds it to them. QRT_E_TAMPERED, with evidence
 * saved: it contradicts the log, or another. QRT_E_REFUSED: it is no receipt of
 * this log. QRT_E_RANGE: too many. Only QRT_E_IO and QRT_E_NOMEM leave it out.
 * Writes nothing into the log. */
enum qrt_code qrt_receipt_hold(struct qrt_held_receipts *held, struct qrt_vault *vault,
                               const char *name, const char *text, size_t len_chars,
                               struct qrt_err *err) QRT_MUST_USE;

/* The same for what could not be read at all, and why: QRT_E_REFUSED. */
enum qrt_code qrt_receipt_hold_unread(struct qrt_held_receipts *held, const char *name,
                                      const char *why, struct qrt_err *err) QRT_MUST_USE;

/* Asks for receipts ("receipts") until there is none, and holds each. A person
 * may give a refused one again, or let it go: not by Enter alone, but by saying
 * so, and no failure then. The first failure ends it; with `all` it goes on, and
 * returns the worst. */
enum qrt_code qrt_receipts_ask(struct qrt_held_receipts *held, struct qrt_vault *vault,
                               const struct qrt_ui *ui, bool all, struct qrt_err *err) QRT_MUST_USE;

/* That of a session's start, and of a continuation's: keeps a line for each that
 * agrees, `size root`, in session->receipts, and why of each that was let go in
 * session->let_go. */
void qrt_receipts_keep(struct qrt_session *session, const struct qrt_held_receipts *held);

/* Asks at a session's start, and keeps them. QRT_E_REFUSED, QRT_E_TAMPERED. */
enum qrt_code qrt_receipts_check(struct qrt_session *session, struct qrt_err *err) QRT_MUST_USE;

/* The own last receipt of someone who signs a close ("signers.ID"), held against
 * the log. A person may give a refused one again, or let it go by saying so.
 * QRT_E_NOT_FOUND: they have none; QRT_E_REFUSED: it was refused, and stands in
 * for no receipt; QRT_E_TAMPERED. */
enum qrt_code qrt_receipt_of_signer(struct qrt_held_receipts *held, struct qrt_vault *vault,
                                    const struct qrt_ui *ui, const char *person,
                                    struct qrt_err *err) QRT_MUST_USE;

#endif
