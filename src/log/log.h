/* The signed log of one vault: opened by a full replay, appended to one epoch
 * at a time (docs/formats/log.md, log-key.md). */
#ifndef QRT_LOG_LOG_H
#define QRT_LOG_LOG_H

#include "log/checker.h"
#include "log/db.h"
#include "log/keystate.h"
#include "log/note.h"
#include "log/record.h"
#include "log/tree.h"
#include "log/views.h"
#include <quorate/err.h>
#include <stdbool.h>

/* Told from time to time how far a replay is. */
struct qrt_progress {
    void (*tell)(void *ctx, uint64_t done, uint64_t all);
    void *ctx;
    uint64_t all; /* entries; filled by who knows */
};

struct qrt_log {
    int dir_fd; /* holds the lock; -1 when closed */
    sqlite3 *db;
    sqlite3_stmt *insert_entry; /* of db, from its first commit on; NULL before */
    sqlite3_stmt *insert_checkpoint;
    struct qrt_keystate key;
    const struct qrt_views *views; /* borrowed */
    char origin[QRT_ORIGIN_MAX_CHARS + 1];
    uint8_t vault_id[QRT_VAULT_ID_BYTES];
    uint8_t fingerprint[QRT_HASH_BYTES]; /* leaf hash of the genesis entry */
    struct qrt_head head;                /* of what is in the database */
    struct qrt_frontier frontier;
    uint8_t next_key[QRT_PUBLIC_BYTES]; /* announced for the next checkpoint */
    int64_t last_time_unix_s;
    struct qrt_buf note;              /* the last checkpoint in the database, as committed */
    struct qrt_buf later;             /* lines of the cosignatures that came after it */
    struct qrt_buf reports;           /* what opening found and did, a line each */
    struct qrt_faults notices;        /* no faults, but to be told: a clock that went back */
    struct qrt_signatures unverified; /* what the replay left to be verified at the unlocking */
    struct qrt_checker *checker;      /* borrowed; takes what is left, if it is not NULL */
    struct qrt_progress *progress;    /* borrowed; NULL: nobody is told */
    struct qrt_log *predecessor;      /* the log that this one continues; NULL: none */
    unsigned successors;              /* that were read to come to this one */
    int home_fd;                      /* whose `predecessor` it is, if not dir_fd; 0: dir_fd */
    bool pending;                     /* a commit waits for an operator's badge */
    bool broken;                      /* a commit failed: no other may begin */
    int64_t commit_unix_s;            /* the next commit's time, if not 0: signed already */
};

/* Opens a vault's log, without a badge: takes the lock, settles journals,
 * replays everything into the views and compares them. A commit in flight is
 * left for qrt_log_unlock and reported. QRT_E_NOT_FOUND, QRT_E_BUSY, QRT_E_IO,
 * QRT_E_NEWER, QRT_E_TAMPERED (evidence is then saved in the vault's folder).
 * On failure *log is closed. */
enum qrt_code qrt_log_open(struct qrt_log *log, const char *path, const struct qrt_views *views,
                           struct qrt_err *err) QRT_MUST_USE;
void qrt_log_close(struct qrt_log *log);

/* Opens the log's keys with an operator's badge (secret), which must be the one
 * in force; checks every checkpoint's signatures, and completes a commit in
 * flight. QRT_E_REFUSED if the person has no wrap; QRT_E_TAMPERED (evidence is
 * then saved in the vault's folder), QRT_E_IO. */
enum qrt_code qrt_log_unlock(struct qrt_log *log, const char *person,
                             const uint8_t sign_key[static QRT_SIGN_KEY_BYTES],
                             struct qrt_err *err) QRT_MUST_USE;

/* The same by the vault's recovery key, from its seed (secret). QRT_E_REFUSED if
 * `log.key` has no wrap for it. */
enum qrt_code qrt_log_recover(struct qrt_log *log, const uint8_t seed[static 32],
                              struct qrt_err *err) QRT_MUST_USE;

/* Makes the directory and a log whose first commit is still to come; then
 * qrt_keystate_wrap(&log->key, …) for each operator, then qrt_log_commit. The
 * directory must be absent or empty. QRT_E_EXISTS, QRT_E_IO. */
enum qrt_code qrt_log_create(struct qrt_log *log, const char *path, const char *origin,
                             const struct qrt_views *views, struct qrt_err *err) QRT_MUST_USE;

/* The same for a log that continues the one in the directory `from`, which is
 * only read: its database is copied into `predecessor`, durably, and the copy is
 * replayed whole, every signature checked, into the views. A journal beside it
 * is played on the copy alone, and only if the copy is not whole without it. A
 * directory that an interrupted continuation left is taken. log->origin is for
 * the caller to set. QRT_E_EXISTS, QRT_E_NOT_FOUND, QRT_E_BUSY, QRT_E_TAMPERED
 * (the old log has faults), QRT_E_IO. */
enum qrt_code qrt_log_continue(struct qrt_log *log, const char *path, const char *from,
                               const struct qrt_views *views, struct qrt_err *err) QRT_MUST_USE;

/* The verifier key of the log's next checkpoint, as genesis announces it. */
enum qrt_code qrt_log_current_vkey(const struct qrt_log *log,
                                   char out[static QRT_VKEY_MAX_CHARS + 1],
                                   struct qrt_err *err) QRT_MUST_USE;

struct qrt_cosigner {
    const char *person;
    const uint8_t *sign_key; /* secret, QRT_SIGN_KEY_BYTES */
};

/* One commit, one epoch: the drafts in order, then `checkpoint-key`, sealed by
 * the log's one-time key and cosigned by the first cosigner (the actor) and
 * all others. The views have it too when this returns QRT_OK, and only then
 * may anything be shown, printed or handed out. An entry that breaks a rule is
 * refused before anything is written (QRT_E_REFUSED). After any failure the
 * log takes no more commits; what had been begun is completed at the next
 * opening with a badge. */
enum qrt_code qrt_log_commit(struct qrt_log *log, const struct qrt_draft *drafts, size_t drafts_len,
                             const struct qrt_document *documents, size_t documents_len,
                             const struct qrt_cosigner *cosigners, size_t cosigners_len,
                             struct qrt_err *err) QRT_MUST_USE;

/* Adds a person's cosignature to the last checkpoint, after its commit: an
 * insert-only row, under a mark in `log.key`. `shown`: did they show their own
 * last receipt? It stands when this returns QRT_OK, and only then may anything
 * be told. QRT_E_REFUSED, nothing written: no badge in force, or they have
 * cosigned already. After any other failure the log takes no more; what had been
 * begun is completed at the next opening with a badge. */
enum qrt_code qrt_log_cosign(struct qrt_log *log, const struct qrt_cosigner *cosigner, bool shown,
                             struct qrt_err *err) QRT_MUST_USE;

/* Appends the last checkpoint with the cosignatures that came after it. */
void qrt_log_checkpoint(const struct qrt_log *log, struct qrt_buf *out);

/* Finds a document by its digest, in the database or in a predecessor's. QRT_E_NOT_FOUND,
 * QRT_E_TAMPERED. */
enum qrt_code qrt_log_document(struct qrt_log *log, const uint8_t digest[static QRT_HASH_BYTES],
                               struct qrt_buf *out, struct qrt_err *err) QRT_MUST_USE;

/* Calls `each` for every document of a kind, the commit in flight included,
 * until it returns false. */
enum qrt_code qrt_log_each_document(struct qrt_log *log, const char *kind,
                                    bool (*each)(void *ctx, const uint8_t *data, size_t len_bytes),
                                    void *ctx, struct qrt_err *err) QRT_MUST_USE;

#endif
