/* A session: one sitting, from the operator's badge to the closing entry. It is
 * one command's, or lasts over several (ceremony/sitting.h): what a command
 * does is then part of it, and needs to know nothing of that. */
#ifndef QRT_CEREMONY_SESSION_SESSION_H
#define QRT_CEREMONY_SESSION_SESSION_H

#include "ceremony/machine/fitness.h"
#include "ceremony/ui.h"
#include "vault/vault.h"

#define QRT_SESSION_BADGES_MAX 16

struct qrt_session {
    struct qrt_vault *vault;                         /* borrowed */
    const struct qrt_ui *ui;                         /* borrowed */
    const struct qrt_policy *policy;                 /* borrowed: in force, or about to be */
    struct qrt_badge badges[QRT_SESSION_BADGES_MAX]; /* the operator's first */
    size_t badges_len;
    int64_t clock_offset_s; /* attested time minus the machine's */
    struct qrt_draft *drafts;
    size_t drafts_len;
    size_t drafts_capacity;
    struct qrt_document *documents; /* their bytes are owned by `bytes` */
    size_t documents_len;
    size_t documents_capacity;
    struct qrt_buf *bytes;
    size_t bytes_len;
    struct qrt_fitness taken; /* what is wrong with the machine, and excepted */
    struct qrt_buf receipts;  /* a line for each that was shown and agreed … */
    struct qrt_buf let_go;    /* … and for each that was refused, and another not shown: why */
    struct qrt_buf present;   /* a line for each who is there */
    struct qrt_draft spare;   /* takes what no memory can hold … */
    bool failed;              /* … and then no commit is made */
    bool lasts;               /* it is to last over several commands */
    bool joined;              /* it is part of one that lasts */
    bool restored_named;      /* that a lost commit was put back is drafted */
};

void qrt_session_free(struct qrt_session *session);
#define QRT_SESSION __attribute__((cleanup(qrt_session_free))) struct qrt_session

/* Turns a page of a short ceremony: the session, what is done, the close. What it
 * leaves out is as usual: three steps, the operator, what a stop leaves. */
void qrt_session_page(const struct qrt_vault *vault, const struct qrt_ui *ui, struct qrt_page page);

/* Tells what is wrong with the machine (qrt_fitness_admit), asks for the operator's badge (and the
 * second person's where the policy wants one), opens the log's keys, reads the receipts given, and
 * prepares the opening entries; nothing is committed yet. What an interruption left of a ceremony
 * is settled first, by a commit of its own. While a session lasts it is joined instead: of all
 * that only the operator's badge is asked for, and whoever gives one is in the room. QRT_E_USAGE,
 * QRT_E_REFUSED, QRT_E_TAMPERED (a receipt that the log does not continue). */
enum qrt_code qrt_session_begin(struct qrt_session *session, struct qrt_vault *vault,
                                const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* The same for a session that lasts over several commands. QRT_E_REFUSED, too, if one does, or if
 * the clock is behind the log. */
enum qrt_code qrt_session_begin_lasting(struct qrt_session *session, struct qrt_vault *vault,
                                        const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* Asks by how many seconds the machine's clock is off, before anything depends
 * on the time. QRT_E_USAGE. */
enum qrt_code qrt_session_ask_clock(struct qrt_session *session, struct qrt_err *err) QRT_MUST_USE;

/* The same for a vault being founded: the badges are there already. */
enum qrt_code qrt_session_prepare(struct qrt_session *session, struct qrt_err *err) QRT_MUST_USE;

/* Asks for a person's badge and adds it to the session's, whose cosignatures
 * stand from then on under what is committed. A person may try again; from a
 * script a wrong one is QRT_E_REFUSED. */
enum qrt_code qrt_session_ask_badge(struct qrt_session *session, const char *person,
                                    struct qrt_err *err) QRT_MUST_USE;

/* The same of a person whose badge may not be at hand: Enter alone is
 * QRT_E_NOT_FOUND. */
enum qrt_code qrt_session_ask_badge_or_back(struct qrt_session *session, const char *person,
                                            struct qrt_err *err) QRT_MUST_USE;

/* Adds a new badge, copied, as if it had been asked for. QRT_E_RANGE. */
enum qrt_code qrt_session_seat(struct qrt_session *session, const struct qrt_badge *badge,
                               struct qrt_err *err) QRT_MUST_USE;

/* A new draft of the next commit, by the operator. Without memory the commit
 * fails later. The pointer holds until the next draft. */
struct qrt_draft *qrt_session_draft(struct qrt_session *session, enum qrt_event_id event);

/* Forgets every draft but the first `drafts_len`, and every document. */
void qrt_session_undraft(struct qrt_session *session, size_t drafts_len);

/* Signs the draft of that number with the authority's key (secret), for where it
 * will stand: no draft may be put before it any more, and the commit's time is
 * fixed by it. QRT_E_NOMEM, QRT_E_FORMAT. */
enum qrt_code qrt_session_sign(struct qrt_session *session, size_t at,
                               const uint8_t authority[static QRT_SIGN_KEY_BYTES],
                               struct qrt_err *err) QRT_MUST_USE;

/* Takes a document's bytes over (moved) for the next commit and puts its
 * digest into `digest`. */
enum qrt_code qrt_session_document(struct qrt_session *session, const char *kind,
                                   struct qrt_buf *bytes, uint8_t digest[static QRT_HASH_BYTES],
                                   struct qrt_err *err) QRT_MUST_USE;

/* Commits what was drafted, cosigned by the badges of the session. */
enum qrt_code qrt_session_commit(struct qrt_session *session, struct qrt_err *err) QRT_MUST_USE;

/* Asks what is still to be said (exceptions, cosigners), drafts the closing
 * entry with its minutes, and commits. In a session that lasts it only commits. */
enum qrt_code qrt_session_close(struct qrt_session *session, const char *ceremony,
                                const char *result, struct qrt_err *err) QRT_MUST_USE;

/* Ends a session, whether or not it lasts. Nobody and nothing may be outside. A
 * stop ends the asking: the session of one command is closed as it is; one that
 * lasts stays open with nothing written, QRT_E_INTERRUPTED. */
enum qrt_code qrt_session_end(struct qrt_session *session, const char *ceremony, const char *result,
                              struct qrt_err *err) QRT_MUST_USE;

/* The attested time. */
int64_t qrt_session_now(const struct qrt_session *session);

#endif
