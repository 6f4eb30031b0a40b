#include "ceremony/renew/reissue.h"

#include "ceremony/cards/new_key.h"
#include "ceremony/session/two_badges.h"
#include <string.h>

/* All that is secret of it, in one guarded block. */
struct splitting {
    struct qrt_slip39_share shares[QRT_GROUP_MEMBERS_MAX];
    uint8_t half[32];
};

enum qrt_code qrt_reissue_split(struct qrt_secret *shares, const struct qrt_gather *gather,
                                const struct qrt_policy *policy, enum qrt_group group,
                                struct qrt_err *err)
{
    const struct qrt_key_row *key = qrt_state_key(&gather->vault->state);
    struct qrt_slip39_plan plan;
    enum qrt_code code = qrt_secret_init(shares, sizeof(struct splitting), err);
    if (code != QRT_OK) {
        return code;
    }
    struct splitting *s = (struct splitting *)(void *)shares->data;
    qrt_split_plan(&plan, policy, (uint16_t)key->identifier);
    if ((code = qrt_gather_half(s->half, gather, group, err)) == QRT_OK &&
        (code = qrt_slip39_group_split(s->shares, &plan, group, s->half, sizeof s->half, err)) ==
            QRT_OK) {
        code = qrt_slip39_group_prove(s->shares, plan.groups[group].member_count, s->half, err);
    }
    if (code != QRT_OK) {
        qrt_secret_wipe(shares);
    }
    return code;
}

static enum qrt_code make(struct qrt_remake *remake, struct qrt_err *err)
{
    const struct qrt_state *state = &remake->session.vault->state;
    const struct qrt_key_row *key = qrt_state_key(state);
    const struct qrt_new_edition edition = {
        .group = remake->group,
        .generation = (unsigned)key->generation,
        .edition = (unsigned)qrt_state_last_edition(state, key->generation, remake->group) + 1};
    QRT_SECRET shares = {0};
    enum qrt_code code =
        qrt_reissue_split(&shares, &remake->result->gather, remake->policy, remake->group, err);
    if (code == QRT_OK) {
        code = qrt_regroup_draft(&remake->regroup, &remake->session, err);
    }
    return code == QRT_OK
               ? qrt_cards_draft_edition(&remake->cards, &edition,
                                         (struct qrt_slip39_share *)(void *)shares.data, err)
               : code;
}

/* The policy is two people's, whoever brings the cards. */
static enum qrt_code agree(struct qrt_remake *remake, struct qrt_err *err)
{
    return remake->regroup.bytes == NULL ? QRT_OK : qrt_two_badges_demand(&remake->session, err);
}

/* A card of an edition before is as good as ever: whoever goes from one group to
 * the other with it would have both. */
static enum qrt_code check_apart(const struct qrt_policy_group *members,
                                 const struct qrt_state *state, enum qrt_group group,
                                 struct qrt_err *err)
{
    const int64_t generation = qrt_state_key(state)->generation;
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        bool is_other = card->generation == generation && card->destroyed == QRT_NEVER &&
                        strcmp(card->group_name, qrt_group_name(group)) != 0 &&
                        qrt_state_card_may_exist(state, card);
        for (size_t j = 0; is_other && j < members->count; j++) {
            if (strcmp(card->custodian, members->custodians[j]) == 0) {
                return qrt_fail(err, QRT_E_REFUSED,
                                "groups.%s: %s has card %lld of the other group: it is destroyed "
                                "first, or the vault is re-keyed",
                                qrt_group_name(group), card->custodian, (long long)card->serial);
            }
        }
    }
    return QRT_OK;
}

static enum qrt_code check(struct qrt_remake *remake, struct qrt_vault *vault, struct qrt_err *err)
{
    enum qrt_group group = remake->group;
    bool regroups = remake->regroup.bytes != NULL;
    enum qrt_code code = qrt_remake_check(vault, remake->reason, err);
    if (code == QRT_OK && regroups) {
        code = qrt_regroup_read(&remake->regroup, vault, 1U << group, err);
    }
    remake->policy = regroups ? &remake->regroup.policy : &vault->policy;
    if (code == QRT_OK && (vault->state.groups[group].threshold == 1 ||
                           remake->policy->groups[group].threshold == 1)) {
        code = qrt_fail(err, QRT_E_USAGE,
                        "--group %s: with a threshold of 1 a card is the group's whole half, so "
                        "that new ones would revoke nothing: re-key the vault instead",
                        qrt_group_name(group));
    }
    if (code == QRT_OK) {
        code = qrt_regroup_check_members(remake->policy, &vault->state, 1U << group, err);
    }
    return code == QRT_OK ? check_apart(&remake->policy->groups[group], &vault->state, group, err)
                          : code;
}

static void describe(struct qrt_buf *what, const struct qrt_remake *remake)
{
    bool password = remake->group == QRT_GROUP_PASSWORD;
    enum qrt_group other = password ? QRT_GROUP_MFA : QRT_GROUP_PASSWORD;
    qrt_buf_printf(what,
                   "Every custodian of the %s group gets a new card. With the last of them the "
                   "cards that this group has now count no more. The %s group's cards, and what "
                   "the vault keeps, stay as they are.",
                   qrt_group_words(remake->group), qrt_group_words(other));
    if (remake->regroup.bytes != NULL) {
        qrt_buf_text(what, "\n\nWith the new cards the group is another, and two badges sign:\n");
    }
}

enum qrt_code qrt_reissue(struct qrt_remade *remade, struct qrt_vault *vault,
                          const struct qrt_reissue_request *request, const struct qrt_ui *ui,
                          struct qrt_err *err)
{
    __attribute__((cleanup(qrt_remake_free))) struct qrt_remake remake = {
        .result = remade,
        .ceremony = "reissue",
        .title = "Re-issue",
        .group = request->group,
        .reason = request->reason,
        .regroup = {.bytes = request->policy},
        .stop = "Ctrl-C, then the word stop. The re-issue is then abandoned: the new cards are "
                "void, and the old ones count as before.",
        .last = "Collect every old card of the group, and destroy it before all: the new cards do "
                "not make them harmless. As long as enough of them are somewhere, whoever gathers "
                "these and a quorum of the other group can open. What was not planned is written "
                "down now. Whoever has a badge may sign the log.",
        .agree = agree,
        .make = make,
    };
    QRT_BUF what = {0};
    enum qrt_code code = check(&remake, vault, err);
    if (code != QRT_OK || (code = qrt_remake_begin(&remake, vault, ui, err)) != QRT_OK ||
        (code = check(&remake, vault, err)) != QRT_OK) {
        return code; /* asked again: a commit in flight may have been completed */
    }
    describe(&what, &remake);
    remake.what = qrt_buf_str(&what);
    qrt_buf_text(&remade->told, qrt_buf_str(&remake.regroup.told));
    return qrt_remake_run(&remake, err);
}
