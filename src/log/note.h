/* Checkpoints as C2SP signed notes (signed-note, tlog-checkpoint,
 * tlog-cosignature), read strictly. Everything here is public, but for the
 * signing keys. */
#ifndef QRT_LOG_NOTE_H
#define QRT_LOG_NOTE_H

#include "base/base64.h"
#include "base/bytes.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_ORIGIN_MAX_CHARS    60
#define QRT_KEY_NAME_MAX_CHARS  93 /* origin/person-id */
#define QRT_VKEY_MAX_CHARS      (QRT_KEY_NAME_MAX_CHARS + 1 + 8 + 1 + 44)
#define QRT_NOTE_MAX_SIGNATURES 64
#define QRT_NOTE_MAX_BYTES      32768
/* The text of a note: an origin, a size, a root, each with its LF. */
#define QRT_NOTE_TEXT_MAX_BYTES (QRT_ORIGIN_MAX_CHARS + 1 + 19 + 1 + 44 + 1)

enum qrt_key_type {
    QRT_KEY_TYPE_LOG = 0x01,    /* Ed25519 over the note's text */
    QRT_KEY_TYPE_COSIGN = 0x04, /* cosignature/v1: timestamped */
};

/* A verifier key: `name+8 hex+base64(type || public key)`. */
struct qrt_vkey {
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    uint32_t id; /* first 4 bytes of SHA-256(name LF type key) */
    enum qrt_key_type type;
    uint8_t key[QRT_PUBLIC_BYTES];
};

/* Fills *vkey. The name starts with a letter or digit and holds lower-case
 * letters, digits and `. / _ -` only: QRT_E_FORMAT for another; QRT_E_RANGE for
 * one too long. */
enum qrt_code qrt_vkey_make(struct qrt_vkey *vkey, const char *name, enum qrt_key_type type,
                            const uint8_t key[static QRT_PUBLIC_BYTES],
                            struct qrt_err *err) QRT_MUST_USE;
/* Strict: canonical base64, lower-case id that matches, a known type.
 * QRT_E_FORMAT; *vkey is then unspecified. */
enum qrt_code qrt_vkey_parse(struct qrt_vkey *vkey, const char *text, size_t len_bytes,
                             struct qrt_err *err) QRT_MUST_USE;
void qrt_vkey_format(char out[static QRT_VKEY_MAX_CHARS + 1], const struct qrt_vkey *vkey);

/* What a checkpoint says. */
struct qrt_checkpoint {
    char origin[QRT_ORIGIN_MAX_CHARS + 1];
    uint64_t size; /* 1 to 2^63 - 1 */
    uint8_t root[QRT_HASH_BYTES];
};

/* Appends `origin LF size LF base64(root) LF`. */
void qrt_checkpoint_format(struct qrt_buf *out, const struct qrt_checkpoint *checkpoint);
/* Exactly these three lines: no extension lines, no size 0. QRT_E_FORMAT. */
enum qrt_code qrt_checkpoint_parse(struct qrt_checkpoint *checkpoint, const char *text,
                                   size_t len_bytes, struct qrt_err *err) QRT_MUST_USE;

/* One signature line of a note, as it stands. */
struct qrt_note_signature {
    char name[QRT_KEY_NAME_MAX_CHARS + 1];
    uint32_t id;
    size_t len_bytes; /* 64, or 72 with a timestamp before it */
    uint8_t bytes[72];
};

struct qrt_note {
    const char *text; /* view: up to and with the LF before the blank line */
    size_t text_len_bytes;
    size_t signatures_len;
    struct qrt_note_signature signatures[QRT_NOTE_MAX_SIGNATURES];
};

/* Splits and checks a note's form; verifies nothing. The text must outlive
 * *note. Refused with QRT_E_FORMAT and the reason: a text longer than a
 * checkpoint's, control bytes, anything beyond ASCII but the dashes, no blank
 * line, no signature, a name no vkey could have, non-canonical base64, a
 * signature of another length, more than 64 signatures, trailing bytes. */
enum qrt_code qrt_note_parse(struct qrt_note *note, const char *text, size_t len_bytes,
                             struct qrt_err *err) QRT_MUST_USE;

/* Appends `— name base64(id || bytes) LF`. */
void qrt_note_add_signature(struct qrt_buf *note, const struct qrt_vkey *vkey, const uint8_t *bytes,
                            size_t len_bytes);

/* Signs the note text as the log does (type 0x01). The text here and below is
 * at most QRT_NOTE_TEXT_MAX_BYTES long. */
void qrt_note_sign(uint8_t signature[static QRT_SIGNATURE_BYTES], const char *text,
                   size_t len_bytes, const uint8_t key[static QRT_SIGN_KEY_BYTES]);

/* Cosigns it (type 0x04): 8 bytes of time (not negative), then the signature over
 * `cosignature/v1 LF time <unix> LF` and the text. */
#define QRT_COSIGNATURE_BYTES 72
void qrt_note_cosign(uint8_t cosignature[static QRT_COSIGNATURE_BYTES], const char *text,
                     size_t len_bytes, int64_t unix_s,
                     const uint8_t key[static QRT_SIGN_KEY_BYTES]);

/* Is there a valid signature of this key (by name and id) on the note? For
 * cosignatures *unix_s (may be NULL) gets the time. A second line of the same
 * key makes the answer false. */
bool qrt_note_verify(const struct qrt_note *note, const struct qrt_vkey *vkey, int64_t *unix_s);

/* A signature that was found in its place, its arithmetic still to be done. */
struct qrt_signature_due {
    uint64_t index; /* of the checkpoint's last entry */
    uint64_t epoch;
    enum qrt_key_type type;
    size_t message_at; /* what is signed, and the key's name with a NUL: in `bytes` */
    size_t message_bytes;
    size_t name_at;
    uint8_t key[QRT_PUBLIC_BYTES];
    uint8_t signature[QRT_SIGNATURE_BYTES];
    const char *fault; /* what is told of another's than a checkpoint's, or NULL */
};

/* A zeroed one is empty. bytes.failed: one found no room, and the list is of no use. */
struct qrt_signatures {
    struct qrt_signature_due *list;
    size_t len;
    size_t capacity;
    struct qrt_buf bytes;
    uint64_t index; /* the place of what is added next */
    uint64_t epoch;
};

/* Is there one line of this key, of its form? It is put on the list: true
 * promises nothing until qrt_signature_verify has said yes to that line too. */
bool qrt_note_verify_later(const struct qrt_note *note, const struct qrt_vkey *vkey,
                           struct qrt_signatures *later);
/* Puts another signature, of an entry, on the list; `fault`, a constant, is told
 * if it is wrong. */
void qrt_signatures_add(struct qrt_signatures *later, uint64_t index, const struct qrt_vkey *vkey,
                        const uint8_t signature[static QRT_SIGNATURE_BYTES], const void *message,
                        size_t len_bytes, const char *fault);
bool qrt_signature_verify(const struct qrt_signatures *signatures, size_t i);
const char *qrt_signature_name(const struct qrt_signatures *signatures, size_t i);
void qrt_signatures_free(struct qrt_signatures *signatures);

#endif
