/* SLIP-0039: a secret split over groups and members, as words on paper.
 * https://github.com/satoshilabs/slips/blob/master/slip-0039.md
 *
 * Values of shares, group shares and words are secret: keep them in guarded
 * memory (quorate/secret.h). Everything else in a share is public. The work on
 * values takes a time that depends on public numbers only. No function keeps a
 * secret on its stack or anywhere else after it returned. */
#ifndef QUORATE_SLIP39_H
#define QUORATE_SLIP39_H

#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_SLIP39_GROUPS_MAX           16
#define QRT_SLIP39_MEMBERS_MAX          16
#define QRT_SLIP39_VALUE_MIN_BYTES      16
#define QRT_SLIP39_VALUE_MAX_BYTES      128
#define QRT_SLIP39_WORDS_MIN            20
#define QRT_SLIP39_WORDS_MAX            110
#define QRT_SLIP39_PASSPHRASE_MAX_BYTES 1024
#define QRT_SLIP39_WORD_CHARS           8 /* of the longest word */
#define QRT_SLIP39_TEXT_MAX_BYTES       (QRT_SLIP39_WORDS_MAX * (QRT_SLIP39_WORD_CHARS + 1))

/* The profile of a vault's cards: a value of 32 bytes. */
#define QRT_SLIP39_CARD_VALUE_BYTES 32
#define QRT_SLIP39_CARD_WORDS       33
#define QRT_SLIP39_CARD_BYTES       42

/* One member share. `value` is secret, the rest is public. */
struct qrt_slip39_share {
    uint16_t identifier; /* 15 bits */
    bool extendable;
    uint8_t iteration_exponent; /* 0-15 */
    uint8_t group_index;        /* 0-15 */
    uint8_t group_threshold;    /* 1-16 */
    uint8_t group_count;        /* group_threshold-16 */
    uint8_t member_index;       /* 0-15 */
    uint8_t member_threshold;   /* 1-16 */
    uint8_t value_len_bytes;    /* even, 16-128 */
    uint8_t value[QRT_SLIP39_VALUE_MAX_BYTES];
};

/* What a split makes. Public. */
struct qrt_slip39_plan {
    uint16_t identifier; /* 15 bits; the caller draws it */
    bool extendable;
    uint8_t iteration_exponent;
    uint8_t group_threshold;
    uint8_t group_count;
    struct {
        uint8_t member_threshold;
        uint8_t member_count; /* 1 where the threshold is 1 */
    } groups[QRT_SLIP39_GROUPS_MAX];
};

/* How many shares a plan makes. */
size_t qrt_slip39_plan_shares(const struct qrt_slip39_plan *plan);

/* Splits `secret` (secret, even, 16-128 bytes) under a passphrase (secret, may
 * be empty). `shares` is the caller's guarded array of
 * qrt_slip39_plan_shares() elements, filled group by group, members in order;
 * `group_shares` is his guarded group_count * secret_len_bytes bytes. Random
 * bytes are drawn in one call. QRT_E_RANGE: a plan or length that SLIP-0039
 * does not allow. On failure the outputs are untouched. */
enum qrt_code qrt_slip39_split(struct qrt_slip39_share *shares, uint8_t *group_shares,
                               const struct qrt_slip39_plan *plan, const uint8_t *secret,
                               size_t secret_len_bytes, const uint8_t *passphrase,
                               size_t passphrase_len_bytes, struct qrt_err *err) QRT_MUST_USE;

/* The same from the encrypted master secret on, without key derivation. */
enum qrt_code qrt_slip39_split_encrypted(struct qrt_slip39_share *shares, uint8_t *group_shares,
                                         const struct qrt_slip39_plan *plan,
                                         const uint8_t *encrypted, size_t encrypted_len_bytes,
                                         struct qrt_err *err) QRT_MUST_USE;

/* Splits one group share (secret) again: a new polynomial, so that the new
 * shares do not mix with the old. Fills `shares` with
 * plan->groups[group_index].member_count elements. Errors as above. */
enum qrt_code qrt_slip39_group_split(struct qrt_slip39_share *shares,
                                     const struct qrt_slip39_plan *plan, unsigned group_index,
                                     const uint8_t *group_share, size_t group_share_len_bytes,
                                     struct qrt_err *err) QRT_MUST_USE;

/* Combines shares of one group, at least its threshold, into the group share
 * (secret, value_len_bytes of the shares). All have equal parameters and
 * distinct indices; the digest is checked, and each surplus share must lie on
 * the polynomial. QRT_E_QUORUM: too few. QRT_E_REFUSED: any other fault; the
 * text names the share by its place from 1. On failure group_share is zeroed,
 * or untouched if the shares have no common length. */
enum qrt_code qrt_slip39_group_combine(uint8_t *group_share, const struct qrt_slip39_share *shares,
                                       size_t shares_count, struct qrt_err *err) QRT_MUST_USE;

/* Combines group shares (secret, shares_count * len_bytes) with distinct
 * indices into the encrypted master secret (secret, len_bytes). Errors as in
 * qrt_slip39_group_combine. */
enum qrt_code qrt_slip39_groups_combine(uint8_t *encrypted, const uint8_t *group_shares,
                                        const uint8_t *group_indices, size_t shares_count,
                                        size_t len_bytes, unsigned group_threshold,
                                        struct qrt_err *err) QRT_MUST_USE;

/* Combines shares of any groups into the master secret (secret; the size is at
 * least the shares' value_len_bytes, which *secret_len_bytes becomes). Groups
 * that lack members are left aside as long as enough others are whole.
 * QRT_E_QUORUM: too few, and no other fault. QRT_E_REFUSED: any other fault.
 * A wrong passphrase is no fault: it gives another secret. On failure secret
 * is zeroed and *secret_len_bytes is 0. */
enum qrt_code qrt_slip39_combine(uint8_t *secret, size_t secret_size_bytes,
                                 size_t *secret_len_bytes, const struct qrt_slip39_share *shares,
                                 size_t shares_count, const uint8_t *passphrase,
                                 size_t passphrase_len_bytes, struct qrt_err *err) QRT_MUST_USE;

/* The same up to the encrypted master secret, without key derivation. */
enum qrt_code qrt_slip39_combine_encrypted(uint8_t *encrypted, size_t encrypted_size_bytes,
                                           size_t *encrypted_len_bytes,
                                           const struct qrt_slip39_share *shares,
                                           size_t shares_count, struct qrt_err *err) QRT_MUST_USE;

/* The four Feistel rounds over PBKDF2 that turn a master secret into the
 * encrypted one, and back. In and out may be the same buffer. QRT_E_RANGE: a
 * length or passphrase that is too long; then out is untouched. */
enum qrt_code qrt_slip39_encrypt(uint8_t *encrypted, const uint8_t *secret, size_t len_bytes,
                                 uint16_t identifier, bool extendable, unsigned iteration_exponent,
                                 const uint8_t *passphrase, size_t passphrase_len_bytes,
                                 struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_slip39_decrypt(uint8_t *secret, const uint8_t *encrypted, size_t len_bytes,
                                 uint16_t identifier, bool extendable, unsigned iteration_exponent,
                                 const uint8_t *passphrase, size_t passphrase_len_bytes,
                                 struct qrt_err *err) QRT_MUST_USE;

/* Makes the share of `member_index` (0-15) anew from at least the threshold of
 * its group's shares: the same share that the split gave. Errors as in
 * qrt_slip39_group_combine; QRT_E_RANGE for an index above 15. On failure
 * *share is zeroed. */
enum qrt_code qrt_slip39_share_rebuild(struct qrt_slip39_share *share, unsigned member_index,
                                       const struct qrt_slip39_share *shares, size_t shares_count,
                                       struct qrt_err *err) QRT_MUST_USE;

/* Proves that every subset of exactly the threshold of these shares combines,
 * digest and all, into `group_share` (secret). Errors as in
 * qrt_slip39_group_combine; the text names the first subset that does not. */
enum qrt_code qrt_slip39_group_prove(const struct qrt_slip39_share *shares, size_t shares_count,
                                     const uint8_t *group_share, struct qrt_err *err) QRT_MUST_USE;

/* Writes a share as word indices 0-1023 (secret), *words_count of them.
 * QRT_E_RANGE, nothing written: a field out of its range. */
enum qrt_code qrt_slip39_share_encode(uint16_t words[static QRT_SLIP39_WORDS_MAX],
                                      size_t *words_count, const struct qrt_slip39_share *share,
                                      struct qrt_err *err) QRT_MUST_USE;

/* Reads a share from word indices (secret). QRT_E_REFUSED: a length that no
 * share has, an index above 1023, a wrong checksum, padding that is not zero,
 * a group threshold above the group count. On failure *share is zeroed. */
enum qrt_code qrt_slip39_share_decode(struct qrt_slip39_share *share, const uint16_t *words,
                                      size_t words_count, struct qrt_err *err) QRT_MUST_USE;

/* Packs the 33 words (secret, indices 0-1023) of a share of 32 bytes into 42
 * bytes (secret), and back: docs/formats/share.md. Unpacking refuses with
 * QRT_E_REFUSED, words zeroed, if the six spare bits are not zero; it does not
 * check the checksum, which qrt_slip39_share_decode does. */
void qrt_slip39_words_pack(uint8_t packed[static QRT_SLIP39_CARD_BYTES],
                           const uint16_t words[static QRT_SLIP39_CARD_WORDS]);
enum qrt_code qrt_slip39_words_unpack(uint16_t words[static QRT_SLIP39_CARD_WORDS],
                                      const uint8_t packed[static QRT_SLIP39_CARD_BYTES],
                                      struct qrt_err *err) QRT_MUST_USE;

/* Writes the word of an index (secret, 0-1023) with a NUL. Returns its length,
 * 4-8 characters. The whole list is read whatever the index is. */
size_t qrt_slip39_word(char word[static QRT_SLIP39_WORD_CHARS + 1], uint16_t index);

/* The index of a whole word (secret, in either case). False, and 0, if it is
 * not in the list. The whole list is read whatever the word is. */
bool qrt_slip39_word_find(uint16_t *index, const char *word, size_t len_chars);

/* The same for the first four or more letters of a word: four tell all words
 * of the list apart. */
bool qrt_slip39_word_complete(uint16_t *index, const char *letters, size_t len_chars);

/* Writes words (secret indices) as text, single spaces between them and a NUL
 * behind; *text_len_bytes is without it. QRT_E_RANGE, nothing written, if
 * words_count * 9 is more than the size. How long words are is not hidden. */
enum qrt_code qrt_slip39_text_encode(char *text, size_t text_size_bytes, size_t *text_len_bytes,
                                     const uint16_t *words, size_t words_count,
                                     struct qrt_err *err) QRT_MUST_USE;

/* Reads a mnemonic (secret): whole words in either case, parted by blanks and
 * tabs. QRT_E_REFUSED, words zeroed and *words_count 0: a word that is not in
 * the list (the text names its place and never the word), or more words than
 * any share has. */
enum qrt_code qrt_slip39_text_decode(uint16_t words[static QRT_SLIP39_WORDS_MAX],
                                     size_t *words_count, const char *text, size_t text_len_bytes,
                                     struct qrt_err *err) QRT_MUST_USE;

#endif
