/* One secret for two accounts: noticed only while the vault is open, and kept
 * nowhere. */
#ifndef QRT_CEREMONY_OPEN_REUSE_H
#define QRT_CEREMONY_OPEN_REUSE_H

#include "vault/vault.h"

/* Hashes of plaintexts under a key (secret) that goes with this struct. */
struct qrt_reuse {
    struct qrt_secret key;
    struct qrt_reuse_print *list;
    size_t len;
};

/* Takes every item of the vault that the item key (secret) opens, with room for
 * `more`. QRT_E_NOMEM, QRT_E_LOCKED_MEMORY. */
enum qrt_code qrt_reuse_init(struct qrt_reuse *reuse, struct qrt_vault *vault, size_t more,
                             const struct qrt_secret *item_key, struct qrt_err *err) QRT_MUST_USE;
void qrt_reuse_wipe(struct qrt_reuse *reuse);
#define QRT_REUSE __attribute__((cleanup(qrt_reuse_wipe))) struct qrt_reuse

/* Whose plaintext (secret) is this already: an account's id, or NULL. From then
 * on it is that item's too. */
const char *qrt_reuse_add(struct qrt_reuse *reuse, const struct qrt_item_row *item,
                          const struct qrt_secret *plaintext);

#endif
