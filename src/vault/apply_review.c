#include "vault/applying.h"

#include "base/base64.h"
#include "vault/review.h"
#include <string.h>

#define UNSIGNED "what stands there in their name was not signed by their badge"

static struct qrt_review_row *find_row(struct applying *a, const char *person, const char *channel)
{
    for (size_t i = 0; i < a->state->reviews.len; i++) {
        struct qrt_review_row *row = QRT_ROW(a->state, reviews, qrt_review_row, i);
        if (strcmp(row->person, person) == 0 && strcmp(row->channel, channel) == 0) {
            return row;
        }
    }
    return qrt_apply_row(a, &a->state->reviews, sizeof(struct qrt_review_row));
}

/* Judged at the epoch's end, with the signatures of its checkpoint. */
static void add_signature(struct applying *a, const struct qrt_review_row *row)
{
    struct qrt_span text;
    const struct qrt_badge_row *badge = qrt_state_badge(a->state, row->person);
    if (badge == NULL) {
        FAULT(a, "%s has no badge to sign a review with", row->person);
        return;
    }
    struct qrt_review_due *due = qrt_apply_row(a, &a->state->reviews_due, sizeof *due);
    if (due == NULL) {
        return;
    }
    size_t len = 0;
    due->index = a->entry->index;
    due->key = badge->key;
    qrt_review_message(due->message, a->state->origin, a->state->epoch.first_index, row->person,
                       row->channel, row->result);
    if (!qrt_entry_get(a->entry, "signature", &text) ||
        !qrt_base64_decode(due->signature, sizeof due->signature, &len, text.data,
                           text.len_bytes) ||
        len != sizeof due->signature) {
        FAULT(a, "the signature of a review is not one of 64 bytes");
        a->state->reviews_due.len--;
    }
}

void qrt_apply_review_signed(struct applying *a)
{
    struct qrt_review_row said = {
        .dirty = true, .signed_at = qrt_apply_place(a), .time_unix_s = a->entry->time_unix_s};
    qrt_apply_text(a, "person", said.person, sizeof said.person);
    qrt_apply_text(a, "channel", said.channel, sizeof said.channel);
    qrt_apply_text(a, "result", said.result, sizeof said.result);
    const struct qrt_person *person = qrt_state_person(a->state, said.person);
    if (person == NULL || person->gone != QRT_NEVER || !qrt_review_is_channel(said.channel) ||
        !qrt_review_is_result(said.result)) {
        FAULT(a, "a review of nobody, of no channel, or with no result");
        return;
    }
    add_signature(a, &said);
    struct qrt_review_row *row = find_row(a, said.person, said.channel);
    if (row != NULL) {
        *row = said;
    }
}

void qrt_reviews_seal(struct qrt_state *state, uint64_t epoch, struct qrt_signatures *later,
                      struct qrt_faults *faults)
{
    for (size_t i = 0; i < state->reviews_due.len; i++) {
        const struct qrt_review_due *due = QRT_ROW(state, reviews_due, qrt_review_due, i);
        if (later != NULL) {
            qrt_signatures_add(later, due->index, &due->key, due->signature, due->message,
                               strlen(due->message), UNSIGNED);
        } else if (!qrt_sign_verify(due->signature, due->message, strlen(due->message),
                                    due->key.key)) {
            qrt_faults_add(faults, due->index, epoch, "%s: " UNSIGNED, due->key.name);
        }
    }
    state->reviews_due.len = 0;
}
