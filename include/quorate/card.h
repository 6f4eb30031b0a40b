/* Share cards: what a card's code and words carry, byte by byte as in
 * docs/formats/card.md, and how what people present is read. */
#ifndef QUORATE_CARD_H
#define QUORATE_CARD_H

#include <quorate/err.h>
#include <quorate/group.h>
#include <quorate/slip39.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_VAULT_ID_BYTES     12
#define QRT_CARD_VERSION       1
#define QRT_CARD_SIGNED_BYTES  66
#define QRT_CARD_PAYLOAD_BYTES 130
#define QRT_CARD_COMMIT_BYTES  32
#define QRT_LABEL_BYTES        53
#define QRT_CARD_TEXT_CHARS    219 /* QUORATE1:S: and the payload's Base32 */
#define QRT_LABEL_TEXT_CHARS   96
#define QRT_CARD_INPUT_MAX     4096 /* bytes of text that a person gives for one card */

/* X(constant, word, said): why a card is not accepted; the words are those of the
 * command's output and of the log, and what is said of it to a person. */
#define QRT_CARD_REASONS(X)                                                                        \
    X(QRT_CARD_UNREADABLE, "unreadable", "it could not be read")                                   \
    X(QRT_CARD_WRONG_KIND, "wrong-kind", "it is no card: the code is of something else")           \
    X(QRT_CARD_OTHER_VAULT, "other-vault", "it is a card of another vault")                        \
    X(QRT_CARD_FORMER_GENERATION, "former-generation", "it is of an earlier vault key")            \
    X(QRT_CARD_FORMER_EDITION, "former-edition", "it is from before its group got new cards")      \
    X(QRT_CARD_VOID, "void", "it was declared void")                                               \
    X(QRT_CARD_SUSPECT, "suspect", "its bag was not found whole")                                  \
    X(QRT_CARD_DUPLICATE, "duplicate", "it was read already")                                      \
    X(QRT_CARD_SAME_PERSON, "same-person", "another card of the same custodian counts already")    \
    X(QRT_CARD_MISMATCH, "mismatch", "it is not the card that the log has under that number")      \
    X(QRT_CARD_FORGED, "forged", "it was not signed by this vault")                                \
    X(QRT_CARD_UNKNOWN_WORD, "unknown-word", "one of its words is not in the list")                \
    X(QRT_CARD_NEWER_THAN_VAULT, "newer-than-vault", "the log does not know it yet")               \
    X(QRT_CARD_OTHER_GROUP, "other-group", "it is of the other group")                             \
    X(QRT_CARD_PENDING, "pending", "it is a new card that does not count yet")

enum qrt_card_reason {
    QRT_CARD_FINE = 0,
#define QRT_CARD_REASON_ENUM(constant, word, said) constant,
    QRT_CARD_REASONS(QRT_CARD_REASON_ENUM)
#undef QRT_CARD_REASON_ENUM
};

/* "unreadable", "wrong-kind", …; "" for QRT_CARD_FINE. */
const char *qrt_card_reason_word(enum qrt_card_reason reason);
/* "it could not be read", …; "" likewise. */
const char *qrt_card_reason_said(enum qrt_card_reason reason);

/* What a card's code carries. `share` is secret, the rest public; keep it in
 * guarded memory, or wipe it. */
struct qrt_card {
    uint8_t vault_id[QRT_VAULT_ID_BYTES];
    uint16_t generation; /* all three from 1 */
    uint16_t edition;
    uint32_t serial;
    uint8_t group;            /* of enum qrt_group */
    uint8_t member_index;     /* 0-15 */
    uint8_t member_threshold; /* 1-16 */
    uint8_t share[QRT_SLIP39_CARD_BYTES];
    uint8_t signature[64];
};

/* Writes the payload (secret). QRT_E_RANGE, payload zeroed, if a field is out
 * of its range or a spare bit of the share is set. */
enum qrt_code qrt_card_encode(uint8_t payload[static QRT_CARD_PAYLOAD_BYTES],
                              const struct qrt_card *card, struct qrt_err *err) QRT_MUST_USE;

/* Reads a payload (secret). QRT_E_FORMAT: another length, a field out of its
 * range, a spare bit set; QRT_E_NEWER: a later version of the form. It checks
 * no signature. On failure *card is zeroed. */
enum qrt_code qrt_card_decode(struct qrt_card *card, const uint8_t *payload, size_t len_bytes,
                              struct qrt_err *err) QRT_MUST_USE;

/* Signs all before the signature with the issuing key (secret, 64 bytes, as of
 * qrt_sign_key). QRT_E_RANGE as in qrt_card_encode, signature zeroed. */
enum qrt_code qrt_card_sign(struct qrt_card *card, const uint8_t key[static 64],
                            struct qrt_err *err) QRT_MUST_USE;
/* Is the signature that of this public key? */
bool qrt_card_verify(const struct qrt_card *card, const uint8_t public_key[static 32]);

/* The commitment (public) to all before the signature. QRT_E_RANGE as in
 * qrt_card_encode, commitment zeroed. */
enum qrt_code qrt_card_commit(uint8_t commitment[static QRT_CARD_COMMIT_BYTES],
                              const struct qrt_card *card, struct qrt_err *err) QRT_MUST_USE;

/* Puts a share (secret) on a card: group, member index, threshold and the
 * packed words. QRT_E_RANGE: it is not of a vault's profile (32 bytes, two
 * groups, both needed, extendable, exponent 0); the card is then untouched. */
enum qrt_code qrt_card_put_share(struct qrt_card *card, const struct qrt_slip39_share *share,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Takes the share (secret) off a card. QRT_E_REFUSED, with *reason unreadable
 * (the words' checksum) or mismatch (not of a vault's profile, or the fields
 * beside it say otherwise); *share is then zeroed. */
enum qrt_code qrt_card_get_share(struct qrt_slip39_share *share, enum qrt_card_reason *reason,
                                 const struct qrt_card *card, struct qrt_err *err) QRT_MUST_USE;

/* Writes `QUORATE1:S:…` (secret) and a NUL. QRT_E_RANGE as in qrt_card_encode,
 * text zeroed. */
enum qrt_code qrt_card_text(char text[static QRT_CARD_TEXT_CHARS + 1], const struct qrt_card *card,
                            struct qrt_err *err) QRT_MUST_USE;

/* Reads what a person gives for a card (secret): a `QUORATE1:S:` line, or 33
 * words, or 44 with the check words, row letters optional; white space around
 * it does not count. Words carry no vault, generation, edition, serial and no
 * signature: these are then zero, serial 0 telling so. QRT_E_REFUSED, with
 * *reason wrong-kind (another type of code), unknown-word (a word that is not
 * in the list), mismatch (as in qrt_card_get_share), newer-than-vault (a later
 * version), else unreadable; the text names the place, never a word. On
 * failure *card and *share are zeroed; on success *reason is QRT_CARD_FINE.
 * Neither signature nor commitment is checked. */
enum qrt_code qrt_card_read(struct qrt_card *card, struct qrt_slip39_share *share,
                            enum qrt_card_reason *reason, const char *text, size_t len_bytes,
                            struct qrt_err *err) QRT_MUST_USE;

/* What a bag's label says. Public. */
struct qrt_label {
    uint8_t vault_id[QRT_VAULT_ID_BYTES];
    uint16_t generation; /* all three from 1 */
    uint16_t edition;
    uint32_t serial;
    uint8_t commitment[QRT_CARD_COMMIT_BYTES];
};

/* Writes `QUORATE1:B:…` and a NUL. QRT_E_RANGE, text zeroed. */
enum qrt_code qrt_label_text(char text[static QRT_LABEL_TEXT_CHARS + 1],
                             const struct qrt_label *label, struct qrt_err *err) QRT_MUST_USE;
/* Reads one; white space around it does not count. QRT_E_REFUSED with *reason
 * wrong-kind, newer-than-vault or unreadable; *label is then zeroed. */
enum qrt_code qrt_label_read(struct qrt_label *label, enum qrt_card_reason *reason,
                             const char *text, size_t len_bytes, struct qrt_err *err) QRT_MUST_USE;

#endif
