#include "vault/applying.h"

#include "base/text.h"
#include "vault/bag.h"
#include <string.h>

void qrt_apply_end_bag(struct applying *a, const struct qrt_bag *bag)
{
    struct qrt_bag *row = qrt_state_bag_row(a->state, bag);
    if (row != NULL && row->opened == QRT_NEVER) {
        row->dirty = true;
        row->opened = qrt_apply_place(a);
    }
}

void qrt_apply_witnesses(struct applying *a, bool needed)
{
    struct qrt_entry_cursor cursor = {0};
    bool any = false;
    while (qrt_entry_next(a->entry, &cursor)) {
        char id[QRT_ID_CHARS + 1];
        if (!qrt_span_is(cursor.key, "witness")) {
            continue;
        }
        any = true;
        const struct qrt_person *person =
            qrt_span_copy(id, sizeof id, cursor.value) ? qrt_state_person(a->state, id) : NULL;
        if (person == NULL || person->gone != QRT_NEVER || qrt_span_is(a->entry->actor, id)) {
            FAULT(a, "a witness who is nobody of this log, or the operator");
        }
    }
    if (needed && !any) {
        FAULT(a, "nobody witnessed it");
    }
}

static void place_bag(struct applying *a, struct qrt_bag *row)
{
    row->dirty = true;
    row->placed = qrt_apply_place(a);
    row->placed_unix_s = a->entry->time_unix_s;
    qrt_apply_text(a, "site", row->site, sizeof row->site);
    qrt_apply_text(a, "safe", row->safe, sizeof row->safe);
    if (!qrt_text_is_id(row->site) || !qrt_text_is_id(row->safe)) {
        FAULT(a, "a site or a safe whose name is no id");
    }
}

/* What is in the bag; the one in which it was before is opened. */
static bool fill_bag(struct applying *a, struct qrt_bag *row)
{
    struct qrt_state *state = a->state;
    struct qrt_span given;
    bool of_card = qrt_entry_get(a->entry, "serial", &given);
    if (of_card == qrt_entry_get(a->entry, "account", &given)) {
        FAULT(a, "a bag for a card or for an account's device, and one of them");
        return false;
    }
    if (of_card) {
        const struct qrt_card_row *card = qrt_apply_card(a);
        if (card == NULL || card->issued == QRT_NEVER || card->voided != QRT_NEVER ||
            card->destroyed != QRT_NEVER) {
            FAULT(a, "there is no such card to be sealed in a bag");
            return false;
        }
        /* By its place, also where an entry gave the card another serial. */
        row->serial = qrt_apply_number(a, "serial");
        qrt_apply_end_bag(a, qrt_state_bag_of_card(state, row->serial));
        return true;
    }
    char account[QRT_ID_CHARS + 1];
    qrt_apply_text(a, "account", account, sizeof account);
    if (qrt_state_account(state, account) == NULL) {
        FAULT(a, "there is no such account");
        return false;
    }
    qrt_apply_end_bag(a, qrt_state_bag_of_device(state, account));
    memcpy(row->account, account, sizeof account);
    return true;
}

/* A number serves once: a bag that is sealed again is another bag. */
void qrt_apply_bag_sealed(struct applying *a)
{
    struct qrt_state *state = a->state;
    struct qrt_bag row = {.checked = QRT_NEVER, .opened = QRT_NEVER};
    qrt_apply_text(a, "bag", row.bag, sizeof row.bag);
    qrt_apply_witnesses(a, false);
    if (!qrt_bag_number_is(row.bag) || qrt_state_bag(state, row.bag) != NULL) {
        FAULT(a, "a number that no bag has, or one that was sealed already");
        return;
    }
    row.sealed = qrt_apply_place(a);
    place_bag(a, &row);
    struct qrt_bag *added = fill_bag(a, &row) ? qrt_apply_row(a, &state->bags, sizeof row) : NULL;
    if (added != NULL) {
        *added = row;
    }
}

/* The bag that an entry names, if what was in it lies in no other since. */
static struct qrt_bag *last_bag(struct applying *a)
{
    char number[QRT_BAG_BYTES];
    qrt_apply_text(a, "bag", number, sizeof number);
    const struct qrt_bag *bag = qrt_state_bag(a->state, number);
    if (bag == NULL || strcmp(bag->bag, number) != 0 || !qrt_state_bag_is_last(a->state, bag)) {
        FAULT(a, "there is no such bag, or not any more");
        return NULL;
    }
    return qrt_state_bag_row(a->state, bag);
}

void qrt_apply_bag_moved(struct applying *a)
{
    struct qrt_bag *bag = last_bag(a);
    if (bag != NULL) {
        place_bag(a, bag);
    }
}

/* From then on its card counts only for those who say that they know. */
static void suspect_card(struct applying *a, const struct qrt_bag *bag)
{
    struct qrt_card_row *card =
        bag->account[0] == '\0' && bag->serial > 0
            ? QRT_ROW(a->state, cards, qrt_card_row, (size_t)bag->serial - 1)
            : NULL;
    if (card != NULL && card->suspect == QRT_NEVER) {
        card->dirty = true;
        card->suspect = qrt_apply_place(a);
    }
}

void qrt_apply_seal_checked(struct applying *a)
{
    char word[QRT_WORD_BYTES];
    char seen[QRT_BAG_BYTES];
    char person[QRT_ID_CHARS + 1];
    enum qrt_seal_result result;
    struct qrt_span given;
    struct qrt_bag *bag = last_bag(a);
    qrt_apply_text(a, "result", word, sizeof word);
    qrt_apply_text(a, "seen", seen, sizeof seen);
    qrt_apply_text(a, "person", person, sizeof person);
    const struct qrt_person *row = qrt_state_person(a->state, person);
    if (qrt_entry_get(a->entry, "person", &given) && (row == NULL || row->gone != QRT_NEVER)) {
        FAULT(a, "a seal checked by nobody of this log");
    }
    if (!qrt_seal_result_parse(&result, word)) {
        FAULT(a, "a seal was found in no way that there is");
        return;
    }
    bool is_other = qrt_entry_get(a->entry, "seen", &given);
    if (is_other != (result == QRT_SEAL_WRONG_NUMBER) || (is_other && !qrt_bag_number_is(seen)) ||
        (is_other && bag != NULL && qrt_bag_number_same(seen, bag->bag))) {
        FAULT(a, "another number was seen, or it is the same");
    }
    if (bag != NULL) {
        bag->dirty = true;
        bag->checked = qrt_apply_place(a);
        bag->checked_unix_s = a->entry->time_unix_s;
        memcpy(bag->result, word, sizeof word);
        qrt_apply_drill_sealed(a, result == QRT_SEAL_WHOLE);
        if (result != QRT_SEAL_WHOLE) {
            suspect_card(a, bag);
        }
    }
}
