#include "vault/applying.h"

#include <string.h>

static bool remakes_cards(const char *ceremony)
{
    return strcmp(ceremony, "reissue") == 0 || strcmp(ceremony, "replace") == 0;
}

/* A founding is a vault's first ceremony, and there is one. */
static bool is_known(const struct qrt_state *state, const char *ceremony)
{
    if (strcmp(ceremony, "found") == 0) {
        return state->ceremonies.len == 1;
    }
    if (strcmp(ceremony, "continue") == 0) {
        return state->epoch.continues;
    }
    return strcmp(ceremony, "open") == 0 || strcmp(ceremony, "takeover") == 0 ||
           strcmp(ceremony, "rekey") == 0 || strcmp(ceremony, "drill") == 0 ||
           remakes_cards(ceremony);
}

static void take_show(struct applying *a, struct qrt_span value)
{
    struct qrt_state *state = a->state;
    QRT_BUF text = {0};
    qrt_span_unescape(&text, value);
    a->no_memory = a->no_memory || text.failed;
    if (state->shows_len == sizeof state->shows / sizeof state->shows[0] ||
        text.len_bytes >= sizeof state->shows[0]) {
        FAULT(a, "more than %zu things to show, or one of too many bytes",
              sizeof state->shows / sizeof state->shows[0]);
        return;
    }
    memcpy(state->shows[state->shows_len++], qrt_buf_str(&text), text.len_bytes + 1);
}

void qrt_apply_intent(struct applying *a)
{
    struct qrt_state *state = a->state;
    if (qrt_state_unfinished(state) != NULL) {
        FAULT(a, "the ceremony before has no outcome yet");
    }
    struct qrt_ceremony *row = qrt_apply_row(a, &state->ceremonies, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->outcome = QRT_NEVER;
    row->intent = qrt_apply_place(a);
    qrt_apply_text(a, "ceremony", row->name, sizeof row->name);
    qrt_apply_text(a, "account", row->account, sizeof row->account);
    qrt_apply_text(a, "group", row->group_name, sizeof row->group_name);
    (void)qrt_span_copy(row->actor, sizeof row->actor, a->entry->actor);
    if (!is_known(state, row->name)) {
        FAULT(a, "no rule of this version allows that ceremony");
    }
    enum qrt_group group;
    if (remakes_cards(row->name) && !qrt_group_parse(&group, row->group_name)) {
        FAULT(a, "it is not said of which group the cards are made");
    }
    state->made_edition = state->made_card = 0;
    state->regroups = state->regroups && qrt_state_pending_key(state) != NULL;
    if (strcmp(row->name, "drill") == 0) {
        qrt_apply_drill_begun(a);
    }
    state->epoch.takes_over =
        strcmp(row->name, "takeover") == 0 || strcmp(row->name, "continue") == 0;
    memset(state->accepted_len, 0, sizeof state->accepted_len);
    state->accepted_generation = 0;
    state->shows_len = 0;
    struct qrt_entry_cursor cursor = {0};
    while (qrt_entry_next(a->entry, &cursor)) {
        if (qrt_span_is(cursor.key, "show")) {
            take_show(a, cursor.value);
        }
    }
}

/* The ceremony that an entry's `intent` names: the last one, still open. */
static struct qrt_ceremony *open_ceremony(struct applying *a)
{
    struct qrt_rows *rows = &a->state->ceremonies;
    struct qrt_ceremony *last =
        rows->len == 0 ? NULL : QRT_ROW(a->state, ceremonies, qrt_ceremony, rows->len - 1);
    if (last == NULL || last->outcome != QRT_NEVER || last->intent != qrt_apply_intent_place(a)) {
        FAULT(a, "no such intent is open");
        return NULL;
    }
    return last;
}

/* Does the card count here? The cards of a re-key that is pending take the log
 * over or continue it, and do nothing else; two generations never mix. */
static bool counts(const struct qrt_state *state, const struct qrt_ceremony *ceremony,
                   const struct qrt_card_row *card, enum qrt_group group)
{
    const struct qrt_key_row *key = qrt_state_key(state);
    const struct qrt_key_row *pending = qrt_state_pending_key(state);
    bool succeeds =
        strcmp(ceremony->name, "takeover") == 0 || strcmp(ceremony->name, "continue") == 0;
    bool of_key = key != NULL && card->generation == key->generation;
    bool of_pending = succeeds && pending != NULL && card->generation == pending->generation;
    const struct qrt_edition *edition = qrt_state_edition_of(state, card->generation, group);
    return card->voided == QRT_NEVER && (of_key || of_pending) && edition != NULL &&
           card->edition == edition->edition && !qrt_state_card_waits(state, card) &&
           (state->accepted_generation == 0 || state->accepted_generation == card->generation);
}

void qrt_apply_card_accepted(struct applying *a)
{
    struct qrt_state *state = a->state;
    const struct qrt_card_row *card = qrt_apply_card(a);
    const struct qrt_ceremony *ceremony = card == NULL ? NULL : open_ceremony(a);
    enum qrt_group group;
    if (ceremony == NULL || !qrt_group_parse(&group, card->group_name)) {
        return;
    }
    if (!counts(state, ceremony, card, group)) {
        FAULT(a, "card %lld is not one that counts here", (long long)card->serial);
        return;
    }
    /* Whoever takes a suspect one says so, and says it of no other. */
    struct qrt_span said;
    if (qrt_entry_get(a->entry, "suspect", &said) != qrt_card_is_suspect(card)) {
        FAULT(a, "card %lld is suspect, which was not confirmed; or it is not, and was",
              (long long)card->serial);
        return;
    }
    qrt_apply_end_bag(a, qrt_state_bag_of_card(state, card->serial));
    for (unsigned i = 0; i < state->accepted_len[group]; i++) {
        if (strcmp(state->accepted[group][i], card->custodian) == 0) {
            FAULT(a, "a second card of %s", card->custodian);
            return;
        }
    }
    state->accepted_generation = card->generation;
    if (state->accepted_len[group] < QRT_GROUP_MEMBERS_MAX) {
        state->accepted_serials[group][state->accepted_len[group]] = qrt_apply_number(a, "serial");
        memcpy(state->accepted[group][state->accepted_len[group]++], card->custodian,
               sizeof card->custodian);
    }
    qrt_apply_drill_accepted(a, group);
}

bool qrt_apply_group_has_quorum(const struct qrt_state *state, enum qrt_group group)
{
    unsigned threshold = qrt_state_threshold(state, state->accepted_generation, group);
    return threshold > 0 && state->accepted_len[group] >= threshold;
}

bool qrt_apply_has_quorum(const struct qrt_state *state)
{
    return qrt_apply_group_has_quorum(state, QRT_GROUP_PASSWORD) &&
           qrt_apply_group_has_quorum(state, QRT_GROUP_MFA);
}

/* Was every card of the founding handed over? */
static bool all_issued(const struct qrt_state *state)
{
    for (size_t i = 0; i < state->cards.len; i++) {
        if (QRT_ROW(state, cards, qrt_card_row, i)->issued == QRT_NEVER) {
            return false;
        }
    }
    return state->cards.len > 0;
}

/* Of a key that it created every card was handed over, or else it is given up. */
static void check_rekey(struct applying *a, const struct qrt_ceremony *ceremony)
{
    const struct qrt_state *state = a->state;
    const struct qrt_key_row *last =
        state->keys.len == 0 ? NULL : QRT_ROW(state, keys, qrt_key_row, state->keys.len - 1);
    bool created = last != NULL && last->created > ceremony->intent;
    bool delivered = created && qrt_state_cards_are_issued(state, last->generation);
    if (strcmp(ceremony->result, "done") == 0 ? delivered
        : strcmp(ceremony->result, "abandoned") == 0
            ? created && !delivered
            : !created && (strcmp(ceremony->result, "refused") == 0 ||
                           strcmp(ceremony->result, "failed") == 0)) {
        a->state->epoch.abandoned = strcmp(ceremony->result, "abandoned") == 0;
        return;
    }
    FAULT(a, "an outcome that this re-key cannot have");
}

static void check_result(struct applying *a, const struct qrt_ceremony *ceremony)
{
    const char *result = ceremony->result;
    bool founding = strcmp(ceremony->name, "found") == 0;
    if (strcmp(ceremony->name, "continue") == 0) {
        struct qrt_epoch_rule *epoch = &a->state->epoch;
        epoch->continued = epoch->continues && strcmp(result, "done") == 0 &&
                           qrt_apply_has_quorum(a->state) &&
                           a->state->accepted_generation == epoch->genesis_generation;
        if (!epoch->continued) {
            FAULT(a, "a log is continued without both quorums");
        }
        return;
    }
    if (remakes_cards(ceremony->name)) {
        qrt_apply_remade(a, result);
        return;
    }
    if (strcmp(ceremony->name, "drill") == 0) {
        qrt_apply_drill_ended(a, ceremony);
        return;
    }
    if (strcmp(ceremony->name, "takeover") == 0) {
        /* It is one commit, or it is not in the log. */
        if (strcmp(result, "done") != 0 || !a->state->epoch.taken_over) {
            FAULT(a, "a take-over that is not done in its own commit");
        }
        return;
    }
    if (strcmp(ceremony->name, "rekey") == 0) {
        check_rekey(a, ceremony);
        return;
    }
    if (strcmp(result, "done") == 0) {
        if (founding ? !all_issued(a->state) : !qrt_apply_has_quorum(a->state)) {
            FAULT(a, founding ? "a founding whose cards were not all handed over"
                              : "an opening without a quorum of both groups");
        }
    } else if (strcmp(result, "abandoned") == 0 && founding && !all_issued(a->state)) {
        a->state->epoch.abandoned = true;
    } else if (founding || (strcmp(result, "refused") != 0 && strcmp(result, "failed") != 0)) {
        FAULT(a, "an outcome that this ceremony cannot have");
    }
}

void qrt_apply_outcome(struct applying *a)
{
    struct qrt_ceremony *ceremony = open_ceremony(a);
    if (ceremony == NULL) {
        return;
    }
    ceremony->dirty = true;
    ceremony->outcome = qrt_apply_place(a);
    ceremony->time_unix_s = a->entry->time_unix_s;
    qrt_apply_text(a, "result", ceremony->result, sizeof ceremony->result);
    a->state->outcome_epoch = a->entry->epoch;
    check_result(a, ceremony);
}

/* Is there a live item that this was? What is shown is taken off the list of
 * what was asked for. */
static bool was_asked(struct qrt_state *state, const char *account, const char *kind,
                      int64_t serial, const char *what)
{
    const struct qrt_item_row *item = serial < 1 || (size_t)serial > state->items.len
                                          ? NULL
                                          : QRT_ROW(state, items, qrt_item_row, (size_t)serial - 1);
    const struct qrt_key_row *key = qrt_state_key(state);
    if (item == NULL || key == NULL || !qrt_item_is_kept(item, key->generation) ||
        strcmp(item->account, account) != 0 || strcmp(item->kind, kind) != 0) {
        return false;
    }
    for (size_t i = 0; i < state->shows_len; i++) {
        if (strcmp(state->shows[i], what) == 0) {
            state->shows[i][0] = '\0';
            return true;
        }
    }
    return false;
}

void qrt_apply_secret_shown(struct applying *a)
{
    const struct qrt_rows *rows = &a->state->ceremonies;
    const struct qrt_ceremony *last =
        rows->len == 0 ? NULL : QRT_ROW(a->state, ceremonies, qrt_ceremony, rows->len - 1);
    char account[QRT_ID_CHARS + 1];
    char kind[QRT_WORD_BYTES];
    char what[QRT_WORD_BYTES];
    qrt_apply_text(a, "account", account, sizeof account);
    qrt_apply_text(a, "kind", kind, sizeof kind);
    qrt_apply_text(a, "what", what, sizeof what);
    if (last == NULL || last->intent != qrt_apply_intent_place(a) ||
        strcmp(last->name, "open") != 0 || strcmp(last->result, "done") != 0 ||
        a->state->outcome_epoch != a->entry->epoch || strcmp(last->account, account) != 0 ||
        !was_asked(a->state, account, kind, qrt_apply_number(a, "serial"), what)) {
        FAULT(a, "a secret shown that no opening gave");
    }
}

void qrt_apply_secret_hidden(struct applying *a)
{
    const struct qrt_rows *rows = &a->state->ceremonies;
    const struct qrt_ceremony *last =
        rows->len == 0 ? NULL : QRT_ROW(a->state, ceremonies, qrt_ceremony, rows->len - 1);
    if (last == NULL || last->intent != qrt_apply_intent_place(a) ||
        strcmp(last->name, "open") != 0 || strcmp(last->result, "done") != 0) {
        FAULT(a, "a secret hidden that no opening showed");
    }
}
