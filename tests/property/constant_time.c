/* Run under Memcheck by constant_time.sh: every secret is marked undefined, so
 * that each branch and each address that depends on one is reported. With any
 * argument the control runs instead: a table indexed by a secret, which must
 * be reported. Compiled with the sources under test and QRT_CTIME_TEST. */
#include "crypto/sign.h"
#include <quorate/slip39.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/memcheck.h>

enum { VALUE_BYTES = 32, MEMBERS = 5 };

static volatile uint8_t table[256];
static volatile uint8_t sink;

/* In place of the kernel's generator: what it draws is secret. */
void qrt_random(void *out, size_t len_bytes)
{
    uint32_t state = 12345;
    for (size_t i = 0; i < len_bytes; i++) {
        state = state * 1664525 + 1013904223;
        ((uint8_t *)out)[i] = (uint8_t)(state >> 24);
    }
    (void)VALGRIND_MAKE_MEM_UNDEFINED(out, len_bytes);
}

static void need(bool holds)
{
    if (!holds) {
        fputs("constant_time: a result is wrong\n", stderr);
        _Exit(3);
    }
}

/* A share's words: those of its value and its checksum are secret. */
static void words_hide(uint16_t *words, size_t words_count)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(words + 4, (words_count - 4) * sizeof words[0]);
}

static void words_and_text(const struct qrt_slip39_share *share, struct qrt_slip39_share *back)
{
    uint16_t words[QRT_SLIP39_WORDS_MAX], again[QRT_SLIP39_WORDS_MAX];
    uint8_t packed[QRT_SLIP39_CARD_BYTES];
    char text[QRT_SLIP39_TEXT_MAX_BYTES];
    size_t count, text_len_bytes;
    need(qrt_slip39_share_encode(words, &count, share, NULL) == QRT_OK);
    words_hide(words, count);
    need(qrt_slip39_text_encode(text, sizeof text, &text_len_bytes, words, count, NULL) == QRT_OK);
    need(qrt_slip39_text_decode(again, &count, text, text_len_bytes, NULL) == QRT_OK);
    qrt_slip39_words_pack(packed, again);
    need(qrt_slip39_words_unpack(words, packed, NULL) == QRT_OK);
    /* The head is public, and so is how far a share's fields may be read. */
    (void)VALGRIND_MAKE_MEM_DEFINED(words, 4 * sizeof words[0]);
    need(qrt_slip39_share_decode(back, words, count, NULL) == QRT_OK);
}

static void the_whole_way(void)
{
    static const struct qrt_slip39_plan plan = {
        .identifier = 7,
        .extendable = true,
        .group_threshold = 2,
        .group_count = 2,
        .groups = {{3, MEMBERS}, {2, 3}},
    };
    uint8_t secret[VALUE_BYTES] = "a secret of thirty-two bytes...";
    uint8_t found[VALUE_BYTES], group_shares[2 * VALUE_BYTES];
    struct qrt_slip39_share shares[MEMBERS + 3], back[MEMBERS + 3], rebuilt;
    size_t len_bytes;
    (void)VALGRIND_MAKE_MEM_UNDEFINED(secret, sizeof secret);
    need(qrt_slip39_split(shares, group_shares, &plan, secret, VALUE_BYTES, secret, 8, NULL) ==
         QRT_OK);
    for (size_t i = 0; i < MEMBERS + 3; i++) {
        words_and_text(&shares[i], &back[i]);
    }
    need(qrt_slip39_combine(found, sizeof found, &len_bytes, back, MEMBERS + 3, secret, 8, NULL) ==
         QRT_OK);
    need(qrt_slip39_share_rebuild(&rebuilt, 1, back + 2, 3, NULL) == QRT_OK);
    need(qrt_slip39_group_prove(back, MEMBERS, group_shares, NULL) == QRT_OK);
    need(qrt_slip39_group_split(shares, &plan, 0, group_shares, VALUE_BYTES, NULL) == QRT_OK);
    (void)VALGRIND_MAKE_MEM_DEFINED(secret, sizeof secret);
    (void)VALGRIND_MAKE_MEM_DEFINED(found, sizeof found);
    need(memcmp(found, secret, VALUE_BYTES) == 0);
    (void)VALGRIND_MAKE_MEM_DEFINED(rebuilt.value, VALUE_BYTES);
    (void)VALGRIND_MAKE_MEM_DEFINED(back[1].value, VALUE_BYTES);
    need(memcmp(rebuilt.value, back[1].value, VALUE_BYTES) == 0);
}

static void control(void)
{
    uint8_t secret = 77;
    (void)VALGRIND_MAKE_MEM_UNDEFINED(&secret, 1);
    sink = table[secret];
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        control();
    } else {
        the_whole_way();
    }
    return 0;
}
