#include "unit.h"

#include "split/shamir.h"
#include "split/subset.h"
#include "split/words.h"
#include <quorate/secret.h>
#include <quorate/slip39.h>
#include <sodium.h>

/* A vault's profile: 3 of 5 and 2 of 4. */
static const struct qrt_slip39_plan profile = {
    .identifier = 0x5a5a & 0x7fff,
    .extendable = true,
    .group_threshold = 2,
    .group_count = 2,
    .groups = {{3, 5}, {2, 4}},
};

struct fixture {
    uint8_t secret[32];
    uint8_t group_shares[2 * 32];
    struct qrt_slip39_share shares[9];
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    randombytes_buf(fixture->secret, sizeof fixture->secret);
    assert_int_equal(qrt_slip39_plan_shares(&profile), 9);
    assert_int_equal(qrt_slip39_split(fixture->shares, fixture->group_shares, &profile,
                                      fixture->secret, 32, NULL, 0, NULL),
                     QRT_OK);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static void a_quorum_of_both_groups_gives_the_secret(void **state)
{
    struct fixture *f = *state;
    struct qrt_slip39_share given[5] = {f->shares[4], f->shares[8], f->shares[0], f->shares[2],
                                        f->shares[5]};
    uint8_t secret[32];
    size_t len;
    assert_int_equal(qrt_slip39_combine(secret, sizeof secret, &len, given, 5, NULL, 0, NULL),
                     QRT_OK);
    assert_int_equal(len, 32);
    assert_memory_equal(secret, f->secret, 32);
    assert_int_equal(qrt_slip39_combine(secret, sizeof secret, &len, f->shares, 9, NULL, 0, NULL),
                     QRT_OK);
    assert_memory_equal(secret, f->secret, 32);
}

static void a_quorum_that_lacks_one_share_is_named_and_gives_nothing(void **state)
{
    struct fixture *f = *state;
    struct qrt_slip39_share given[4] = {f->shares[4], f->shares[8], f->shares[0], f->shares[5]};
    uint8_t secret[32];
    size_t len;
    struct qrt_err err;
    assert_int_equal(qrt_slip39_combine(secret, sizeof secret, &len, given, 4, NULL, 0, &err),
                     QRT_E_QUORUM);
    assert_string_equal(err.what, "1 of 2 groups are whole; group 1 has 2 of 3 shares");
    assert_int_equal(len, 0);
    assert_true(sodium_is_zero(secret, sizeof secret));
    assert_int_equal(qrt_slip39_combine(secret, sizeof secret, &len, f->shares, 5, NULL, 0, &err),
                     QRT_E_QUORUM);
    assert_string_equal(err.what, "1 of 2 groups are there");
    assert_int_equal(qrt_slip39_combine(secret, sizeof secret, &len, f->shares, 0, NULL, 0, &err),
                     QRT_E_QUORUM);
}

static void a_group_gives_its_group_share(void **state)
{
    struct fixture *f = *state;
    uint8_t halves[64];
    uint8_t encrypted[32], secret[32];
    assert_int_equal(qrt_slip39_group_combine(halves, f->shares + 1, 4, NULL), QRT_OK);
    assert_int_equal(qrt_slip39_group_combine(halves + 32, f->shares + 6, 2, NULL), QRT_OK);
    assert_memory_equal(halves, f->group_shares, 64);
    assert_int_equal(
        qrt_slip39_groups_combine(encrypted, halves, (uint8_t[]){0, 1}, 2, 32, 2, NULL), QRT_OK);
    assert_int_equal(
        qrt_slip39_decrypt(secret, encrypted, 32, profile.identifier, true, 0, NULL, 0, NULL),
        QRT_OK);
    assert_memory_equal(secret, f->secret, 32);
    struct qrt_err err;
    assert_int_equal(qrt_slip39_group_combine(halves, f->shares, 2, &err), QRT_E_QUORUM);
    assert_string_equal(err.what, "2 of 3 shares of group 1");
    assert_int_equal(qrt_slip39_group_combine(halves, f->shares + 4, 3, &err), QRT_E_REFUSED);
    assert_string_equal(err.what, "shares of several groups");
}

static void a_fault_in_the_groups_halves_is_refused(void **state)
{
    struct fixture *f = *state;
    uint8_t out[32];
    struct qrt_err err;
    assert_int_equal(
        qrt_slip39_groups_combine(out, f->group_shares, (uint8_t[]){1, 0}, 2, 32, 2, &err),
        QRT_E_REFUSED);
    assert_int_equal(
        qrt_slip39_groups_combine(out, f->group_shares, (uint8_t[]){1, 1}, 2, 32, 2, &err),
        QRT_E_REFUSED);
    assert_int_equal(
        qrt_slip39_groups_combine(out, f->group_shares, (uint8_t[]){0, 16}, 2, 32, 2, &err),
        QRT_E_REFUSED);
    assert_int_equal(
        qrt_slip39_groups_combine(out, f->group_shares, (uint8_t[]){0}, 1, 32, 2, &err),
        QRT_E_QUORUM);
    assert_true(sodium_is_zero(out, sizeof out));
}

static void a_surplus_share_off_the_polynomial_is_named(void **state)
{
    struct fixture *f = *state;
    uint8_t half[32];
    struct qrt_err err;
    f->shares[4].value[31] ^= 1;
    assert_int_equal(qrt_slip39_group_combine(half, f->shares, 5, &err), QRT_E_REFUSED);
    assert_string_equal(err.what, "share 5 does not belong to the others");
    assert_true(sodium_is_zero(half, sizeof half));
}

static void a_surplus_group_off_the_polynomial_is_named(void **state)
{
    (void)state;
    const struct qrt_slip39_plan plan = {
        .group_threshold = 2, .group_count = 3, .groups = {{1, 1}, {1, 1}, {1, 1}}};
    uint8_t secret[16] = {1}, back[16], group_shares[48];
    struct qrt_slip39_share shares[3];
    size_t len;
    struct qrt_err err;
    assert_int_equal(qrt_slip39_split(shares, group_shares, &plan, secret, 16, NULL, 0, NULL),
                     QRT_OK);
    assert_int_equal(qrt_slip39_combine(back, 16, &len, shares, 3, NULL, 0, &err), QRT_OK);
    shares[2].value[15] ^= 1;
    assert_int_equal(qrt_slip39_combine(back, 16, &len, shares, 3, NULL, 0, &err), QRT_E_REFUSED);
    assert_string_equal(err.what, "group 3 does not belong to the others");
    assert_int_equal(len, 0);
    assert_true(sodium_is_zero(back, sizeof back));
}

enum { DRAWN_LEN = 16, DRAWN_MAX = 256 };

/* What was drawn for one polynomial: the shares before the last two of the
 * threshold, and the digest's key, which stands at x = 254 behind 4 bytes. */
static size_t drawn_bytes(uint8_t *out, const uint8_t *const *values, size_t threshold)
{
    struct qrt_shamir_points points = {.count = threshold, .len_bytes = DRAWN_LEN};
    uint8_t digest[DRAWN_LEN];
    for (size_t i = 0; i < threshold; i++) {
        points.x[i] = (uint8_t)i;
        points.y[i] = values[i];
        if (i + 2 < threshold) {
            memcpy(out + i * DRAWN_LEN, values[i], DRAWN_LEN);
        }
    }
    qrt_shamir_evaluate((uint8_t *[1]){digest}, (uint8_t[]){254}, 1, &points);
    memcpy(out + (threshold - 2) * DRAWN_LEN, digest + 4, DRAWN_LEN - 4);
    return (threshold - 1) * DRAWN_LEN - 4;
}

/* A byte that two polynomials share, or that is not drawn at all, leaks. */
static void every_drawn_byte_is_drawn_for_itself(void **state)
{
    (void)state;
    enum { ROUNDS = 64 };
    static uint8_t drawn[ROUNDS][DRAWN_MAX];
    const struct qrt_slip39_plan plan = {
        .group_threshold = 3, .group_count = 3, .groups = {{4, 4}, {2, 2}, {3, 3}}};
    size_t count = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        uint8_t secret[DRAWN_LEN] = {0}, groups[3 * DRAWN_LEN];
        struct qrt_slip39_share shares[9];
        const uint8_t *values[9];
        assert_int_equal(qrt_slip39_split_encrypted(shares, groups, &plan, secret, DRAWN_LEN, NULL),
                         QRT_OK);
        count =
            drawn_bytes(drawn[round],
                        (const uint8_t *[]){groups, groups + DRAWN_LEN, groups + 2 * DRAWN_LEN}, 3);
        for (size_t i = 0; i < 9; i++) {
            values[i] = shares[i].value;
        }
        count += drawn_bytes(drawn[round] + count, values, 4);
        count += drawn_bytes(drawn[round] + count, values + 4, 2);
        count += drawn_bytes(drawn[round] + count, values + 6, 3);
    }
    assert_int_equal(count, 8 * DRAWN_LEN - 4 * 4);
    for (size_t i = 0; i < count; i++) {
        bool constant = true;
        for (size_t round = 1; round < ROUNDS; round++) {
            constant = constant && drawn[round][i] == drawn[0][i];
        }
        assert_false(constant);
        for (size_t j = 0; j < i; j++) {
            bool same = true;
            for (size_t round = 0; round < ROUNDS; round++) {
                same = same && drawn[round][i] == drawn[round][j];
            }
            assert_false(same);
        }
    }
}

static void a_changed_value_breaks_the_digest(void **state)
{
    struct fixture *f = *state;
    uint8_t half[32];
    for (unsigned bit = 0; bit < 256; bit++) {
        f->shares[1].value[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(qrt_slip39_group_combine(half, f->shares, 3, NULL), QRT_E_REFUSED);
        assert_true(sodium_is_zero(half, sizeof half));
        f->shares[1].value[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void shares_of_different_splits_do_not_mix(void **state)
{
    struct fixture *f = *state;
    struct qrt_err err;
    uint8_t secret[32];
    size_t len;
    const struct {
        size_t offset;
        const char *what;
    } rows[] = {
        {offsetof(struct qrt_slip39_share, identifier), "share 2: another identifier than share 1"},
        {offsetof(struct qrt_slip39_share, iteration_exponent),
         "share 2: another iteration exponent than share 1"},
        {offsetof(struct qrt_slip39_share, group_count),
         "share 2: another group count than share 1"},
        {offsetof(struct qrt_slip39_share, member_threshold),
         "share 2: a member threshold other than share 1's"},
        {offsetof(struct qrt_slip39_share, extendable),
         "share 2: another extendable flag than share 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct qrt_slip39_share given[9];
        memcpy(given, f->shares, sizeof given);
        ((uint8_t *)&given[1])[rows[i].offset] ^= 1;
        if (rows[i].offset == offsetof(struct qrt_slip39_share, group_count)) {
            given[1].group_count = 5;
        }
        assert_int_equal(qrt_slip39_combine(secret, 32, &len, given, 9, NULL, 0, &err),
                         QRT_E_REFUSED);
        assert_string_equal(err.what, rows[i].what);
    }
}

static void one_share_twice_is_refused(void **state)
{
    struct fixture *f = *state;
    struct qrt_slip39_share given[4] = {f->shares[0], f->shares[1], f->shares[2], f->shares[0]};
    uint8_t half[32];
    struct qrt_err err;
    assert_int_equal(qrt_slip39_group_combine(half, given, 4, &err), QRT_E_REFUSED);
    assert_string_equal(err.what, "share 4: the same member index as share 1");
}

static void an_index_above_15_is_refused(void **state)
{
    struct fixture *f = *state;
    uint8_t half[32];
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t count;
    for (unsigned index = 16; index < 256; index++) {
        f->shares[1].member_index = (uint8_t)index;
        assert_int_equal(qrt_slip39_group_combine(half, f->shares, 3, NULL), QRT_E_REFUSED);
        assert_int_equal(qrt_slip39_share_encode(words, &count, &f->shares[1], NULL), QRT_E_RANGE);
    }
    f->shares[1].member_index = 1;
    f->shares[1].group_index = 16;
    assert_int_equal(qrt_slip39_group_combine(half, f->shares, 3, NULL), QRT_E_REFUSED);
    struct qrt_slip39_share share;
    f->shares[1].group_index = 0;
    assert_int_equal(qrt_slip39_share_rebuild(&share, 16, f->shares, 3, NULL), QRT_E_RANGE);
}

static void a_lost_share_is_made_anew_as_it_was(void **state)
{
    struct fixture *f = *state;
    for (unsigned lost = 0; lost < 5; lost++) {
        struct qrt_slip39_share given[4];
        size_t count = 0;
        for (unsigned i = 0; i < 5; i++) {
            if (i != lost) {
                given[count++] = f->shares[i];
            }
        }
        struct qrt_slip39_share share;
        assert_int_equal(qrt_slip39_share_rebuild(&share, lost, given, 3, NULL), QRT_OK);
        assert_memory_equal(&share, &f->shares[lost], sizeof share);
        assert_int_equal(qrt_slip39_share_rebuild(&share, given[1].member_index, given, 3, NULL),
                         QRT_OK);
        assert_memory_equal(&share, &given[1], sizeof share);
        given[2].value[0] ^= 1;
        assert_int_equal(qrt_slip39_share_rebuild(&share, lost, given, 3, NULL), QRT_E_REFUSED);
        assert_true(sodium_is_zero((uint8_t *)&share, sizeof share));
        assert_int_equal(qrt_slip39_share_rebuild(&share, lost, given, 2, NULL), QRT_E_QUORUM);
    }
}

static void a_group_split_again_mixes_with_nothing_old(void **state)
{
    struct fixture *f = *state;
    struct qrt_slip39_share again[5];
    assert_int_equal(qrt_slip39_group_split(again, &profile, 0, f->group_shares, 32, NULL), QRT_OK);
    uint8_t half[32];
    assert_int_equal(qrt_slip39_group_combine(half, again, 5, NULL), QRT_OK);
    assert_memory_equal(half, f->group_shares, 32);
    for (unsigned i = 0; i < 5; i++) {
        assert_memory_not_equal(again[i].value, f->shares[i].value, 32);
    }
    again[1] = f->shares[1];
    assert_int_equal(qrt_slip39_group_combine(half, again, 3, NULL), QRT_E_REFUSED);
    assert_int_equal(qrt_slip39_group_split(again, &profile, 2, f->group_shares, 32, NULL),
                     QRT_E_RANGE);
}

static void every_subset_is_proved_and_the_first_bad_one_is_named(void **state)
{
    struct fixture *f = *state;
    struct qrt_err err;
    assert_int_equal(qrt_slip39_group_prove(f->shares, 5, f->group_shares, &err), QRT_OK);
    assert_int_equal(qrt_slip39_group_prove(f->shares + 5, 4, f->group_shares + 32, &err), QRT_OK);
    assert_int_equal(qrt_slip39_group_prove(f->shares, 5, f->group_shares + 32, &err),
                     QRT_E_REFUSED);
    assert_string_equal(err.what, "subset 1: another group share");
    /* Subsets of three of five in order: the last share first comes third. */
    f->shares[4].value[7] ^= 0x80;
    assert_int_equal(qrt_slip39_group_prove(f->shares, 5, f->group_shares, &err), QRT_E_REFUSED);
    assert_string_equal(err.what, "subset 3: group 1: the digest does not hold");
    f->shares[4].value[7] ^= 0x80;
    /* 8 of 16 has 12,870 subsets. */
    struct qrt_slip39_plan wide = profile;
    wide.groups[0].member_threshold = 8;
    wide.groups[0].member_count = 16;
    struct qrt_slip39_share shares[16];
    assert_int_equal(qrt_slip39_group_split(shares, &wide, 0, f->group_shares, 32, NULL), QRT_OK);
    assert_int_equal(qrt_slip39_group_prove(shares, 16, f->group_shares, &err), QRT_OK);
    for (unsigned i = 8; i < 16; i++) {
        shares[i].value[0] ^= 1;
    }
    assert_int_equal(qrt_slip39_group_prove(shares, 16, f->group_shares, &err), QRT_E_REFUSED);
    assert_string_equal(err.what, "subset 2: group 1: the digest does not hold");
}

static void all_subsets_are_visited_once(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 16; count++) {
        for (size_t chosen = 1; chosen <= count; chosen++) {
            static bool seen[1 << 16];
            size_t members[16], visited = 0, expected = 1;
            memset(seen, 0, sizeof seen);
            for (size_t i = 0; i < chosen; i++) {
                members[i] = i;
                expected = expected * (count - i) / (i + 1);
            }
            do {
                unsigned subset = 0;
                for (size_t i = 0; i < chosen; i++) {
                    assert_true(members[i] < count && (i == 0 || members[i] > members[i - 1]));
                    subset |= 1u << members[i];
                }
                assert_false(seen[subset]);
                seen[subset] = true;
                visited++;
            } while (qrt_subset_next(members, chosen, count));
            assert_int_equal(visited, expected);
        }
    }
}

static void a_share_survives_words_bytes_and_text(void **state)
{
    struct fixture *f = *state;
    for (unsigned i = 0; i < 9; i++) {
        uint16_t words[QRT_SLIP39_WORDS_MAX], back[QRT_SLIP39_WORDS_MAX];
        uint8_t packed[QRT_SLIP39_CARD_BYTES];
        char text[QRT_SLIP39_TEXT_MAX_BYTES];
        size_t count, text_len;
        struct qrt_slip39_share share;
        assert_int_equal(qrt_slip39_share_encode(words, &count, &f->shares[i], NULL), QRT_OK);
        assert_int_equal(count, QRT_SLIP39_CARD_WORDS);
        qrt_slip39_words_pack(packed, words);
        assert_int_equal(packed[0] >> 2, 0);
        assert_int_equal(qrt_slip39_words_unpack(back, packed, NULL), QRT_OK);
        assert_memory_equal(back, words, count * sizeof words[0]);
        assert_int_equal(qrt_slip39_text_encode(text, sizeof text, &text_len, words, count, NULL),
                         QRT_OK);
        assert_int_equal(qrt_slip39_text_decode(back, &count, text, text_len, NULL), QRT_OK);
        assert_int_equal(qrt_slip39_share_decode(&share, back, count, NULL), QRT_OK);
        assert_memory_equal(&share, &f->shares[i], sizeof share);
    }
}

static void every_flipped_bit_of_a_packed_share_is_refused(void **state)
{
    struct fixture *f = *state;
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    uint8_t packed[QRT_SLIP39_CARD_BYTES];
    size_t count;
    assert_int_equal(qrt_slip39_share_encode(words, &count, &f->shares[0], NULL), QRT_OK);
    qrt_slip39_words_pack(packed, words);
    for (unsigned bit = 0; bit < 8 * QRT_SLIP39_CARD_BYTES; bit++) {
        packed[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        struct qrt_slip39_share share;
        enum qrt_code code = qrt_slip39_words_unpack(words, packed, NULL);
        assert_int_equal(code, bit < 6 ? QRT_E_REFUSED : QRT_OK);
        if (code == QRT_OK) {
            assert_int_equal(qrt_slip39_share_decode(&share, words, QRT_SLIP39_CARD_WORDS, NULL),
                             QRT_E_REFUSED);
            assert_true(sodium_is_zero((uint8_t *)&share, sizeof share));
        }
        packed[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
    }
}

static void every_wrong_word_and_every_swap_is_refused(void **state)
{
    struct fixture *f = *state;
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t count;
    struct qrt_slip39_share share;
    assert_int_equal(qrt_slip39_share_encode(words, &count, &f->shares[0], NULL), QRT_OK);
    for (size_t i = 0; i < count; i++) {
        uint16_t right = words[i];
        for (uint16_t wrong = 0; wrong <= 1024; wrong++) {
            words[i] = wrong;
            assert_int_equal(qrt_slip39_share_decode(&share, words, count, NULL),
                             wrong == right ? QRT_OK : QRT_E_REFUSED);
        }
        words[i] = right;
        for (size_t j = 0; j < i; j++) {
            words[i] = words[j];
            words[j] = right;
            assert_int_equal(qrt_slip39_share_decode(&share, words, count, NULL),
                             words[i] == words[j] ? QRT_OK : QRT_E_REFUSED);
            words[j] = words[i];
            words[i] = right;
        }
    }
    for (size_t n = 0; n < count; n++) {
        assert_int_equal(qrt_slip39_share_decode(&share, words, n, NULL), QRT_E_REFUSED);
    }
}

static void all_lengths_make_the_round_trip(void **state)
{
    (void)state;
    for (size_t len = 16; len <= QRT_SLIP39_VALUE_MAX_BYTES; len += 2) {
        uint8_t secret[QRT_SLIP39_VALUE_MAX_BYTES], back[QRT_SLIP39_VALUE_MAX_BYTES];
        uint8_t group_shares[2 * QRT_SLIP39_VALUE_MAX_BYTES];
        struct qrt_slip39_share shares[9], decoded[9];
        struct qrt_slip39_plan plan = profile;
        plan.extendable = len % 4 == 0;
        randombytes_buf(secret, len);
        assert_int_equal(qrt_slip39_split(shares, group_shares, &plan, secret, len,
                                          (const uint8_t *)"pass", 4, NULL),
                         QRT_OK);
        for (unsigned i = 0; i < 9; i++) {
            uint16_t words[QRT_SLIP39_WORDS_MAX];
            size_t count;
            assert_int_equal(qrt_slip39_share_encode(words, &count, &shares[i], NULL), QRT_OK);
            assert_int_equal(qrt_slip39_share_decode(&decoded[i], words, count, NULL), QRT_OK);
        }
        size_t back_len;
        assert_int_equal(qrt_slip39_combine(back, sizeof back, &back_len, decoded + 2, 6,
                                            (const uint8_t *)"pass", 4, NULL),
                         QRT_OK);
        assert_int_equal(back_len, len);
        assert_memory_equal(back, secret, len);
    }
}

static void a_plan_that_slip39_does_not_allow_is_refused(void **state)
{
    struct fixture *f = *state;
    struct qrt_slip39_plan bad[8];
    for (size_t i = 0; i < 8; i++) {
        bad[i] = profile;
    }
    bad[0].identifier = 0x8000;
    bad[1].iteration_exponent = 16;
    bad[2].group_count = 17;
    bad[3].group_threshold = 3;
    bad[4].group_threshold = 0;
    bad[5].groups[1].member_threshold = 5;
    bad[6].groups[1].member_threshold = 1;
    bad[7].groups[0].member_count = 17;
    struct fixture before = *f;
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(
            qrt_slip39_split(f->shares, f->group_shares, &bad[i], f->secret, 32, NULL, 0, NULL),
            QRT_E_RANGE);
    }
    static const size_t lengths[] = {0, 14, 15, 17, 31, 33, 130};
    uint8_t secret[130] = {0};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        assert_int_equal(qrt_slip39_split(f->shares, f->group_shares, &profile, secret, lengths[i],
                                          NULL, 0, NULL),
                         QRT_E_RANGE);
    }
    assert_memory_equal(f, &before, sizeof before);
}

static void a_group_of_one_holds_its_group_share_itself(void **state)
{
    (void)state;
    struct qrt_slip39_plan plan = profile;
    plan.groups[0].member_threshold = plan.groups[0].member_count = 1;
    plan.groups[1].member_threshold = plan.groups[1].member_count = 1;
    uint8_t secret[32], back[32], group_shares[64];
    struct qrt_slip39_share shares[2];
    size_t len;
    randombytes_buf(secret, sizeof secret);
    assert_int_equal(qrt_slip39_split(shares, group_shares, &plan, secret, 32, NULL, 0, NULL),
                     QRT_OK);
    assert_memory_equal(shares[0].value, group_shares, 32);
    assert_memory_equal(shares[1].value, group_shares + 32, 32);
    assert_int_equal(qrt_slip39_combine(back, 32, &len, shares, 2, NULL, 0, NULL), QRT_OK);
    assert_memory_equal(back, secret, 32);
}

/* The definition in SLIP-0039: chk over the string's bytes and the words. */
static uint32_t rs1024_polymod(const char *customization, const uint16_t *words, size_t count)
{
    static const uint32_t generators[10] = {0xe0e040,   0x1c1c080,  0x3838100,  0x7070200,
                                            0xe0e0009,  0x1c0c2412, 0x38086c24, 0x3090fc48,
                                            0x21b1f890, 0x3f3f120};
    uint32_t chk = 1;
    size_t prefix = strlen(customization);
    for (size_t i = 0; i < prefix + count; i++) {
        uint32_t top = chk >> 20;
        chk = (chk & 0xfffff) << 10 ^ (i < prefix ? (uint8_t)customization[i] : words[i - prefix]);
        for (unsigned bit = 0; bit < 10; bit++) {
            chk ^= top >> bit & 1 ? generators[bit] : 0;
        }
    }
    return chk;
}

static void the_checksum_is_the_one_that_slip39_defines(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 1000; round++) {
        uint16_t words[QRT_SLIP39_WORDS_MAX];
        size_t count = 17 + round % 90;
        for (size_t i = 0; i < count; i++) {
            words[i] = (uint16_t)randombytes_uniform(1024);
        }
        bool extendable = round % 2 != 0;
        const char *customization = extendable ? "shamir_extendable" : "shamir";
        qrt_rs1024_append(words, count, extendable);
        assert_int_equal(rs1024_polymod(customization, words, count + 3), 1);
        assert_true(qrt_rs1024_holds(words, count + 3, extendable));
        assert_false(qrt_rs1024_holds(words, count + 3, !extendable));
    }
}

static void the_words_are_found_by_index_in_full_and_by_four_letters(void **state)
{
    (void)state;
    for (unsigned i = 0; i < QRT_WORDS; i++) {
        char word[QRT_SLIP39_WORD_CHARS + 1];
        uint16_t index;
        size_t len = qrt_slip39_word(word, (uint16_t)i);
        assert_int_equal(len, strlen(word));
        assert_memory_equal(word, qrt_words_list[i], len);
        assert_true(qrt_slip39_word_find(&index, word, len));
        assert_int_equal(index, i);
        for (size_t n = 1; n <= len; n++) {
            assert_int_equal(qrt_slip39_word_complete(&index, word, n), n >= 4);
            assert_int_equal(index, n >= 4 ? i : 0);
            assert_int_equal(qrt_slip39_word_find(&index, word, n), n == len);
        }
        word[0] = (char)(word[0] - 'a' + 'A');
        assert_true(qrt_slip39_word_find(&index, word, len));
        word[3] ^= 0x40;
        assert_false(qrt_slip39_word_find(&index, word, len));
        assert_false(qrt_slip39_word_complete(&index, word, len));
    }
    char first[9], last[9];
    assert_int_equal(qrt_slip39_word(first, 0), 8);
    assert_string_equal(first, "academic");
    assert_int_equal(qrt_slip39_word(last, 1023), 4);
    assert_string_equal(last, "zero");
    uint16_t index;
    assert_false(qrt_slip39_word_find(&index, "academics", 9));
    assert_false(qrt_slip39_word_find(&index, "acid\0", 5));
    assert_false(qrt_slip39_word_find(&index, "", 0));
}

static void a_wrong_word_is_named_by_its_place_and_not_shown(void **state)
{
    (void)state;
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t count;
    struct qrt_err err;
    const char *text = "  academic\tACID  hunter2 acne";
    assert_int_equal(qrt_slip39_text_decode(words, &count, text, strlen(text), &err),
                     QRT_E_REFUSED);
    assert_string_equal(err.what, "word 3 is not in the list");
    assert_int_equal(count, 0);
    assert_true(sodium_is_zero((uint8_t *)words, sizeof words));
    char many[5 * 111 + 1] = "";
    for (unsigned i = 0; i < 111; i++) {
        strcat(many, "acid ");
    }
    assert_int_equal(qrt_slip39_text_decode(words, &count, many, strlen(many) - 5, &err), QRT_OK);
    assert_int_equal(count, 110);
    assert_int_equal(qrt_slip39_text_decode(words, &count, many, strlen(many), &err),
                     QRT_E_REFUSED);
    assert_int_equal(qrt_slip39_text_decode(words, &count, " \t ", 3, &err), QRT_OK);
    assert_int_equal(count, 0);
    char small[17];
    size_t len;
    assert_int_equal(qrt_slip39_text_encode(small, sizeof small, &len, words, 2, &err),
                     QRT_E_RANGE);
}

#define WITH_SPLIT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SPLIT(a_quorum_of_both_groups_gives_the_secret),
        WITH_SPLIT(a_quorum_that_lacks_one_share_is_named_and_gives_nothing),
        WITH_SPLIT(a_group_gives_its_group_share),
        WITH_SPLIT(a_fault_in_the_groups_halves_is_refused),
        WITH_SPLIT(a_surplus_share_off_the_polynomial_is_named),
        WITH_SPLIT(a_changed_value_breaks_the_digest),
        WITH_SPLIT(shares_of_different_splits_do_not_mix),
        WITH_SPLIT(one_share_twice_is_refused),
        WITH_SPLIT(an_index_above_15_is_refused),
        WITH_SPLIT(a_lost_share_is_made_anew_as_it_was),
        WITH_SPLIT(a_group_split_again_mixes_with_nothing_old),
        WITH_SPLIT(every_subset_is_proved_and_the_first_bad_one_is_named),
        WITH_SPLIT(a_share_survives_words_bytes_and_text),
        WITH_SPLIT(every_flipped_bit_of_a_packed_share_is_refused),
        WITH_SPLIT(every_wrong_word_and_every_swap_is_refused),
        WITH_SPLIT(a_plan_that_slip39_does_not_allow_is_refused),
        cmocka_unit_test(a_surplus_group_off_the_polynomial_is_named),
        cmocka_unit_test(all_subsets_are_visited_once),
        cmocka_unit_test(every_drawn_byte_is_drawn_for_itself),
        cmocka_unit_test(all_lengths_make_the_round_trip),
        cmocka_unit_test(a_group_of_one_holds_its_group_share_itself),
        cmocka_unit_test(the_checksum_is_the_one_that_slip39_defines),
        cmocka_unit_test(the_words_are_found_by_index_in_full_and_by_four_letters),
        cmocka_unit_test(a_wrong_word_is_named_by_its_place_and_not_shown),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
