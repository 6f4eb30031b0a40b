#include "ceremony/renew/replace.h"

#include <sodium.h>
#include <string.h>

/* All that is secret of it, in one guarded block; the share first. */
struct rebuilding {
    struct qrt_slip39_share share;
    struct qrt_card card; /* the old one, as it must have been */
    uint8_t half[32];
};

/* The commitment hides the share, and is of no other. */
static enum qrt_code compare(struct rebuilding *r, const struct qrt_gather *gather,
                             const struct qrt_card_row *row, struct qrt_err *err)
{
    uint8_t commitment[QRT_CARD_COMMIT_BYTES];
    memcpy(r->card.vault_id, gather->vault->log.vault_id, sizeof r->card.vault_id);
    r->card.generation = (uint16_t)row->generation;
    r->card.edition = (uint16_t)row->edition;
    r->card.serial = (uint32_t)row->serial;
    enum qrt_code code = qrt_card_put_share(&r->card, &r->share, err);
    if (code == QRT_OK) {
        code = qrt_card_commit(commitment, &r->card, err);
    }
    if (code == QRT_OK && memcmp(commitment, row->commitment, sizeof commitment) != 0) {
        code = qrt_fail(err, QRT_E_TAMPERED, "card %lld: the share is not the one of the log",
                        (long long)row->serial);
    }
    return code;
}

enum qrt_code qrt_replace_rebuild(struct qrt_secret *share, const struct qrt_gather *gather,
                                  const struct qrt_card_row *card, struct qrt_err *err)
{
    enum qrt_group group;
    if (!qrt_group_parse(&group, card->group_name)) {
        return qrt_fail(err, QRT_E_FAILED, "card %lld: of no group", (long long)card->serial);
    }
    enum qrt_code code = qrt_secret_init(share, sizeof(struct rebuilding), err);
    if (code != QRT_OK) {
        return code;
    }
    struct rebuilding *r = (struct rebuilding *)(void *)share->data;
    /* Exactly the threshold: of a threshold of one all are copies of one share. */
    if ((code = qrt_gather_half(r->half, gather, group, err)) == QRT_OK &&
        (code = qrt_slip39_share_rebuild(&r->share, (unsigned)card->member_index,
                                         qrt_gather_shares(gather, group),
                                         qrt_gather_threshold(gather, group), err)) == QRT_OK) {
        code = compare(r, gather, card, err);
    }
    if (code != QRT_OK) {
        qrt_secret_wipe(share);
    }
    return code;
}

static enum qrt_code make(struct qrt_remake *remake, struct qrt_err *err)
{
    QRT_SECRET share = {0};
    enum qrt_code code = qrt_replace_rebuild(&share, &remake->result->gather, remake->old, err);
    return code == QRT_OK ? qrt_cards_draft_replacement(
                                &remake->cards, remake->old,
                                (const struct qrt_slip39_share *)(const void *)share.data, err)
                          : code;
}

static enum qrt_code check(const struct qrt_card_row **old, enum qrt_group *group,
                           const struct qrt_vault *vault, const struct qrt_replace_request *request,
                           struct qrt_err *err)
{
    enum qrt_code code = qrt_remake_check(vault, request->reason, err);
    if (code != QRT_OK) {
        return code;
    }
    *old = qrt_state_card(&vault->state, request->serial);
    if (*old == NULL || !qrt_state_card_is_live(&vault->state, *old) ||
        (*old)->issued == QRT_NEVER || !qrt_group_parse(group, (*old)->group_name)) {
        return qrt_fail(err, QRT_E_USAGE, "card %llu: %s", (unsigned long long)request->serial,
                        *old == NULL ? "there is none of that serial"
                                     : "it counts no more, so that nothing can replace it");
    }
    const struct qrt_person *custodian = qrt_state_person(&vault->state, (*old)->custodian);
    enum qrt_group now;
    bool left = custodian == NULL || custodian->gone != QRT_NEVER ||
                !qrt_policy_group_of(&vault->policy, &now, (*old)->custodian) || now != *group;
    if (left || qrt_card_is_suspect(*old)) {
        bool single = vault->state.groups[*group].threshold == 1;
        return qrt_fail(err, QRT_E_USAGE, "card %lld, of %s%s: quorate %s%s instead",
                        (long long)(*old)->serial, (*old)->custodian,
                        left ? ", who has left or is of another group"
                             : ": suspect, and its share may be known",
                        single ? "rekey" : "reissue --group ", single ? "" : (*old)->group_name);
    }
    return QRT_OK;
}

/* Whoever finds a lost card has the share that a new one would carry. */
static enum qrt_code check_in_hand(struct qrt_remake *remake, struct qrt_err *err)
{
    const struct qrt_card_row *old = remake->old;
    const struct qrt_ui *ui = remake->session.ui;
    if (!remake->in_hand && ui->person) {
        QRT_BUF words = {0};
        qrt_buf_printf(&words, "Card %lld, of %s: does it lie here, before all?",
                       (long long)old->serial, old->custodian);
        enum qrt_code code = ui->confirm(ui->ctx, &remake->in_hand, qrt_buf_str(&words), err);
        if (code != QRT_OK) {
            return code;
        }
    }
    return remake->in_hand
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE,
                          "%s. Of a card that is lost no other may carry the share: quorate "
                          "reissue --group %s",
                          ui->person ? "the card does not lie here" : "--in-hand: needed",
                          old->group_name);
}

enum qrt_code qrt_replace(struct qrt_remade *remade, struct qrt_vault *vault,
                          const struct qrt_replace_request *request, const struct qrt_ui *ui,
                          struct qrt_err *err)
{
    QRT_BUF last = {0};
    qrt_buf_printf(&last,
                   "Destroy the old card now, before all: its words are those of the new one. Only "
                   "the serial tells them apart: destroy card %llu. The other cards go into new "
                   "bags. What was not planned is written down now. Whoever has a badge may sign "
                   "the log.",
                   (unsigned long long)request->serial);
    __attribute__((cleanup(qrt_remake_free))) struct qrt_remake remake = {
        .result = remade,
        .ceremony = "replace",
        .title = "Replacement",
        .policy = &vault->policy,
        .reason = request->reason,
        .in_hand = request->in_hand,
        .agree = check_in_hand,
        .stop = "Ctrl-C, then the word stop. The replacement is then abandoned: the new card is "
                "void, and the old one counts as before.",
        .last = qrt_buf_str(&last),
        .make = make,
    };
    QRT_BUF what = {0};
    remake.session = (struct qrt_session){.vault = vault, .ui = ui};
    enum qrt_code code = check(&remake.old, &remake.group, vault, request, err);
    if (code == QRT_OK && !ui->person) {
        code = check_in_hand(&remake, err);
    }
    if (code != QRT_OK || (code = qrt_remake_begin(&remake, vault, ui, err)) != QRT_OK ||
        (code = check(&remake.old, &remake.group, vault, request, err)) != QRT_OK) {
        return code; /* asked again: a commit in flight may have been completed */
    }
    qrt_buf_printf(&what,
                   "Card %lld, of %s, is damaged and lies here. The quorum of its group makes a "
                   "new card with the same share for %s. With the new card in hand the old one "
                   "counts no more.\n\nA card that is lost is never replaced in this way: whoever "
                   "finds it would have the same share.",
                   (long long)remake.old->serial, remake.old->custodian, remake.old->custodian);
    remake.what = qrt_buf_str(&what);
    return qrt_remake_run(&remake, err);
}
