/* `log.key`: the log's one-time signing key, the head that it continues, and
 * the commit in flight (docs/formats/log-key.md). The clear part is read by
 * anyone; the keys open only to an operator's badge. */
#ifndef QRT_LOG_KEYSTATE_H
#define QRT_LOG_KEYSTATE_H

#include "base/bytes.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include <quorate/err.h>
#include <quorate/secret.h>
#include <stdbool.h>
#include <stdint.h>

#define QRT_VAULT_ID_BYTES     12
#define QRT_KEYSTATE_FILE      "log.key"
#define QRT_KEYSTATE_TEMPORARY "log.key.new"
#define QRT_KEYSTATE_MAX_WRAPS 65 /* of operators, and two of quorums */
#define QRT_COMMIT_MAX_BYTES   (16 * 1024 * 1024)

enum qrt_record_state {
    QRT_RECORD_NONE = 0,
    QRT_RECORD_PENDING = 1,   /* to be completed, never replaced */
    QRT_RECORD_KEPT = 2,      /* completed; kept in case the database loses it */
    QRT_RECORD_RESTORING = 3, /* the database did lose it; signed already, to be put back */
    QRT_RECORD_COSIGNING = 4, /* kept; the last of its later cosignatures is on its way */
};

enum { QRT_MARK_RESTORED = 1 }; /* a lost commit was put back, and no entry says so yet */

struct qrt_head {
    uint64_t epochs; /* how many are sealed; the next one's number */
    uint64_t size;
    uint8_t root[QRT_HASH_BYTES];
};

struct qrt_keystate {
    uint8_t vault_id[QRT_VAULT_ID_BYTES];
    struct qrt_head head; /* that of the last signed checkpoint */
    uint8_t public_key[QRT_PUBLIC_BYTES];
    uint8_t next_public[QRT_PUBLIC_BYTES]; /* of the next seed, while there is one */
    struct qrt_buf note;                   /* the last signed checkpoint; empty before the first */
    enum qrt_record_state record_state;
    uint8_t marks;
    struct qrt_buf record;
    struct qrt_buf wraps; /* encoded, without their count */
    unsigned wraps_len;
    struct qrt_buf sealed; /* nonce and ciphertext, as read */
    struct qrt_buf sealed_ad;
    /* Secret; data is NULL while locked: state key, current seed, next seed, and
     * room for a signing key while it is in use. */
    struct qrt_secret keys;
    bool spare; /* `log.key.new` lies there overwritten, for the next write */
};

/* Offsets in keys. */
enum {
    QRT_KEYS_STATE = 0,
    QRT_KEYS_CURRENT = 32,
    QRT_KEYS_NEXT = 64,
    QRT_KEYS_SIGN = 96,
    QRT_KEYS_BYTES = 160
};

/* The signing key of the current seed, in its room in state->keys: there until
 * qrt_keystate_wipe_sign_key. Must be unlocked. */
const uint8_t *qrt_keystate_current_key(const struct qrt_keystate *state);
void qrt_keystate_wipe_sign_key(const struct qrt_keystate *state);

/* Draws the next seed, and fills state->next_public. Must be unlocked. */
void qrt_keystate_draw_next(struct qrt_keystate *state);
/* The next seed takes the place of the current one, which is wiped. */
void qrt_keystate_advance(struct qrt_keystate *state);

void qrt_keystate_free(struct qrt_keystate *state);

/* Parses the file's bytes; the keys stay locked. QRT_E_TAMPERED for a
 * malformed file. On failure *state is empty. */
enum qrt_code qrt_keystate_decode(struct qrt_keystate *state, const uint8_t *bytes,
                                  size_t len_bytes, struct qrt_err *err) QRT_MUST_USE;

/* Reads `log.key`. QRT_E_NOT_FOUND, QRT_E_IO, QRT_E_TAMPERED. */
enum qrt_code qrt_keystate_read(struct qrt_keystate *state, int dir_fd,
                                struct qrt_err *err) QRT_MUST_USE;

/* A new state with a fresh state key and a fresh current key. */
enum qrt_code qrt_keystate_start(struct qrt_keystate *state, struct qrt_err *err) QRT_MUST_USE;

/* Adds a wrap of the state key to an X25519 public key, under an id: an
 * operator's, or "" for a recovery key of the vault; of several either opens.
 * Must be unlocked. */
enum qrt_code qrt_keystate_wrap(struct qrt_keystate *state, const char *id,
                                const uint8_t box_public[static 32],
                                struct qrt_err *err) QRT_MUST_USE;

/* Opens the keys with the badge (secret) of the person `id`, which must be the
 * one in force. QRT_E_REFUSED if there is no wrap for them; QRT_E_TAMPERED if
 * it, or what it opens, does not open. */
enum qrt_code qrt_keystate_unlock(struct qrt_keystate *state, const char *id,
                                  const uint8_t sign_key[static QRT_SIGN_KEY_BYTES],
                                  struct qrt_err *err) QRT_MUST_USE;

/* The same by the vault's recovery key, from its seed (secret): what a quorum of
 * both groups has, and nobody else. */
enum qrt_code qrt_keystate_recover(struct qrt_keystate *state, const uint8_t seed[static 32],
                                   struct qrt_err *err) QRT_MUST_USE;

/* Draws a fresh state key and drops every wrap of the old one. Must be
 * unlocked; in force with the next write. */
void qrt_keystate_rotate(struct qrt_keystate *state);

/* Writes `log.key` durably, in place of the old one. QRT_E_IO; the old file
 * then stands, or (directory sync failed) either. */
enum qrt_code qrt_keystate_write(struct qrt_keystate *state, int dir_fd,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Removes what the last write left for the next: nothing is written any more. */
void qrt_keystate_drop_spare(struct qrt_keystate *state, int dir_fd);

#endif
