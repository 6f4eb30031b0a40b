/* A vault's state made by hand: keys, editions and cards as the log would have
 * them, with no log behind. For what gathers cards, and nothing else. */
#ifndef QRT_TESTS_HAND_VAULT_H
#define QRT_TESTS_HAND_VAULT_H

#include "unit/unit.h"

#include "ceremony/cards/gather.h"
#include "crypto/sign.h"
#include "vault/apply.h"
#include "vault/keys.h"
#include <sodium.h>

#define HAND_CARDS_MAX 64

struct hand_vault {
    struct qrt_vault vault;
    uint8_t key[32];
    uint16_t identifier;
    uint8_t issuing[QRT_GROUPS][QRT_SIGN_KEY_BYTES];
    struct qrt_card cards[HAND_CARDS_MAX];
    size_t cards_len;
};

static inline struct qrt_card_row *hand_row(struct hand_vault *hand, size_t at)
{
    return QRT_ROW(&hand->vault.state, cards, qrt_card_row, at);
}

static inline void hand_add_card(struct hand_vault *hand, const struct qrt_slip39_share *share,
                                 int64_t generation, int64_t edition, unsigned number)
{
    assert_true(hand->cards_len < HAND_CARDS_MAX);
    struct qrt_card *card = &hand->cards[hand->cards_len++];
    memcpy(card->vault_id, hand->vault.log.vault_id, sizeof card->vault_id);
    card->generation = (uint16_t)generation;
    card->edition = (uint16_t)edition;
    card->serial = (uint32_t)hand->cards_len;
    assert_int_equal(qrt_card_put_share(card, share, NULL), QRT_OK);
    assert_int_equal(qrt_card_sign(card, hand->issuing[share->group_index], NULL), QRT_OK);
    struct qrt_card_row *row = qrt_state_add_row(&hand->vault.state.cards, sizeof *row);
    assert_non_null(row);
    *row = (struct qrt_card_row){.serial = (int64_t)hand->cards_len,
                                 .generation = generation,
                                 .edition = edition,
                                 .member_index = share->member_index,
                                 .issued = 1,
                                 .proved = QRT_NEVER,
                                 .suspect = QRT_NEVER,
                                 .voided = QRT_NEVER,
                                 .destroyed = QRT_NEVER};
    snprintf(row->group_name, sizeof row->group_name, "%s", qrt_group_name(share->group_index));
    snprintf(row->custodian, sizeof row->custodian, "custodian-%u-%u", share->group_index, number);
    memcpy(row->issuing_key, qrt_sign_public(hand->issuing[share->group_index]), 32);
    assert_int_equal(qrt_card_commit(row->commitment, card, NULL), QRT_OK);
}

static inline void hand_add_edition(struct hand_vault *hand, unsigned group,
                                    const struct qrt_slip39_share *shares, int64_t generation,
                                    int64_t edition)
{
    const struct qrt_group_rule *rule = &hand->vault.state.groups[group];
    uint8_t seed[QRT_SEED_BYTES];
    randombytes_buf(seed, sizeof seed);
    qrt_sign_key(hand->issuing[group], seed);
    struct qrt_edition *row = qrt_state_add_row(&hand->vault.state.editions, sizeof *row);
    assert_non_null(row);
    *row = (struct qrt_edition){
        .generation = generation, .edition = edition, .threshold = rule->threshold};
    snprintf(row->group_name, sizeof row->group_name, "%s", qrt_group_name(group));
    memcpy(row->issuing_key, qrt_sign_public(hand->issuing[group]), 32);
    for (unsigned i = 0; i < rule->count; i++) {
        hand_add_card(hand, &shares[rule->threshold == 1 ? 0 : i], generation, edition, i);
    }
}

/* Splits the key by the groups' rules; `shares` has room for both groups. */
static inline unsigned hand_split(struct hand_vault *hand, struct qrt_slip39_share *shares,
                                  uint8_t halves[static 64])
{
    struct qrt_slip39_plan plan = {.identifier = hand->identifier,
                                   .extendable = true,
                                   .group_threshold = QRT_GROUPS,
                                   .group_count = QRT_GROUPS};
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        const struct qrt_group_rule *rule = &hand->vault.state.groups[g];
        plan.groups[g].member_threshold = (uint8_t)rule->threshold;
        plan.groups[g].member_count = (uint8_t)(rule->threshold == 1 ? 1 : rule->count);
    }
    assert_int_equal(qrt_slip39_split(shares, halves, &plan, hand->key, 32, NULL, 0, NULL), QRT_OK);
    return plan.groups[0].member_count;
}

/* The state has hand->key as its newest, and cards for everyone; the former ones
 * stay on record. `halves` are 64 bytes, `shares` each group's first. */
static inline void hand_add_key(struct hand_vault *hand, const uint8_t *halves,
                                const struct qrt_slip39_share *const shares[static QRT_GROUPS])
{
    struct qrt_key_public public;
    int64_t generation = (int64_t)hand->vault.state.keys.len + 1;
    assert_int_equal(
        qrt_keys_public(&public, hand->vault.log.vault_id, (unsigned)generation, hand->key, NULL),
        QRT_OK);
    struct qrt_key_row *row = qrt_state_add_row(&hand->vault.state.keys, sizeof *row);
    assert_non_null(row);
    *row = (struct qrt_key_row){.generation = generation, .identifier = hand->identifier};
    memcpy(row->key_check, public.key_check, sizeof row->key_check);
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        qrt_keys_group_check(row->group_check[g], hand->vault.log.vault_id, (unsigned)generation, g,
                             halves + 32 * g);
        hand_add_edition(hand, g, shares[g], generation, 1);
    }
}

static inline void hand_add_generation(struct hand_vault *hand)
{
    struct qrt_slip39_share shares[QRT_GROUPS * QRT_GROUP_MEMBERS_MAX];
    uint8_t halves[QRT_GROUPS * 32];
    randombytes_buf(hand->key, sizeof hand->key);
    hand->identifier = (uint16_t)((hand->identifier + 1) & 0x7fff);
    unsigned first = hand_split(hand, shares, halves);
    hand_add_key(hand, halves, (const struct qrt_slip39_share *[]){shares, shares + first});
}

/* A group split anew. That its new shares are of another half is of no weight
 * to the former ones. */
static inline void hand_reissue(struct hand_vault *hand, unsigned group)
{
    struct qrt_slip39_share shares[QRT_GROUPS * QRT_GROUP_MEMBERS_MAX];
    uint8_t halves[QRT_GROUPS * 32];
    unsigned first = hand_split(hand, shares, halves);
    const struct qrt_edition *former = qrt_state_edition(&hand->vault.state, group);
    hand_add_edition(hand, group, shares + (group == 0 ? 0 : first),
                     (int64_t)hand->vault.state.keys.len, former->edition + 1);
}

static inline void hand_make(struct hand_vault *hand, unsigned t0, unsigned n0, unsigned t1,
                             unsigned n1)
{
    *hand = (struct hand_vault){.identifier = 1000};
    randombytes_buf(hand->vault.log.vault_id, sizeof hand->vault.log.vault_id);
    hand->vault.state.groups[0].threshold = t0;
    hand->vault.state.groups[0].count = n0;
    hand->vault.state.groups[1].threshold = t1;
    hand->vault.state.groups[1].count = n1;
    hand_add_generation(hand);
}

static inline void hand_free(struct hand_vault *hand)
{
    qrt_state_free(&hand->vault.state);
    sodium_memzero(hand, sizeof *hand);
}

/* A ui that presents texts, and hears nothing. */
struct hand_ui {
    struct qrt_ui ui;
    const char *texts[HAND_CARDS_MAX];
    size_t len;
    size_t at;
};

static inline enum qrt_code hand_next(void *ctx, struct qrt_presented *card, bool enough,
                                      struct qrt_err *err)
{
    (void)enough;
    struct hand_ui *ui = ctx;
    if (ui->at == ui->len) {
        return qrt_fail(err, QRT_E_NOT_FOUND, "no more");
    }
    const char *text = ui->texts[ui->at++];
    *card = (struct qrt_presented){.name = "a card", .how = "code", .texts = 1};
    enum qrt_code code = qrt_secret_init(&card->bytes, strlen(text) + 1, err);
    return code == QRT_OK ? qrt_secret_append(&card->bytes, text, strlen(text) + 1, err) : code;
}

static inline void hand_hear_verdict(void *ctx, const struct qrt_verdict *verdict)
{
    (void)ctx;
    (void)verdict;
}

static inline void hand_hear(void *ctx, const char *line)
{
    (void)ctx;
    (void)line;
}

static inline void hand_ui_make(struct hand_ui *ui)
{
    *ui = (struct hand_ui){.ui = {.ctx = ui,
                                  .next_card = hand_next,
                                  .answer_card = hand_hear_verdict,
                                  .tell = hand_hear}};
}

#endif
