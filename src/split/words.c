#include "split/words.h"

#include "split/ctime.h"
#include <sodium.h>
#include <string.h>

/* RS1024's state is the remainder of a polynomial over GF(1024) modulo
 * (x - a)(x - a^2)(x - a^3), where a^10 = a^3 + 1. Its three coefficients
 * stand 20 bits apart, so that a product of up to 20 bits stays in its field
 * until it is reduced. */
#define FIELD_BITS 20
#define FIELDS(v)  ((uint64_t)(v) << 2 * FIELD_BITS | (uint64_t)(v) << FIELD_BITS | (uint64_t)(v))

/* The states behind the customization strings "shamir" and
 * "shamir_extendable", each from 1 on; test_slip39.c derives them. */
#define STATE_SHAMIR            UINT64_C(0x244002a3002e3)
#define STATE_SHAMIR_EXTENDABLE UINT64_C(0x1700000500160)

/* state * x + word. The modulus is x^3 + 14 x^2 + 56 x + 64, where 14 is
 * a + a^2 + a^3, 56 is a^2 * 14, and 64 is a^6. */
static uint64_t rs1024_step(uint64_t state, uint64_t word)
{
    uint64_t top = state >> 2 * FIELD_BITS;
    uint64_t sum = top ^ top << 1 ^ top << 2;
    uint64_t product = sum << (2 * FIELD_BITS + 1) ^ sum << (FIELD_BITS + 3) ^ top << 6;
    uint64_t over = product >> 10 & FIELDS(0x3ff);
    uint64_t shifted = (state << FIELD_BITS & FIELDS(0x3ff)) ^ word;
    return shifted ^ (product & FIELDS(0x3ff)) ^ over ^ over << 3;
}

static uint64_t rs1024_state(const uint16_t *words, size_t words_count, bool extendable)
{
    uint64_t state = extendable ? STATE_SHAMIR_EXTENDABLE : STATE_SHAMIR;
    for (size_t i = 0; i < words_count; i++) {
        state = rs1024_step(state, words[i]);
    }
    return state;
}

void qrt_rs1024_append(uint16_t *words, size_t words_count, bool extendable)
{
    uint64_t state = rs1024_state(words, words_count, extendable);
    for (size_t i = 0; i < QRT_RS1024_WORDS; i++) {
        state = rs1024_step(state, 0);
    }
    state ^= 1;
    words[words_count] = (uint16_t)(state >> 2 * FIELD_BITS);
    words[words_count + 1] = (uint16_t)(state >> FIELD_BITS & 0x3ff);
    words[words_count + 2] = (uint16_t)(state & 0x3ff);
}

bool qrt_rs1024_holds(const uint16_t *words, size_t words_count, bool extendable)
{
    bool holds = rs1024_state(words, words_count, extendable) == 1;
    QRT_PUBLIC(holds);
    return holds;
}

/* All ones if a and b are equal, else 0. */
static uint64_t equal_mask(uint64_t a, uint64_t b)
{
    uint64_t differing = a ^ b;
    uint64_t mask = ((differing | (0 - differing)) >> 63) - 1;
    /* A compiler that sees through the mask makes a branch of it (clang does). */
    __asm__("" : "+r"(mask));
    return mask;
}

static uint64_t list_entry(size_t i)
{
    uint64_t entry;
    memcpy(&entry, qrt_words_list[i], sizeof entry);
    return entry;
}

size_t qrt_slip39_word(char word[static QRT_SLIP39_WORD_CHARS + 1], uint16_t index)
{
    uint64_t found = 0;
    for (size_t i = 0; i < QRT_WORDS; i++) {
        found |= list_entry(i) & equal_mask(i, index);
    }
    memcpy(word, &found, sizeof found);
    word[QRT_SLIP39_WORD_CHARS] = '\0';
    size_t len_chars = 0;
    for (size_t i = 0; i < QRT_SLIP39_WORD_CHARS; i++) {
        len_chars += word[i] != '\0';
    }
    QRT_PUBLIC(len_chars);
    return len_chars;
}

/* Searches for letters in lower case, zeros behind them; `significant` has
 * ones where a letter of the list's word must be equal. */
static bool list_search(uint16_t *index, const uint8_t letters[static QRT_SLIP39_WORD_CHARS],
                        const uint8_t significant[static QRT_SLIP39_WORD_CHARS])
{
    uint64_t wanted;
    uint64_t mask;
    memcpy(&wanted, letters, sizeof wanted);
    memcpy(&mask, significant, sizeof mask);
    uint64_t at = 0;
    uint64_t hits = 0;
    for (size_t i = 0; i < QRT_WORDS; i++) {
        uint64_t equal = equal_mask(list_entry(i) & mask, wanted);
        at |= i & equal;
        hits |= equal;
    }
    *index = (uint16_t)at;
    bool found = hits != 0;
    QRT_PUBLIC(found);
    return found;
}

static bool word_search(uint16_t *index, const char *word, size_t len_chars, bool complete)
{
    *index = 0;
    if (len_chars < 4 || len_chars > QRT_SLIP39_WORD_CHARS) {
        return false;
    }
    uint8_t letters[QRT_SLIP39_WORD_CHARS] = {0};
    uint8_t significant[QRT_SLIP39_WORD_CHARS];
    memset(significant, complete ? 0 : 0xff, sizeof significant);
    for (size_t i = 0; i < len_chars; i++) {
        /* 'A'-'Z' become 'a'-'z'; whatever else becomes a letter that was none
         * has bit 5 clear and so is '@', '[' to '_': none gives a letter. */
        letters[i] = (uint8_t)word[i] | 0x20;
        significant[i] = 0xff;
    }
    bool found = list_search(index, letters, significant);
    sodium_memzero(letters, sizeof letters);
    return found;
}

bool qrt_slip39_word_find(uint16_t *index, const char *word, size_t len_chars)
{
    return word_search(index, word, len_chars, false);
}

bool qrt_slip39_word_complete(uint16_t *index, const char *letters, size_t len_chars)
{
    return word_search(index, letters, len_chars, true);
}

enum qrt_code qrt_slip39_text_encode(char *text, size_t text_size_bytes, size_t *text_len_bytes,
                                     const uint16_t *words, size_t words_count, struct qrt_err *err)
{
    if (words_count == 0 || words_count > text_size_bytes / (QRT_SLIP39_WORD_CHARS + 1)) {
        return qrt_fail(err, QRT_E_RANGE, "%zu words in %zu bytes", words_count, text_size_bytes);
    }
    size_t at = 0;
    for (size_t i = 0; i < words_count; i++) {
        /* A word is written with the room of the longest, the next over it. */
        at += qrt_slip39_word(text + at, words[i]);
        text[at++] = ' ';
    }
    text[--at] = '\0';
    *text_len_bytes = at;
    return QRT_OK;
}

static bool is_blank(char c)
{
    bool blank = (c == ' ') | (c == '\t');
    QRT_PUBLIC(blank);
    return blank;
}

enum qrt_code qrt_slip39_text_decode(uint16_t words[static QRT_SLIP39_WORDS_MAX],
                                     size_t *words_count, const char *text, size_t text_len_bytes,
                                     struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    *words_count = 0;
    size_t count = 0;
    for (size_t at = 0; code == QRT_OK;) {
        while (at < text_len_bytes && is_blank(text[at])) {
            at++;
        }
        size_t start = at;
        while (at < text_len_bytes && !is_blank(text[at])) {
            at++;
        }
        if (at == start) {
            *words_count = count;
            return QRT_OK;
        }
        if (count == QRT_SLIP39_WORDS_MAX) {
            code = qrt_fail(err, QRT_E_REFUSED, "more than %d words", QRT_SLIP39_WORDS_MAX);
        } else if (!qrt_slip39_word_find(&words[count], text + start, at - start)) {
            code = qrt_fail(err, QRT_E_REFUSED, "word %zu is not in the list", count + 1);
        }
        count++;
    }
    sodium_memzero(words, QRT_SLIP39_WORDS_MAX * sizeof words[0]);
    return code;
}
