#include "vault/applying.h"

#include <string.h>

int64_t qrt_apply_place(const struct applying *a)
{
    return (int64_t)(a->state->former_entries + a->entry->index);
}

int64_t qrt_apply_intent_place(const struct applying *a)
{
    return (int64_t)a->state->former_entries + qrt_apply_number(a, "intent");
}

void *qrt_apply_row(struct applying *a, struct qrt_rows *rows, size_t row_bytes)
{
    void *row = qrt_state_add_row(rows, row_bytes);
    a->no_memory = a->no_memory || row == NULL;
    return row;
}

/* A value, unescaped, into a fixed text; what is longer is a fault. */
void qrt_apply_text(struct applying *a, const char *key, char *out, size_t size_bytes)
{
    QRT_BUF text = {0};
    struct qrt_span plain;
    out[0] = '\0';
    if (!qrt_entry_get(a->entry, key, &plain)) {
        return;
    }
    if (memchr(plain.data, '%', plain.len_bytes) == NULL && qrt_span_copy(out, size_bytes, plain)) {
        return; /* nearly always, and without a buffer */
    }
    qrt_span_unescape(&text, plain);
    a->no_memory = a->no_memory || text.failed;
    if (text.len_bytes >= size_bytes) {
        FAULT(a, "%s is longer than %zu bytes", key, size_bytes - 1);
        return;
    }
    memcpy(out, qrt_buf_str(&text), text.len_bytes + 1);
}

int64_t qrt_apply_number(const struct applying *a, const char *key)
{
    uint64_t value = 0;
    return qrt_entry_u64(a->entry, key, &value) && value <= INT64_MAX ? (int64_t)value : 0;
}

void qrt_apply_document(struct applying *a, const char *key, const char *kind)
{
    uint8_t digest[QRT_HASH_BYTES];
    if (qrt_entry_digest(a->entry, key, digest)) {
        struct qrt_named_document *row = qrt_apply_row(a, &a->state->documents, sizeof *row);
        if (row != NULL) {
            memcpy(row->digest, digest, sizeof digest);
            memcpy(row->kind, kind, strlen(kind) + 1);
        }
    }
}

void qrt_apply_refuse(struct applying *a, const char *key)
{
    struct qrt_span value;
    if (qrt_entry_get(a->entry, key, &value)) {
        FAULT(a, "%s: no rule of this version allows it here", key);
    }
}

static void apply_evidence(struct applying *a)
{
    uint8_t *row = qrt_apply_row(a, &a->state->evidence, QRT_HASH_BYTES);
    if (row != NULL) {
        (void)qrt_entry_digest(a->entry, "evidence", row);
    }
}

static void need_second_person(struct applying *a)
{
    a->state->epoch.second = a->state->second_person;
}

static void apply_event(struct applying *a)
{
    switch (a->entry->event->id) {
    case QRT_EV_GENESIS:
        qrt_apply_genesis(a);
        break;
    case QRT_EV_LOG_TAKEN_OVER:
        qrt_apply_taken_over(a);
        break;
    case QRT_EV_SESSION_OPENED:
        need_second_person(a);
        qrt_apply_session_opened(a);
        break;
    case QRT_EV_SESSION_NOTED:
        qrt_apply_session_noted(a);
        break;
    case QRT_EV_PERSON_OUT:
        qrt_apply_person_out(a);
        break;
    case QRT_EV_PERSON_BACK:
        qrt_apply_person_back(a);
        break;
    case QRT_EV_THING_OUT:
        qrt_apply_thing_out(a);
        break;
    case QRT_EV_THING_BACK:
        qrt_apply_thing_back(a);
        break;
    case QRT_EV_SESSION_CLOSED:
        qrt_apply_session_closed(a);
        break;
    case QRT_EV_BADGE_ISSUED:
        qrt_apply_badge_issued(a);
        break;
    case QRT_EV_BADGE_VOIDED:
        qrt_apply_badge_voided(a);
        break;
    case QRT_EV_PERSON_ADDED:
        qrt_apply_person_added(a);
        break;
    case QRT_EV_PERSON_CHANGED:
        qrt_apply_person_changed(a);
        break;
    case QRT_EV_PERSON_LEFT:
        qrt_apply_person_left(a);
        break;
    case QRT_EV_POLICY_CHANGED:
        qrt_apply_policy_changed(a);
        break;
    case QRT_EV_INTENT:
        qrt_apply_intent(a);
        break;
    case QRT_EV_OUTCOME:
        qrt_apply_outcome(a);
        break;
    case QRT_EV_KEY_CREATED:
        need_second_person(a);
        qrt_apply_key_created(a);
        break;
    case QRT_EV_EDITION_CREATED:
        qrt_apply_edition_created(a);
        break;
    case QRT_EV_CARD_CREATED:
        qrt_apply_card_created(a);
        break;
    case QRT_EV_CARD_ISSUED:
        qrt_apply_card_issued(a);
        break;
    case QRT_EV_CARD_PROVED:
        qrt_apply_card_proved(a);
        break;
    case QRT_EV_CARD_ACCEPTED:
        qrt_apply_card_accepted(a);
        break;
    case QRT_EV_CARD_VOIDED:
        qrt_apply_card_voided(a);
        break;
    case QRT_EV_CARD_DESTROYED:
        qrt_apply_card_destroyed(a);
        break;
    case QRT_EV_BAG_SEALED:
        qrt_apply_bag_sealed(a);
        break;
    case QRT_EV_BAG_MOVED:
        qrt_apply_bag_moved(a);
        break;
    case QRT_EV_SEAL_CHECKED:
        qrt_apply_seal_checked(a);
        break;
    case QRT_EV_ACCOUNT_ADDED:
        qrt_apply_account_added(a);
        break;
    case QRT_EV_ACCOUNT_CHANGED:
        qrt_apply_account_changed(a);
        break;
    case QRT_EV_ACCOUNT_CLOSED:
        qrt_apply_account_closed(a);
        break;
    case QRT_EV_ITEM_SEALED:
        qrt_apply_item_sealed(a);
        break;
    case QRT_EV_ITEM_DEPOSITED:
        qrt_apply_item_deposited(a);
        break;
    case QRT_EV_DEPOSIT_REFUSED:
        qrt_apply_deposit_refused(a);
        break;
    case QRT_EV_ITEM_DELETED:
        qrt_apply_item_deleted(a);
        break;
    case QRT_EV_CREDENTIAL_CONFIRMED:
        qrt_apply_credential_confirmed(a);
        break;
    case QRT_EV_SECRET_SHOWN:
        qrt_apply_secret_shown(a);
        break;
    case QRT_EV_REVIEW_SIGNED:
        qrt_apply_review_signed(a);
        break;
    case QRT_EV_RUNBOOK_STEP:
        qrt_apply_runbook_step(a);
        break;
    case QRT_EV_REGISTER_SET:
        qrt_apply_register_set(a);
        break;
    case QRT_EV_EVIDENCE_ATTACHED:
        apply_evidence(a);
        break;
    case QRT_EV_EXCEPTION:
        qrt_apply_exception(a);
        break;
    case QRT_EV_CARD_REFUSED:
        qrt_apply_card_refused(a);
        break;
    case QRT_EV_DRILL_GRADED:
        qrt_apply_drill_graded(a);
        break;
    case QRT_EV_ACTION_OPENED:
        qrt_apply_action_opened(a);
        break;
    case QRT_EV_ACTION_CLOSED:
        qrt_apply_action_closed(a);
        break;
    case QRT_EV_CHECKPOINT_KEY:
        break;
    case QRT_EV_SECRET_HIDDEN:
        qrt_apply_secret_hidden(a);
        break;
    default:
        /* No command of this version writes it, so no rule allows it yet. */
        FAULT(a, "%s: no rule of this version allows it", a->entry->event->name);
    }
}

enum qrt_code qrt_state_apply(struct qrt_state *state, const struct qrt_entry *entry,
                              struct qrt_faults *faults, struct qrt_err *err)
{
    struct applying a = {.state = state, .entry = entry, .faults = faults};
    if (!state->epoch.begun) {
        state->epoch.begun = true;
        state->epoch.first_index = entry->index;
    }
    if (state->founded_unix_s == 0) {
        state->founded_unix_s = entry->time_unix_s;
    }
    qrt_apply_beside_drill(&a);
    apply_event(&a);
    qrt_apply_trigger(&a);
    state->epoch.last_index = entry->index;
    qrt_apply_actor(&a);
    return a.no_memory ? qrt_fail(err, QRT_E_NOMEM, "the views of the log") : QRT_OK;
}
