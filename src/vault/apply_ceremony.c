#include "vault/applying.h"

#include <string.h>

void qrt_apply_intent(struct applying *a)
{
    struct qrt_state *state = a->state;
    struct qrt_ceremony *row = qrt_apply_row(a, &state->ceremonies, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->outcome = QRT_NEVER;
    row->intent = (int64_t)a->entry->index;
    qrt_apply_text(a, "ceremony", row->name, sizeof row->name);
    qrt_apply_text(a, "account", row->account, sizeof row->account);
    (void)qrt_span_copy(row->actor, sizeof row->actor, a->entry->actor);
    state->quorum_open = true;
    memset(state->accepted_len, 0, sizeof state->accepted_len);
    state->shows_len = 0;
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "show") &&
            state->shows_len < sizeof state->shows / sizeof state->shows[0]) {
            (void)qrt_span_copy(state->shows[state->shows_len++], sizeof state->shows[0],
                                cursor.value);
        }
    }
}

/* The ceremony that an entry's `intent` names: the last one, still open. */
static struct qrt_ceremony *open_ceremony(struct applying *a)
{
    struct qrt_rows *rows = &a->state->ceremonies;
    struct qrt_ceremony *last =
        rows->len == 0 ? NULL : QRT_ROW(a->state, ceremonies, qrt_ceremony, rows->len - 1);
    if (last == NULL || last->outcome != QRT_NEVER ||
        last->intent != qrt_apply_number(a, "intent")) {
        FAULT(a, "no such intent is open");
        return NULL;
    }
    return last;
}

void qrt_apply_card_accepted(struct applying *a)
{
    struct qrt_state *state = a->state;
    const struct qrt_card_row *card = qrt_apply_card(a);
    enum qrt_group group;
    if (card == NULL || open_ceremony(a) == NULL || !qrt_group_parse(&group, card->group_name)) {
        return;
    }
    const struct qrt_edition *edition = qrt_state_edition(state, group);
    const struct qrt_key_row *key = qrt_state_key(state);
    if (card->voided != QRT_NEVER || key == NULL || edition == NULL ||
        card->generation != key->generation || card->edition != edition->edition) {
        FAULT(a, "card %lld is not a live one", (long long)card->serial);
        return;
    }
    for (unsigned i = 0; i < state->accepted_len[group]; i++) {
        if (strcmp(state->accepted[group][i], card->custodian) == 0) {
            FAULT(a, "a second card of %s", card->custodian);
            return;
        }
    }
    if (state->accepted_len[group] < QRT_GROUP_MEMBERS_MAX) {
        memcpy(state->accepted[group][state->accepted_len[group]++], card->custodian,
               sizeof card->custodian);
    }
}

static bool has_quorum(const struct qrt_state *state)
{
    for (int group = 0; group < QRT_GROUPS; group++) {
        unsigned threshold = state->groups[group].threshold;
        if (threshold == 0 || state->accepted_len[group] < threshold) {
            return false;
        }
    }
    return true;
}

void qrt_apply_outcome(struct applying *a)
{
    struct qrt_ceremony *ceremony = open_ceremony(a);
    if (ceremony == NULL) {
        return;
    }
    ceremony->dirty = true;
    ceremony->outcome = (int64_t)a->entry->index;
    qrt_apply_text(a, "result", ceremony->result, sizeof ceremony->result);
    bool done = strcmp(ceremony->result, "done") == 0;
    if (done && strcmp(ceremony->name, "open") == 0 && !has_quorum(a->state)) {
        FAULT(a, "an opening without a quorum of both groups");
    }
    if (strcmp(ceremony->name, "found") == 0 && strcmp(ceremony->result, "abandoned") == 0) {
        a->state->epoch.abandoned = true;
    }
    a->state->quorum_open = false;
}

void qrt_apply_secret_shown(struct applying *a)
{
    const struct qrt_rows *rows = &a->state->ceremonies;
    const struct qrt_ceremony *last =
        rows->len == 0 ? NULL : QRT_ROW(a->state, ceremonies, qrt_ceremony, rows->len - 1);
    char account[QRT_ID_CHARS + 1];
    char what[QRT_WORD_BYTES];
    qrt_apply_text(a, "account", account, sizeof account);
    qrt_apply_text(a, "what", what, sizeof what);
    bool asked = false;
    for (size_t i = 0; i < a->state->shows_len; i++) {
        asked = asked || strcmp(a->state->shows[i], what) == 0;
    }
    if (last == NULL || last->intent != qrt_apply_number(a, "intent") ||
        strcmp(last->name, "open") != 0 || strcmp(last->result, "done") != 0 ||
        strcmp(last->account, account) != 0 || !asked) {
        FAULT(a, "a secret shown that no opening gave");
    }
}
