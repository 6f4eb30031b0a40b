#include "ceremony/gather.h"

#include "base/harden.h"
#include "base/interrupt.h"
#include "ceremony/session.h"
#include "vault/keys.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void qrt_gather_wipe(struct qrt_gather *gather)
{
    qrt_secret_wipe(&gather->shares);
    for (size_t i = 0; i < gather->judged_len; i++) {
        free(gather->judged[i].name);
    }
    free(gather->judged);
    *gather = (struct qrt_gather){0};
}

enum qrt_code qrt_gather_init(struct qrt_gather *gather, const struct qrt_vault *vault,
                              struct qrt_err *err)
{
    *gather = (struct qrt_gather){.vault = vault};
    if (qrt_state_key(&vault->state) == NULL) {
        return qrt_fail(err, QRT_E_FAILED, "this vault has no key: its founding was not finished");
    }
    return qrt_secret_init(
        &gather->shares, QRT_GROUPS * QRT_GROUP_MEMBERS_MAX * sizeof(struct qrt_slip39_share), err);
}

static struct qrt_slip39_share *group_shares(const struct qrt_gather *gather, unsigned group)
{
    return (struct qrt_slip39_share *)(void *)gather->shares.data + group * QRT_GROUP_MEMBERS_MAX;
}

/* One card and its share, off the stack. */
struct reading {
    struct qrt_card card;
    struct qrt_slip39_share share;
};

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

static enum qrt_card_reason judge_place(const struct qrt_vault *vault, int64_t generation,
                                        int64_t edition, unsigned group)
{
    const struct qrt_key_row *key = qrt_state_key(&vault->state);
    const struct qrt_edition *current = qrt_state_edition(&vault->state, group);
    if (generation != key->generation) {
        return generation < key->generation ? QRT_CARD_FORMER_GENERATION
                                            : QRT_CARD_NEWER_THAN_VAULT;
    }
    if (current == NULL || edition != current->edition) {
        return current != NULL && edition < current->edition ? QRT_CARD_FORMER_EDITION
                                                             : QRT_CARD_NEWER_THAN_VAULT;
    }
    return QRT_CARD_FINE;
}

/* A code names its serial and is signed. */
static enum qrt_card_reason judge_code(const struct qrt_vault *vault, const struct reading *reading,
                                       const struct qrt_card_row **row)
{
    const struct qrt_card *card = &reading->card;
    *row = NULL;
    if (memcmp(card->vault_id, vault->log.vault_id, sizeof card->vault_id) != 0) {
        return QRT_CARD_OTHER_VAULT;
    }
    enum qrt_card_reason reason = judge_place(vault, card->generation, card->edition, card->group);
    if (reason != QRT_CARD_FINE) {
        return reason;
    }
    *row = qrt_state_card(&vault->state, card->serial);
    const struct qrt_edition *edition = qrt_state_edition(&vault->state, card->group);
    if (!qrt_card_verify(card, *row != NULL ? (*row)->issuing_key : edition->issuing_key)) {
        *row = NULL;
        return QRT_CARD_FORGED;
    }
    if (*row == NULL) {
        return QRT_CARD_NEWER_THAN_VAULT;
    }
    return commits_to(vault, *row, card) ? QRT_CARD_FINE : QRT_CARD_MISMATCH;
}

/* Words name no serial: every card on record with their group and index is
 * tried, and the lowest live one that matches is named. */
static enum qrt_card_reason judge_words(const struct qrt_vault *vault,
                                        const struct reading *reading,
                                        const struct qrt_card_row **row)
{
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
            judge_place(vault, card->generation, card->edition, reading->card.group);
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

/* Nobody holds two cards that count, not of one group and not of both. */
static bool same_person(const struct qrt_gather *gather, const char *custodian)
{
    for (size_t i = 0; i < gather->judged_len; i++) {
        const struct qrt_judged *judged = &gather->judged[i];
        const struct qrt_card_row *card =
            judged->reason == QRT_CARD_FINE ? qrt_state_card(&gather->vault->state, judged->serial)
                                            : NULL;
        if (card != NULL && strcmp(card->custodian, custodian) == 0) {
            return true;
        }
    }
    return false;
}

static enum qrt_card_reason judge(const struct qrt_gather *gather, const struct reading *reading,
                                  struct qrt_judged *judged)
{
    const struct qrt_card_row *row;
    enum qrt_card_reason reason = judged->by_words ? judge_words(gather->vault, reading, &row)
                                                   : judge_code(gather->vault, reading, &row);
    judged->serial = row != NULL ? (uint32_t)row->serial : 0;
    if (reason != QRT_CARD_FINE) {
        return reason;
    }
    if (row->voided != QRT_NEVER) {
        return QRT_CARD_VOID;
    }
    if (already(gather, judged->serial) != NULL) {
        return QRT_CARD_DUPLICATE;
    }
    return same_person(gather, row->custodian) ? QRT_CARD_SAME_PERSON : QRT_CARD_FINE;
}

/* Which of the texts is the card? Both its codes say the same. */
static enum qrt_card_reason read_texts(struct reading *reading, const struct qrt_presented *card,
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

static enum qrt_code present(struct qrt_gather *gather, const struct qrt_presented *card,
                             struct qrt_err *err)
{
    struct qrt_judged *list = reallocarray(gather->judged, gather->judged_len + 1, sizeof *list);
    QRT_SECRET work = {0};
    if (list == NULL || gather->judged_len == QRT_GATHER_MAX) {
        return qrt_fail(err, list == NULL ? QRT_E_NOMEM : QRT_E_RANGE, "too many cards");
    }
    gather->judged = list;
    enum qrt_code code = qrt_secret_init(&work, sizeof(struct reading), err);
    if (code != QRT_OK) {
        return code;
    }
    struct reading *reading = (struct reading *)(void *)work.data;
    struct qrt_judged judged = {.name = strdup(card->name), .reason = QRT_CARD_UNREADABLE};
    if (judged.name == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a card's name");
    }
    if (card->unreadable != NULL) {
        snprintf(judged.why, sizeof judged.why, "%s", card->unreadable);
    } else {
        judged.reason = read_texts(reading, card, &judged);
    }
    if (judged.reason == QRT_CARD_FINE) {
        judged.reason = judge(gather, reading, &judged);
    }
    if (judged.reason == QRT_CARD_FINE) {
        unsigned group = reading->card.group;
        group_shares(gather, group)[gather->count[group]++] = reading->share;
    }
    gather->judged[gather->judged_len++] = judged;
    return QRT_OK;
}

static void tell_verdict(const struct qrt_gather *gather, const struct qrt_ui *ui)
{
    const struct qrt_judged *judged = &gather->judged[gather->judged_len - 1];
    bool fine = judged->reason == QRT_CARD_FINE;
    struct qrt_verdict verdict = {
        .name = judged->name,
        .serial = judged->serial,
        .result = !fine             ? "refused"
                  : judged->damaged ? "damaged"
                                    : "accepted",
        .reason = fine ? NULL : qrt_card_reason_word(judged->reason),
        .why = judged->why,
    };
    ui->answer_card(ui->ctx, &verdict);
}

static void tell_count(const struct qrt_gather *gather, const struct qrt_ui *ui)
{
    QRT_BUF line = {0};
    const struct qrt_group_rule *rules = gather->vault->state.groups;
    qrt_buf_printf(&line, "%u of %u in the password group, %u of %u in the MFA group",
                   gather->count[0], rules[0].threshold, gather->count[1], rules[1].threshold);
    ui->tell(ui->ctx, qrt_buf_str(&line));
}

enum qrt_code qrt_gather_one(struct qrt_gather *gather, const struct qrt_ui *ui,
                             struct qrt_err *err)
{
    QRT_PRESENTED card = {0};
    enum qrt_code code = qrt_interrupt_check(err);
    if (code == QRT_OK) {
        code = ui->next_card(ui->ctx, &card, err);
    }
    if (code == QRT_OK) {
        code = present(gather, &card, err);
        qrt_harden_wipe_traces();
    }
    if (code == QRT_OK) {
        tell_verdict(gather, ui);
    }
    return code;
}

enum qrt_code qrt_gather_all(struct qrt_gather *gather, const struct qrt_ui *ui, bool for_quorum,
                             struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    bool enough = false;
    while (code == QRT_OK && !enough) {
        code = qrt_gather_one(gather, ui, err);
        if (code == QRT_OK && for_quorum) {
            tell_count(gather, ui);
            enough = ui->person && qrt_gather_missing(gather, QRT_GROUP_PASSWORD) == 0 &&
                     qrt_gather_missing(gather, QRT_GROUP_MFA) == 0;
        }
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

unsigned qrt_gather_missing(const struct qrt_gather *gather, enum qrt_group group)
{
    unsigned threshold = gather->vault->state.groups[group].threshold;
    return gather->count[group] >= threshold ? 0 : threshold - gather->count[group];
}

bool qrt_gather_any_refused(const struct qrt_gather *gather)
{
    for (size_t i = 0; i < gather->judged_len; i++) {
        if (gather->judged[i].reason != QRT_CARD_FINE) {
            return true;
        }
    }
    return false;
}

void qrt_gather_tell_missing(struct qrt_buf *out, const struct qrt_gather *gather)
{
    static const char *const names[] = {"password", "MFA"};
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        unsigned missing = qrt_gather_missing(gather, group);
        if (missing > 0) {
            qrt_buf_printf(out, "%s%u more card%s of the %s group", out->len_bytes > 0 ? ", " : "",
                           missing, missing > 1 ? "s" : "", names[group]);
        }
    }
}

void qrt_gather_draft(struct qrt_session *session, const struct qrt_gather *gather,
                      enum qrt_event_id accepted, const uint64_t *intent)
{
    for (size_t i = 0; i < gather->judged_len; i++) {
        const struct qrt_judged *judged = &gather->judged[i];
        bool fine = judged->reason == QRT_CARD_FINE;
        struct qrt_draft *draft = qrt_session_draft(session, fine ? accepted : QRT_EV_CARD_REFUSED);
        if (intent != NULL) {
            qrt_draft_u64(draft, "intent", *intent);
        }
        if (judged->serial != 0) {
            qrt_draft_u64(draft, "serial", judged->serial);
        }
        if (fine) {
            qrt_draft_text(draft, "how", judged->by_words ? "words" : "code");
            qrt_draft_text(draft, "result", judged->damaged ? "damaged" : "accepted");
        } else {
            qrt_draft_text(draft, "reason", qrt_card_reason_word(judged->reason));
        }
    }
}

/* A group of threshold 1 has one share, and everyone a copy of it. */
static unsigned distinct_shares(const struct qrt_gather *gather, enum qrt_group group)
{
    return gather->vault->state.groups[group].threshold == 1 && gather->count[group] > 1
               ? 1
               : gather->count[group];
}

enum qrt_code qrt_gather_half(uint8_t half[static 32], const struct qrt_gather *gather,
                              enum qrt_group group, struct qrt_err *err)
{
    const struct qrt_key_row *key = qrt_state_key(&gather->vault->state);
    uint8_t check[QRT_HASH_BYTES];
    if (qrt_gather_missing(gather, group) > 0) {
        return qrt_fail(err, QRT_E_QUORUM, "the %s group lacks %u cards", qrt_group_name(group),
                        qrt_gather_missing(gather, group));
    }
    enum qrt_code code = qrt_slip39_group_combine(half, group_shares(gather, group),
                                                  distinct_shares(gather, group), err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_keys_group_check(check, gather->vault->log.vault_id, (unsigned)key->generation, group,
                         half);
    if (memcmp(check, key->group_check[group], sizeof check) != 0) {
        sodium_memzero(half, 32);
        return qrt_fail(err, QRT_E_TAMPERED, "the %s group's half is not the one of the log",
                        qrt_group_name(group));
    }
    return QRT_OK;
}

enum qrt_code qrt_gather_key(struct qrt_secret *key, const struct qrt_gather *gather,
                             struct qrt_err *err)
{
    const struct qrt_key_row *row = qrt_state_key(&gather->vault->state);
    static const uint8_t indices[QRT_GROUPS] = {QRT_GROUP_PASSWORD, QRT_GROUP_MFA};
    QRT_SECRET halves = {0};
    enum qrt_code code = qrt_secret_init(&halves, QRT_GROUPS * 32, err);
    if (code == QRT_OK) {
        code = qrt_secret_init(key, QRT_VAULT_KEY_BYTES, err);
    }
    for (unsigned group = 0; code == QRT_OK && group < QRT_GROUPS; group++) {
        code = qrt_gather_half(halves.data + 32 * group, gather, group, err);
    }
    if (code == QRT_OK) {
        code = qrt_slip39_groups_combine(key->data, halves.data, indices, QRT_GROUPS, 32,
                                         QRT_GROUPS, err);
    }
    if (code == QRT_OK) {
        code = qrt_slip39_decrypt(key->data, key->data, 32, (uint16_t)row->identifier, true, 0,
                                  NULL, 0, err);
    }
    struct qrt_key_public have;
    if (code == QRT_OK) {
        key->len_bytes = QRT_VAULT_KEY_BYTES;
        code = qrt_keys_public(&have, gather->vault->log.vault_id, (unsigned)row->generation,
                               key->data, err);
    }
    if (code == QRT_OK && memcmp(have.key_check, row->key_check, sizeof have.key_check) != 0) {
        code = qrt_fail(err, QRT_E_TAMPERED, "the key is not the one of the log");
    }
    if (code != QRT_OK) {
        qrt_secret_wipe(key);
    }
    return code;
}
