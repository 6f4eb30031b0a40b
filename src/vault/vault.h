/* A vault, open: its log, the views, the policy. */
#ifndef QRT_VAULT_VAULT_H
#define QRT_VAULT_VAULT_H

#include "log/evidence.h"
#include "log/log.h"
#include "vault/badge.h"
#include "vault/policy.h"
#include "vault/state.h"

/* Must not move while open: the log borrows the views. */
struct qrt_vault {
    struct qrt_state state;
    struct qrt_views views;
    struct qrt_log log;
    struct qrt_policy policy;
    struct qrt_rows unnamed; /* evidence folders that no entry names: their names */
    struct qrt_rows lost;    /* digests of items whose ciphertext is gone */
};

#define QRT_EVIDENCE_ROW_BYTES (QRT_EVIDENCE_NAME_CHARS + 1)

/* Opens for reading, as qrt_log_open does, and reads the policy in force. What
 * was found stands in log.reports. On failure *vault is closed. */
enum qrt_code qrt_vault_open(struct qrt_vault *vault, const char *path,
                             struct qrt_err *err) QRT_MUST_USE;

/* The same, but a deposit that is missing or changed, and with `items` an item's
 * ciphertext too, is no tampering: its digest stands in vault->lost, evidence is
 * saved, and the report names it. For an opening, which refuses such a deposit,
 * and puts items back from paper. */
enum qrt_code qrt_vault_open_sparing(struct qrt_vault *vault, const char *path, bool items,
                                     struct qrt_err *err) QRT_MUST_USE;
/* Is this item's ciphertext gone? */
bool qrt_vault_has_lost(const struct qrt_vault *vault, const struct qrt_item_row *item);

void qrt_vault_close(struct qrt_vault *vault);
#define QRT_VAULT __attribute__((cleanup(qrt_vault_close))) struct qrt_vault

/* Begins a vault that has no entry yet: qrt_log_create. */
enum qrt_code qrt_vault_create(struct qrt_vault *vault, const char *path, const char *origin,
                               struct qrt_err *err) QRT_MUST_USE;

/* Begins a vault whose log continues the one in the directory `from`, which is
 * only read: qrt_log_continue. The views hold what the old log came to, and
 * log.origin is the new one's. */
enum qrt_code qrt_vault_continue(struct qrt_vault *vault, const char *path, const char *from,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Opens a person's badge with what they give (secret): the passphrase of their
 * stored badge, or the line of their wallet card. QRT_E_REFUSED if it is not
 * theirs or not in force. *badge is inited here. */
enum qrt_code qrt_vault_badge(struct qrt_badge *badge, struct qrt_vault *vault, const char *person,
                              const struct qrt_secret *given, struct qrt_err *err) QRT_MUST_USE;

/* Opens the log's keys with an operator's badge; completes what is unfinished. */
enum qrt_code qrt_vault_unlock(struct qrt_vault *vault, const struct qrt_badge *operator_badge,
                               struct qrt_err *err) QRT_MUST_USE;

/* The same by a quorum of both groups: the seed (secret) of the recovery key.
 * QRT_E_TAMPERED if log.key does not open to it, as the log says it does. */
enum qrt_code qrt_vault_recover(struct qrt_vault *vault, const uint8_t seed[static 32],
                                struct qrt_err *err) QRT_MUST_USE;

/* The policy's bytes as committed: parses them into vault->policy, without the
 * accounts, which the state has, and with people's roles as the log has them.
 * QRT_E_TAMPERED: it has other rules or people than the log. */
enum qrt_code qrt_vault_read_policy(struct qrt_vault *vault, struct qrt_err *err) QRT_MUST_USE;

#endif
