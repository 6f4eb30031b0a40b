#include "log/keystate.h"

#include "base/file.h"
#include "base/text.h"
#include "crypto/seal.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TAG            "quorate/state/v1"
#define FILE_MAX_BYTES (QRT_COMMIT_MAX_BYTES + 256 * 1024)
#define WRAP_BYTES     (32 + QRT_BOX_EXTRA_BYTES)

void qrt_keystate_free(struct qrt_keystate *state)
{
    qrt_buf_free(&state->note);
    qrt_buf_free(&state->record);
    qrt_buf_free(&state->wraps);
    qrt_buf_free(&state->sealed);
    qrt_buf_free(&state->sealed_ad);
    qrt_secret_wipe(&state->keys);
    *state = (struct qrt_keystate){0};
}

static bool read_blob(struct qrt_reader *reader, struct qrt_buf *out)
{
    uint32_t len = qrt_read_u32(reader);
    const uint8_t *view = qrt_read_view(reader, len);
    if (view == NULL) {
        return false;
    }
    qrt_buf_add(out, view, len);
    return !out->failed;
}

/* One wrap's id and box, or false. */
static bool read_wrap(struct qrt_reader *reader, char id[static 33], const uint8_t **box)
{
    size_t id_len = qrt_read_u8(reader);
    const uint8_t *name = qrt_read_view(reader, id_len);
    *box = qrt_read_view(reader, WRAP_BYTES);
    if (name == NULL || *box == NULL || id_len > 32) {
        return false;
    }
    memcpy(id, name, id_len);
    id[id_len] = '\0';
    return id_len == 0 || (strlen(id) == id_len && qrt_text_is_id(id));
}

static bool read_clear(struct qrt_keystate *state, struct qrt_reader *reader)
{
    const uint8_t *tag = qrt_read_view(reader, strlen(TAG));
    if (tag == NULL || memcmp(tag, TAG, strlen(TAG)) != 0) {
        return false;
    }
    qrt_read_bytes(reader, state->vault_id, sizeof state->vault_id);
    state->head.epochs = qrt_read_u64(reader);
    state->head.size = qrt_read_u64(reader);
    qrt_read_bytes(reader, state->head.root, sizeof state->head.root);
    qrt_read_bytes(reader, state->public_key, sizeof state->public_key);
    uint8_t record_state = qrt_read_u8(reader);
    state->record_state = record_state;
    state->marks = qrt_read_u8(reader);
    return read_blob(reader, &state->note) && read_blob(reader, &state->record) &&
           record_state <= QRT_RECORD_COSIGNING && (state->marks & ~QRT_MARK_RESTORED) == 0 &&
           (record_state == QRT_RECORD_NONE) == (state->record.len_bytes == 0) &&
           state->record.len_bytes <= QRT_COMMIT_MAX_BYTES;
}

static bool read_wraps(struct qrt_keystate *state, struct qrt_reader *reader)
{
    state->wraps_len = qrt_read_u8(reader);
    size_t start = reader->at;
    for (unsigned i = 0; i < state->wraps_len; i++) {
        char id[33];
        const uint8_t *box;
        if (!read_wrap(reader, id, &box)) {
            return false;
        }
    }
    size_t len = reader->at - start;
    struct qrt_reader again = *reader;
    again.at = start;
    qrt_buf_add(&state->wraps, qrt_read_view(&again, len), len);
    return !reader->failed && state->wraps_len >= 1 && state->wraps_len <= QRT_KEYSTATE_MAX_WRAPS;
}

/* Only a pending commit needs the key after the current one. */
static size_t seeds_bytes(const struct qrt_keystate *state)
{
    return state->record_state == QRT_RECORD_PENDING ? 64 : 32;
}

enum qrt_code qrt_keystate_decode(struct qrt_keystate *state, const uint8_t *bytes,
                                  size_t len_bytes, struct qrt_err *err)
{
    struct qrt_reader reader = qrt_reader_of(bytes, len_bytes);
    *state = (struct qrt_keystate){0};
    if (!read_clear(state, &reader) || !read_wraps(state, &reader)) {
        qrt_keystate_free(state);
        return qrt_fail(err, QRT_E_TAMPERED, "%s: not in its format, at byte %zu",
                        QRT_KEYSTATE_FILE, reader.at);
    }
    qrt_buf_add(&state->sealed_ad, bytes, reader.at);
    size_t want = QRT_NONCE_BYTES + seeds_bytes(state) + QRT_TAG_BYTES;
    size_t left = qrt_reader_left(&reader);
    if (left != want) {
        qrt_keystate_free(state);
        return qrt_fail(err, QRT_E_TAMPERED, "%s: %zu bytes of keys where %zu belong",
                        QRT_KEYSTATE_FILE, left, want);
    }
    qrt_buf_add(&state->sealed, qrt_read_view(&reader, left), left);
    if (state->sealed.failed || state->sealed_ad.failed) {
        qrt_keystate_free(state);
        return qrt_fail(err, QRT_E_NOMEM, "%s", QRT_KEYSTATE_FILE);
    }
    return QRT_OK;
}

enum qrt_code qrt_keystate_read(struct qrt_keystate *state, int dir_fd, struct qrt_err *err)
{
    *state = (struct qrt_keystate){0};
    QRT_BUF bytes = {0};
    enum qrt_code code = qrt_file_read(&bytes, dir_fd, QRT_KEYSTATE_FILE, FILE_MAX_BYTES, err);
    if (code == QRT_E_RANGE) {
        return qrt_fail(err, QRT_E_TAMPERED, "%s is larger than any of ours", QRT_KEYSTATE_FILE);
    }
    return code == QRT_OK ? qrt_keystate_decode(state, bytes.data, bytes.len_bytes, err) : code;
}

const uint8_t *qrt_keystate_current_key(const struct qrt_keystate *state)
{
    uint8_t *key = state->keys.data + QRT_KEYS_SIGN;
    memcpy(key, state->keys.data + QRT_KEYS_CURRENT, QRT_SEED_BYTES);
    memcpy(key + QRT_SEED_BYTES, state->public_key, QRT_PUBLIC_BYTES);
    return key;
}

void qrt_keystate_wipe_sign_key(const struct qrt_keystate *state)
{
    sodium_memzero(state->keys.data + QRT_KEYS_SIGN, QRT_SIGN_KEY_BYTES);
}

/* The public key of the seed at that offset. */
static void take_public(uint8_t out[static QRT_PUBLIC_BYTES], const struct qrt_keystate *state,
                        int seed_at)
{
    uint8_t *key = state->keys.data + QRT_KEYS_SIGN;
    qrt_sign_key(key, state->keys.data + seed_at);
    memcpy(out, qrt_sign_public(key), QRT_PUBLIC_BYTES);
    qrt_keystate_wipe_sign_key(state);
}

void qrt_keystate_draw_next(struct qrt_keystate *state)
{
    qrt_random(state->keys.data + QRT_KEYS_NEXT, QRT_SEED_BYTES);
    take_public(state->next_public, state, QRT_KEYS_NEXT);
}

void qrt_keystate_advance(struct qrt_keystate *state)
{
    memcpy(state->keys.data + QRT_KEYS_CURRENT, state->keys.data + QRT_KEYS_NEXT, QRT_SEED_BYTES);
    sodium_memzero(state->keys.data + QRT_KEYS_NEXT, QRT_SEED_BYTES);
    memcpy(state->public_key, state->next_public, QRT_PUBLIC_BYTES);
}

enum qrt_code qrt_keystate_start(struct qrt_keystate *state, struct qrt_err *err)
{
    *state = (struct qrt_keystate){0};
    enum qrt_code code = qrt_secret_init(&state->keys, QRT_KEYS_BYTES, err);
    if (code == QRT_OK) {
        qrt_random(state->keys.data, QRT_KEYS_NEXT);
        state->keys.len_bytes = QRT_KEYS_BYTES;
        take_public(state->public_key, state, QRT_KEYS_CURRENT);
    }
    return code;
}

enum qrt_code qrt_keystate_wrap(struct qrt_keystate *state, const char *id,
                                const uint8_t box_public[static 32], struct qrt_err *err)
{
    uint8_t box[WRAP_BYTES];
    size_t operators_max = QRT_KEYSTATE_MAX_WRAPS - 2; /* a re-key has one more quorum's */
    if (state->wraps_len >= (id[0] != '\0' ? operators_max : QRT_KEYSTATE_MAX_WRAPS)) {
        return qrt_fail(err, QRT_E_RANGE, "more than %zu operators", operators_max);
    }
    if (!qrt_box_seal(box, state->keys.data + QRT_KEYS_STATE, 32, box_public)) {
        return qrt_fail(err, QRT_E_REFUSED, "the badge of %s has an unusable key", id);
    }
    qrt_buf_u8(&state->wraps, (uint8_t)strlen(id));
    qrt_buf_text(&state->wraps, id);
    qrt_buf_add(&state->wraps, box, sizeof box);
    state->wraps_len++;
    return qrt_buf_check(&state->wraps, err);
}

void qrt_keystate_rotate(struct qrt_keystate *state)
{
    qrt_random(state->keys.data + QRT_KEYS_STATE, 32);
    state->wraps.len_bytes = 0;
    state->wraps_len = 0;
}

/* Opens the state key by a wrap of that id; while a re-key is pending the quorums
 * have two. */
static enum qrt_code open_wrap(struct qrt_keystate *state, const char *id,
                               const uint8_t box_public[static QRT_BOX_PUBLIC_BYTES],
                               const uint8_t box_key[static QRT_BOX_KEY_BYTES], const char *whose,
                               struct qrt_err *err)
{
    struct qrt_reader reader = qrt_reader_of(state->wraps.data, state->wraps.len_bytes);
    bool any = false;
    for (unsigned i = 0; i < state->wraps_len; i++) {
        char name[33];
        const uint8_t *box;
        if (!read_wrap(&reader, name, &box) || strcmp(name, id) != 0) {
            continue;
        }
        if (qrt_box_open(state->keys.data + QRT_KEYS_STATE, box, WRAP_BYTES, box_public, box_key)) {
            return QRT_OK;
        }
        any = true;
    }
    if (any) {
        return qrt_fail(err, QRT_E_TAMPERED, "%s was changed: %s does not open it",
                        QRT_KEYSTATE_FILE, whose);
    }
    return qrt_fail(err, QRT_E_REFUSED, "%s does not open to %s", QRT_KEYSTATE_FILE, whose);
}

/* The signing keys, under the state key. */
static enum qrt_code open_keys(struct qrt_keystate *state, struct qrt_err *err)
{
    struct qrt_reader sealed = qrt_reader_of(state->sealed.data, state->sealed.len_bytes);
    const uint8_t *nonce = qrt_read_view(&sealed, QRT_NONCE_BYTES);
    size_t left = qrt_reader_left(&sealed);
    const uint8_t *ciphertext = qrt_read_view(&sealed, left);
    if (!qrt_unseal(state->keys.data + QRT_KEYS_CURRENT, ciphertext, left, state->sealed_ad.data,
                    state->sealed_ad.len_bytes, nonce, state->keys.data + QRT_KEYS_STATE)) {
        return qrt_fail(err, QRT_E_TAMPERED, "%s was changed: its keys do not open",
                        QRT_KEYSTATE_FILE);
    }
    uint8_t current[QRT_PUBLIC_BYTES];
    take_public(current, state, QRT_KEYS_CURRENT);
    if (seeds_bytes(state) > QRT_SEED_BYTES) {
        take_public(state->next_public, state, QRT_KEYS_NEXT);
    }
    return memcmp(current, state->public_key, QRT_PUBLIC_BYTES) == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_TAMPERED, "%s: the key is not the one announced",
                          QRT_KEYSTATE_FILE);
}

static enum qrt_code unlock(struct qrt_keystate *state, const char *id,
                            const uint8_t box_public[static QRT_BOX_PUBLIC_BYTES],
                            const uint8_t box_key[static QRT_BOX_KEY_BYTES], const char *whose,
                            struct qrt_err *err)
{
    enum qrt_code code = qrt_secret_init(&state->keys, QRT_KEYS_BYTES, err);
    if (code == QRT_OK) {
        state->keys.len_bytes = QRT_KEYS_BYTES;
        code = open_wrap(state, id, box_public, box_key, whose, err);
    }
    if (code == QRT_OK) {
        code = open_keys(state, err);
    }
    if (code != QRT_OK) {
        qrt_secret_wipe(&state->keys);
    }
    return code;
}

enum qrt_code qrt_keystate_unlock(struct qrt_keystate *state, const char *id,
                                  const uint8_t sign_key[static QRT_SIGN_KEY_BYTES],
                                  struct qrt_err *err)
{
    QRT_SECRET box_key = {0};
    uint8_t box_public[QRT_BOX_PUBLIC_BYTES];
    char whose[64];
    enum qrt_code code = qrt_secret_init(&box_key, QRT_BOX_KEY_BYTES, err);
    if (code != QRT_OK) {
        return code;
    }
    snprintf(whose, sizeof whose, "the badge of %s", id);
    if (!qrt_box_public_from_sign(box_public, qrt_sign_public(sign_key))) {
        return qrt_fail(err, QRT_E_REFUSED, "%s has an unusable key", whose);
    }
    qrt_box_key_from_sign(box_key.data, sign_key);
    return unlock(state, id, box_public, box_key.data, whose, err);
}

enum qrt_code qrt_keystate_recover(struct qrt_keystate *state, const uint8_t seed[static 32],
                                   struct qrt_err *err)
{
    QRT_SECRET box_key = {0};
    uint8_t box_public[QRT_BOX_PUBLIC_BYTES];
    enum qrt_code code = qrt_secret_init(&box_key, QRT_BOX_KEY_BYTES, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_box_keypair(box_public, box_key.data, seed);
    return unlock(state, "", box_public, box_key.data, "the quorum's recovery key", err);
}

static void write_clear(const struct qrt_keystate *state, struct qrt_buf *out)
{
    qrt_buf_text(out, TAG);
    qrt_buf_add(out, state->vault_id, sizeof state->vault_id);
    qrt_buf_u64(out, state->head.epochs);
    qrt_buf_u64(out, state->head.size);
    qrt_buf_add(out, state->head.root, sizeof state->head.root);
    qrt_buf_add(out, state->public_key, sizeof state->public_key);
    qrt_buf_u8(out, (uint8_t)state->record_state);
    qrt_buf_u8(out, state->marks);
    qrt_buf_u32(out, (uint32_t)state->note.len_bytes);
    qrt_buf_add(out, state->note.data, state->note.len_bytes);
    qrt_buf_u32(out, (uint32_t)state->record.len_bytes);
    qrt_buf_add(out, state->record.data, state->record.len_bytes);
    qrt_buf_u8(out, (uint8_t)state->wraps_len);
    qrt_buf_add(out, state->wraps.data, state->wraps.len_bytes);
}

enum qrt_code qrt_keystate_write(struct qrt_keystate *state, int dir_fd, struct qrt_err *err)
{
    QRT_BUF out = {0};
    write_clear(state, &out);
    uint8_t nonce[QRT_NONCE_BYTES];
    uint8_t ciphertext[64 + QRT_TAG_BYTES];
    size_t seeds = seeds_bytes(state);
    qrt_random(nonce, sizeof nonce);
    enum qrt_code code = qrt_buf_check(&out, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_seal(ciphertext, state->keys.data + QRT_KEYS_CURRENT, seeds, out.data, out.len_bytes, nonce,
             state->keys.data + QRT_KEYS_STATE);
    qrt_buf_add(&out, nonce, sizeof nonce);
    qrt_buf_add(&out, ciphertext, seeds + QRT_TAG_BYTES);
    if ((code = qrt_buf_check(&out, err)) != QRT_OK) {
        return code;
    }
    return qrt_file_replace(dir_fd, QRT_KEYSTATE_FILE, &state->spare, out.data, out.len_bytes, err);
}

void qrt_keystate_drop_spare(struct qrt_keystate *state, int dir_fd)
{
    if (state->spare) {
        (void)unlinkat(dir_fd, QRT_KEYSTATE_TEMPORARY, 0);
        state->spare = false;
    }
}
