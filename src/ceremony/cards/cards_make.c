#include "ceremony/cards/cards_parts.h"

#include <sodium.h>
#include <string.h>

enum qrt_code qrt_cards_init(struct qrt_cards *cards, struct qrt_session *session,
                             const struct qrt_policy *policy, struct qrt_err *err)
{
    *cards = (struct qrt_cards){.session = session, .policy = policy};
    return qrt_secret_init(&cards->block, QRT_CARDS_MAX * sizeof(struct qrt_new_card), err);
}

void qrt_cards_wipe(struct qrt_cards *cards)
{
    qrt_secret_wipe(&cards->block);
    *cards = (struct qrt_cards){0};
}

struct qrt_new_card *qrt_cards_at(const struct qrt_cards *cards, size_t at)
{
    return (struct qrt_new_card *)(void *)cards->block.data + at;
}

/* A batch's issuing key, in guarded memory until the batch is signed. */
struct issuing {
    uint8_t seed[QRT_SEED_BYTES];
    uint8_t key[QRT_SIGN_KEY_BYTES];
};

static enum qrt_code new_issuing(struct qrt_secret *block, struct issuing **issuing,
                                 struct qrt_err *err)
{
    enum qrt_code code = qrt_secret_init(block, sizeof **issuing, err);
    if (code == QRT_OK) {
        *issuing = (struct issuing *)(void *)block->data;
        qrt_random((*issuing)->seed, sizeof(*issuing)->seed);
        qrt_sign_key((*issuing)->key, (*issuing)->seed);
    }
    return code;
}

/* The next card of the batch, signed, and its entry. */
static enum qrt_code draft_card(struct qrt_cards *cards, const struct issuing *issuing,
                                const struct qrt_new_edition *edition,
                                const struct qrt_slip39_share *share, const char *custodian,
                                unsigned place, struct qrt_err *err)
{
    const struct qrt_vault *vault = cards->session->vault;
    if (cards->len == QRT_CARDS_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "more than %d cards at once", QRT_CARDS_MAX);
    }
    struct qrt_new_card *new = qrt_cards_at(cards, cards->len++);
    uint8_t commitment[QRT_CARD_COMMIT_BYTES];
    new->place = place;
    memcpy(new->custodian, custodian, strlen(custodian) + 1);
    memcpy(new->card.vault_id, vault->log.vault_id, sizeof new->card.vault_id);
    new->card.generation = (uint16_t)edition->generation;
    new->card.edition = (uint16_t)edition->edition;
    new->card.serial = (uint32_t)(vault->state.cards.len + cards->len);
    enum qrt_code code;
    if ((code = qrt_card_put_share(&new->card, share, err)) != QRT_OK ||
        (code = qrt_card_sign(&new->card, issuing->key, err)) != QRT_OK ||
        (code = qrt_card_commit(commitment, &new->card, err)) != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(cards->session, QRT_EV_CARD_CREATED);
    qrt_draft_u64(draft, "generation", edition->generation);
    qrt_draft_text(draft, "group", qrt_group_name(edition->group));
    qrt_draft_u64(draft, "edition", edition->edition);
    qrt_draft_u64(draft, "serial", new->card.serial);
    qrt_draft_u64(draft, "member-index", share->member_index);
    qrt_draft_text(draft, "custodian", custodian);
    qrt_draft_hex(draft, "commitment", commitment, sizeof commitment);
    return QRT_OK;
}

enum qrt_code qrt_cards_draft_edition(struct qrt_cards *cards,
                                      const struct qrt_new_edition *edition,
                                      const struct qrt_slip39_share *shares, struct qrt_err *err)
{
    const struct qrt_policy_group *rule = &cards->policy->groups[edition->group];
    QRT_SECRET block = {0};
    struct issuing *issuing = NULL;
    enum qrt_code code = new_issuing(&block, &issuing, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(cards->session, QRT_EV_EDITION_CREATED);
    qrt_draft_u64(draft, "generation", edition->generation);
    qrt_draft_text(draft, "group", qrt_group_name(edition->group));
    qrt_draft_u64(draft, "edition", edition->edition);
    qrt_draft_u64(draft, "threshold", rule->threshold);
    qrt_draft_hex(draft, "issuing-key", qrt_sign_public(issuing->key), QRT_PUBLIC_BYTES);
    for (unsigned i = 0; code == QRT_OK && i < rule->count; i++) {
        code = draft_card(cards, issuing, edition, &shares[rule->threshold == 1 ? 0 : i],
                          rule->custodians[i], i + 1, err);
    }
    return code;
}

enum qrt_code qrt_cards_draft_replacement(struct qrt_cards *cards, const struct qrt_card_row *old,
                                          const struct qrt_slip39_share *share, struct qrt_err *err)
{
    const struct qrt_policy_group *rule = &cards->policy->groups[share->group_index];
    const struct qrt_new_edition edition = {.group = share->group_index,
                                            .generation = (unsigned)old->generation,
                                            .edition = (unsigned)old->edition};
    unsigned place = 0;
    QRT_SECRET block = {0};
    struct issuing *issuing = NULL;
    while (place < rule->count && strcmp(rule->custodians[place], old->custodian) != 0) {
        place++;
    }
    if (place == rule->count) {
        return qrt_fail(err, QRT_E_FAILED, "card %lld: %s is not of the group any more",
                        (long long)old->serial, old->custodian);
    }
    enum qrt_code code = new_issuing(&block, &issuing, err);
    if (code == QRT_OK) {
        code = draft_card(cards, issuing, &edition, share, old->custodian, place + 1, err);
    }
    if (code == QRT_OK) {
        struct qrt_draft *draft = &cards->session->drafts[cards->session->drafts_len - 1];
        qrt_draft_u64(draft, "replaces", (uint64_t)old->serial);
        qrt_draft_hex(draft, "issuing-key", qrt_sign_public(issuing->key), QRT_PUBLIC_BYTES);
    }
    return code;
}
