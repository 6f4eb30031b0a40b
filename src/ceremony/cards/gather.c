#include "ceremony/cards/judge.h"

#include "base/harden.h"
#include "base/interrupt.h"
#include "ceremony/session/session.h"
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
                              unsigned groups, struct qrt_err *err)
{
    const struct qrt_key_row *key = qrt_state_key(&vault->state);
    *gather = (struct qrt_gather){
        .vault = vault, .groups = groups, .takes_pending = groups == QRT_GATHER_SINGLY};
    if (key == NULL) {
        return qrt_fail(err, QRT_E_FAILED, "this vault has no key: its founding was not finished");
    }
    gather->generation = groups == QRT_GATHER_SINGLY ? 0 : key->generation;
    return qrt_secret_init(
        &gather->shares, QRT_GROUPS * QRT_GROUP_MEMBERS_MAX * sizeof(struct qrt_slip39_share), err);
}

void qrt_gather_take_pending(struct qrt_gather *gather)
{
    gather->takes_pending = true;
    gather->generation = 0;
}

struct qrt_slip39_share *qrt_gather_shares(const struct qrt_gather *gather, unsigned group)
{
    return (struct qrt_slip39_share *)(void *)gather->shares.data + group * QRT_GROUP_MEMBERS_MAX;
}

/* Whoever takes a suspect card knows why it is one. */
static void tell_suspect(const struct qrt_gather *gather, const struct qrt_ui *ui, uint32_t serial)
{
    const struct qrt_state *state = &gather->vault->state;
    const struct qrt_card_row *card = qrt_state_card(state, serial);
    QRT_BUF line = {0};
    qrt_buf_printf(&line,
                   "Card %u, of %s, is suspect since entry %lld of the log: its bag was not found "
                   "as it should be, and somebody may have read the card.",
                   serial, card->custodian, (long long)card->suspect);
    ui->tell(ui->ctx, qrt_buf_str(&line));
}

/* A person says it to that card, a script has said it beforehand. */
static enum qrt_code ask_suspect(bool *taken, const struct qrt_gather *gather,
                                 const struct qrt_ui *ui, uint32_t serial, struct qrt_err *err)
{
    tell_suspect(gather, ui, serial);
    *taken = false;
    if (ui->person) {
        return ui->confirm(ui->ctx, taken,
                           "Is it taken all the same? The log will say that it was.", err);
    }
    for (size_t i = 0; !*taken; i++) {
        QRT_BUF given = {0};
        char key[40];
        char wanted[16];
        snprintf(key, sizeof key, "accept_suspect.%zu", i);
        snprintf(wanted, sizeof wanted, "%u", serial);
        struct qrt_question question = {.key = key, .words = "a serial", .optional = true};
        enum qrt_code code = ui->ask_line(ui->ctx, &given, &question, err);
        if (code != QRT_OK) {
            return code == QRT_E_NOT_FOUND ? QRT_OK : code;
        }
        *taken = strcmp(qrt_buf_str(&given), wanted) == 0;
    }
    return QRT_OK;
}

static enum qrt_code present(struct qrt_gather *gather, const struct qrt_presented *card,
                             const struct qrt_ui *ui, struct qrt_err *err)
{
    struct qrt_judged *list = reallocarray(gather->judged, gather->judged_len + 1, sizeof *list);
    QRT_SECRET work = {0};
    if (list == NULL || gather->judged_len == QRT_GATHER_MAX) {
        return qrt_fail(err, list == NULL ? QRT_E_NOMEM : QRT_E_RANGE, "too many cards");
    }
    gather->judged = list;
    enum qrt_code code = qrt_secret_init(&work, sizeof(struct qrt_reading), err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_reading *reading = (struct qrt_reading *)(void *)work.data;
    struct qrt_judged judged = {.name = strdup(card->name), .reason = QRT_CARD_UNREADABLE};
    if (judged.name == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a card's name");
    }
    if (card->unreadable != NULL) {
        snprintf(judged.why, sizeof judged.why, "%s", card->unreadable);
    } else {
        judged.reason = qrt_judge_read(reading, card, &judged);
    }
    if (judged.reason == QRT_CARD_FINE) {
        judged.reason = qrt_judge(gather, reading, &judged);
    }
    bool taken = false;
    if (judged.reason == QRT_CARD_SUSPECT) {
        code = ask_suspect(&taken, gather, ui, judged.serial, err);
    }
    if (code != QRT_OK) {
        free(judged.name);
        return code;
    }
    judged.reason = taken ? QRT_CARD_FINE : judged.reason;
    if (judged.reason == QRT_CARD_FINE) {
        unsigned group = reading->card.group;
        unsigned at = gather->count[group]++;
        if (gather->shares.data != NULL) {
            qrt_gather_shares(gather, group)[at] = reading->share;
        }
        if (gather->groups != QRT_GATHER_SINGLY) {
            gather->generation = qrt_state_card(&gather->vault->state, judged.serial)->generation;
        }
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
        .reason = judged->reason,
        .why = judged->why,
    };
    ui->answer_card(ui->ctx, &verdict);
}

static bool is_for(const struct qrt_gather *gather, unsigned group)
{
    return (gather->groups & 1U << group) != 0;
}

void qrt_gather_tell_count(const struct qrt_gather *gather, const struct qrt_ui *ui)
{
    QRT_BUF line = {0};
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        if (is_for(gather, group)) {
            qrt_buf_printf(&line, "%s%u of %u in the %s group", line.len_bytes > 0 ? ", " : "",
                           gather->count[group], qrt_gather_threshold(gather, group),
                           qrt_group_words(group));
        }
    }
    ui->tell(ui->ctx, qrt_buf_str(&line));
}

enum qrt_code qrt_gather_one(struct qrt_gather *gather, const struct qrt_ui *ui,
                             struct qrt_err *err)
{
    QRT_PRESENTED card = {0};
    bool enough =
        gather->groups == QRT_GATHER_SINGLY ? gather->judged_len > 0 : qrt_gather_complete(gather);
    enum qrt_code code = qrt_interrupt_check(err);
    if (code == QRT_OK) {
        code = ui->next_card(ui->ctx, &card, enough, err);
    }
    if (code == QRT_OK) {
        code = present(gather, &card, ui, err);
        qrt_harden_wipe_traces();
    }
    if (code == QRT_OK) {
        tell_verdict(gather, ui);
    }
    return code;
}

enum qrt_code qrt_gather_all(struct qrt_gather *gather, const struct qrt_ui *ui,
                             struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    bool enough = false;
    while (code == QRT_OK && !enough) {
        code = qrt_gather_one(gather, ui, err);
        if (code == QRT_OK && gather->groups != QRT_GATHER_SINGLY) {
            qrt_gather_tell_count(gather, ui);
            enough = ui->person && qrt_gather_complete(gather);
        }
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

unsigned qrt_gather_threshold(const struct qrt_gather *gather, enum qrt_group group)
{
    const struct qrt_state *state = &gather->vault->state;
    int64_t generation =
        gather->generation != 0 ? gather->generation : qrt_state_key(state)->generation;
    return qrt_state_threshold(state, generation, group);
}

unsigned qrt_gather_missing(const struct qrt_gather *gather, enum qrt_group group)
{
    unsigned threshold = qrt_gather_threshold(gather, group);
    return gather->count[group] >= threshold ? 0 : threshold - gather->count[group];
}

bool qrt_gather_complete(const struct qrt_gather *gather)
{
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        if (is_for(gather, group) && qrt_gather_missing(gather, group) > 0) {
            return false;
        }
    }
    return true;
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
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        unsigned missing = qrt_gather_missing(gather, group);
        if (is_for(gather, group) && missing > 0) {
            qrt_buf_printf(out, "%s%u more card%s of the %s group", out->len_bytes > 0 ? ", " : "",
                           missing, missing > 1 ? "s" : "", qrt_group_words(group));
        }
    }
}

void qrt_gather_draft(struct qrt_session *session, const struct qrt_gather *gather,
                      enum qrt_event_id accepted, const uint64_t *intent)
{
    qrt_gather_draft_from(session, gather, 0, accepted, intent);
}

void qrt_gather_draft_from(struct qrt_session *session, const struct qrt_gather *gather,
                           size_t from, enum qrt_event_id accepted, const uint64_t *intent)
{
    for (size_t i = from; i < gather->judged_len; i++) {
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
            qrt_draft_text(draft, "suspect",
                           accepted == QRT_EV_CARD_ACCEPTED && judged->suspect ? "yes" : NULL);
        } else {
            qrt_draft_text(draft, "reason", qrt_card_reason_word(judged->reason));
        }
    }
}
