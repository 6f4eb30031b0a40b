#include "ceremony/cards/judge.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* Does this row's card carry that share? Then the commitment says so. */
static bool commits_to(const struct qrt_vault *vault, const struct qrt_card_row *row,
                       const struct qrt_card *card)
{
    struct qrt_card filled = *card;
    uint8_t commitment[QRT_CARD_COMMIT_BYTES];
    memcpy(filled.vault_id, vault->log.vault_id, sizeof filled.vault_id);
    filled.generation = (uint16_t)row->generation;
    filled.edition = (uint16_t)row->edition;
    filled.serial = (uint32_t)row->serial;
    bool same = qrt_card_commit(commitment, &filled, NULL) == QRT_OK &&
                memcmp(commitment, row->commitment, sizeof commitment) == 0;
    sodium_memzero(&filled, sizeof filled);
    return same;
}

/* Of the generation and the edition that count? */
static enum qrt_card_reason judge_place(const struct qrt_gather *gather, int64_t generation,
                                        int64_t edition, unsigned group)
{
    const struct qrt_state *state = &gather->vault->state;
    const struct qrt_key_row *key = qrt_state_key_of(state, generation);
    if (key == NULL) {
        return QRT_CARD_NEWER_THAN_VAULT;
    }
    bool pending = key == qrt_state_pending_key(state);
    bool counts = key == qrt_state_key(state) || (pending && gather->takes_pending);
    if (!counts || (gather->generation != 0 && generation != gather->generation)) {
        return pending                   ? QRT_CARD_PENDING
               : key->began == QRT_NEVER ? QRT_CARD_VOID
                                         : QRT_CARD_FORMER_GENERATION;
    }
    const struct qrt_edition *row = qrt_state_edition_numbered(state, generation, group, edition);
    if (row == NULL) {
        return QRT_CARD_NEWER_THAN_VAULT;
    }
    /* One that never came into force has cards that are void, or wait. */
    return row->since != QRT_NEVER && row != qrt_state_edition_of(state, generation, group)
               ? QRT_CARD_FORMER_EDITION
               : QRT_CARD_FINE;
}

/* A code names its serial and is signed: by that card's key it is that card,
 * whether it counts or not. */
static enum qrt_card_reason judge_code(const struct qrt_gather *gather,
                                       const struct qrt_reading *reading,
                                       const struct qrt_card_row **row)
{
    const struct qrt_vault *vault = gather->vault;
    const struct qrt_card *card = &reading->card;
    *row = NULL;
    if (memcmp(card->vault_id, vault->log.vault_id, sizeof card->vault_id) != 0) {
        return QRT_CARD_OTHER_VAULT;
    }
    const struct qrt_card_row *named = qrt_state_card(&vault->state, card->serial);
    if (named != NULL && qrt_card_verify(card, named->issuing_key)) {
        *row = named;
    }
    enum qrt_card_reason reason = judge_place(gather, card->generation, card->edition, card->group);
    if (reason != QRT_CARD_FINE) {
        return reason;
    }
    if (named == NULL) {
        const struct qrt_edition *edition =
            qrt_state_edition_of(&vault->state, card->generation, card->group);
        return qrt_card_verify(card, edition->issuing_key) ? QRT_CARD_NEWER_THAN_VAULT
                                                           : QRT_CARD_FORGED;
    }
    if (*row == NULL) {
        return QRT_CARD_FORGED;
    }
    return commits_to(vault, *row, card) ? QRT_CARD_FINE : QRT_CARD_MISMATCH;
}

/* Words name no serial: every card on record with their group and index is
 * tried, and the lowest live one that matches is named. */
static enum qrt_card_reason judge_words(const struct qrt_gather *gather,
                                        const struct qrt_reading *reading,
                                        const struct qrt_card_row **row)
{
    const struct qrt_vault *vault = gather->vault;
    const struct qrt_state *state = &vault->state;
    enum qrt_card_reason reason = QRT_CARD_OTHER_VAULT;
    *row = NULL;
    for (size_t i = 0; i < state->keys.len; i++) {
        const struct qrt_key_row *key = QRT_ROW(state, keys, qrt_key_row, i);
        if (key->identifier == reading->share.identifier) {
            reason = QRT_CARD_MISMATCH;
        }
    }
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        if (strcmp(card->group_name, qrt_group_name(reading->card.group)) != 0 ||
            card->member_index != reading->card.member_index ||
            !commits_to(vault, card, &reading->card)) {
            continue;
        }
        enum qrt_card_reason place =
            judge_place(gather, card->generation, card->edition, reading->card.group);
        if (*row == NULL || card->voided == QRT_NEVER) {
            *row = card;
            reason = place;
        }
        if (place == QRT_CARD_FINE && card->voided == QRT_NEVER) {
            break;
        }
    }
    return reason;
}

static const struct qrt_judged *already(const struct qrt_gather *gather, uint32_t serial)
{
    for (size_t i = 0; i < gather->judged_len; i++) {
        const struct qrt_judged *judged = &gather->judged[i];
        if (judged->serial == serial && judged->reason == QRT_CARD_FINE) {
            return judged;
        }
    }
    return NULL;
}

/* Nobody holds two cards of one generation that count, not of one group and not
 * of both. */
static bool same_person(const struct qrt_gather *gather, const struct qrt_card_row *row)
{
    for (size_t i = 0; i < gather->judged_len; i++) {
        const struct qrt_judged *judged = &gather->judged[i];
        const struct qrt_card_row *card =
            judged->reason == QRT_CARD_FINE ? qrt_state_card(&gather->vault->state, judged->serial)
                                            : NULL;
        if (card != NULL && card->generation == row->generation &&
            strcmp(card->custodian, row->custodian) == 0) {
            return true;
        }
    }
    return false;
}

enum qrt_card_reason qrt_judge(const struct qrt_gather *gather, const struct qrt_reading *reading,
                               struct qrt_judged *judged)
{
    const struct qrt_card_row *row;
    enum qrt_card_reason reason =
        judged->by_words ? judge_words(gather, reading, &row) : judge_code(gather, reading, &row);
    judged->serial = row != NULL ? (uint32_t)row->serial : 0;
    if (reason != QRT_CARD_FINE) {
        return reason;
    }
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a card that is fine has its row. */
    if (row->voided != QRT_NEVER) {
        return QRT_CARD_VOID;
    }
    if (gather->groups != QRT_GATHER_SINGLY && qrt_state_card_waits(&gather->vault->state, row)) {
        return QRT_CARD_PENDING;
    }
    /* Where one group comes alone, the other's half never meets it. */
    if (gather->groups != QRT_GATHER_SINGLY && (gather->groups & 1U << reading->card.group) == 0) {
        return QRT_CARD_OTHER_GROUP;
    }
    if (already(gather, judged->serial) != NULL) {
        return QRT_CARD_DUPLICATE;
    }
    if (same_person(gather, row)) {
        return QRT_CARD_SAME_PERSON;
    }
    judged->suspect = qrt_card_is_suspect(row);
    return judged->suspect && gather->groups != QRT_GATHER_SINGLY ? QRT_CARD_SUSPECT
                                                                  : QRT_CARD_FINE;
}

enum qrt_card_reason qrt_judge_read(struct qrt_reading *reading, const struct qrt_presented *card,
                                    struct qrt_judged *judged)
{
    struct qrt_span first = {0};
    enum qrt_card_reason reason = QRT_CARD_UNREADABLE;
    const char *text = (const char *)card->bytes.data;
    for (size_t i = 0; i < card->texts; i++, text += strlen(text) + 1) {
        enum qrt_card_reason why;
        size_t len = strlen(text);
        if (first.data != NULL && first.len_bytes == len && memcmp(first.data, text, len) == 0) {
            continue;
        }
        struct qrt_card one;
        struct qrt_slip39_share share;
        struct qrt_err err = {0};
        enum qrt_code code = qrt_card_read(&one, &share, &why, text, len, &err);
        if (code == QRT_OK && first.data != NULL) {
            reason = QRT_CARD_MISMATCH;
            snprintf(judged->why, sizeof judged->why, "two different cards in one image");
        } else if (code == QRT_OK) {
            reading->card = one;
            reading->share = share;
            first = (struct qrt_span){text, len};
            reason = QRT_CARD_FINE;
            judged->why[0] = '\0';
        } else if (first.data == NULL) {
            reason = why;
            memcpy(judged->why, err.what, sizeof judged->why);
        } else if (why != QRT_CARD_WRONG_KIND) {
            judged->damaged = true;
        }
        sodium_memzero(&one, sizeof one);
        sodium_memzero(&share, sizeof share);
        if (reason == QRT_CARD_MISMATCH) {
            break;
        }
    }
    judged->damaged = judged->damaged || card->damaged;
    judged->by_words = reading->card.serial == 0;
    return reason;
}
