#include "log/events.h"

#include <string.h>

#define KEY(name, form, flags)                                                                     \
    {                                                                                              \
        name, sizeof name - 1, QRT_FORM_##form, flags                                              \
    }
#define ONE(name, form)  KEY(name, form, 0)
#define OPT(name, form)  KEY(name, form, QRT_KEY_OPTIONAL)
#define MANY(name, form) KEY(name, form, QRT_KEY_REPEATED)

/* A raw public key or a 32-byte check has the form of a digest. */
static const struct qrt_event_key genesis[] = {
    OPT("vault", TEXT),       OPT("predecessor", TEXT), OPT("cause", TEXT),
    MANY("evidence", DIGEST), OPT("practice", YES),     OPT("policy", DIGEST),
    MANY("person", TEXT),     MANY("group", TEXT),      ONE("cosignatures", U64),
    OPT("second", YES),       ONE("first-key", TEXT),   OPT("authority", BASE64)};
static const struct qrt_event_key checkpoint_key[] = {ONE("next-key", TEXT)};
static const struct qrt_event_key log_taken_over[] = {MANY("operator", TEXT),
                                                      ONE("authority", BASE64)};
static const struct qrt_event_key session_opened[] = {
    OPT("lasts", YES),          OPT("second", ID),    MANY("present", ID),
    ONE("clock-offset-s", I64), ONE("release", TEXT), MANY("executable", TEXT),
    MANY("receipt", TEXT)};
static const struct qrt_event_key person_out[] = {ONE("person", ID)};
static const struct qrt_event_key thing_out[] = {ONE("thing", TEXT), ONE("person", ID)};
static const struct qrt_event_key exception[] = {
    ONE("step", TEXT), ONE("expected", TEXT),     ONE("happened", TEXT),     ONE("decided", TEXT),
    OPT("person", ID), OPT("settles-person", ID), OPT("settles-thing", TEXT)};
static const struct qrt_event_key session_noted[] = {ONE("text", TEXT)};
static const struct qrt_event_key session_closed[] = {
    ONE("minutes", DIGEST), MANY("present", ID), MANY("receipt", TEXT), MANY("badge-missing", ID)};
static const struct qrt_event_key person_added[] = {ONE("person", ID), MANY("role", TEXT),
                                                    ONE("policy", DIGEST)};
static const struct qrt_event_key person_left[] = {ONE("person", ID), ONE("reason", TEXT)};
static const struct qrt_event_key badge_issued[] = {ONE("person", ID), ONE("vkey", TEXT),
                                                    ONE("form", TEXT), OPT("stored", DIGEST)};
static const struct qrt_event_key badge_voided[] = {ONE("person", ID), ONE("vkey", TEXT),
                                                    ONE("reason", TEXT)};
static const struct qrt_event_key policy_changed[] = {ONE("policy", DIGEST), MANY("group", TEXT),
                                                      ONE("cosignatures", U64), OPT("second", YES)};
static const struct qrt_event_key intent[] = {
    ONE("ceremony", TEXT), OPT("level", TEXT),  OPT("account", ID),  OPT("group", TEXT),
    OPT("purpose", TEXT),  OPT("ticket", TEXT), OPT("approver", ID), MANY("show", TEXT)};
static const struct qrt_event_key outcome[] = {ONE("intent", U64), ONE("result", TEXT),
                                               OPT("reason", TEXT)};
static const struct qrt_event_key key_created[] = {
    ONE("generation", U64),         ONE("identifier", U64),
    ONE("key-check", DIGEST),       ONE("group-check-password", DIGEST),
    ONE("group-check-mfa", DIGEST), ONE("deposit-key", DIGEST),
    ONE("recovery-key", DIGEST),    ONE("authority-key", DIGEST),
    OPT("authority", BASE64)};
static const struct qrt_event_key edition_created[] = {ONE("generation", U64), ONE("group", TEXT),
                                                       ONE("edition", U64), ONE("threshold", U64),
                                                       ONE("issuing-key", DIGEST)};
static const struct qrt_event_key card_created[] = {
    ONE("generation", U64),    ONE("group", TEXT),       ONE("edition", U64),
    ONE("serial", U64),        ONE("member-index", U64), ONE("custodian", ID),
    ONE("commitment", DIGEST), OPT("replaces", U64),     OPT("issuing-key", DIGEST)};
static const struct qrt_event_key card_issued[] = {ONE("serial", U64)};
static const struct qrt_event_key card_proved[] = {ONE("serial", U64), ONE("how", TEXT),
                                                   ONE("result", TEXT)};
static const struct qrt_event_key card_accepted[] = {ONE("intent", U64), ONE("serial", U64),
                                                     ONE("how", TEXT), ONE("result", TEXT),
                                                     OPT("suspect", YES)};
static const struct qrt_event_key card_refused[] = {OPT("intent", U64), OPT("serial", U64),
                                                    ONE("reason", TEXT)};
static const struct qrt_event_key card_voided[] = {ONE("serial", U64), ONE("reason", TEXT)};
static const struct qrt_event_key card_destroyed[] = {ONE("serial", U64), MANY("witness", ID)};
static const struct qrt_event_key account_added[] = {ONE("account", ID), ONE("name", TEXT),
                                                     ONE("email", TEXT), OPT("strategy", TEXT)};
static const struct qrt_event_key account_changed[] = {ONE("account", ID), OPT("name", TEXT),
                                                       OPT("email", TEXT), OPT("strategy", TEXT)};
static const struct qrt_event_key account_closed[] = {ONE("account", ID), ONE("reason", TEXT)};
static const struct qrt_event_key item_sealed[] = {
    ONE("account", ID),        ONE("kind", TEXT),      ONE("serial", U64), ONE("generation", U64),
    ONE("ciphertext", DIGEST), OPT("supersedes", U64), OPT("deposit", U64)};
static const struct qrt_event_key item_deposited[] = {ONE("account", ID), ONE("kind", TEXT),
                                                      ONE("serial", U64), ONE("generation", U64),
                                                      ONE("ciphertext", DIGEST)};
static const struct qrt_event_key deposit_refused[] = {ONE("deposit", U64), ONE("reason", TEXT)};
static const struct qrt_event_key credential_confirmed[] = {ONE("account", ID), ONE("kind", TEXT),
                                                            ONE("serial", U64), ONE("how", TEXT)};
static const struct qrt_event_key secret_shown[] = {ONE("intent", U64), ONE("account", ID),
                                                    ONE("kind", TEXT),  ONE("serial", U64),
                                                    ONE("what", TEXT),  ONE("to", TEXT)};
static const struct qrt_event_key secret_hidden[] = {ONE("intent", U64), MANY("what", TEXT),
                                                     ONE("duration-s", U64), MANY("seen-by", ID)};
static const struct qrt_event_key bag_sealed[] = {ONE("bag", TEXT),   OPT("serial", U64),
                                                  OPT("account", ID), ONE("site", TEXT),
                                                  ONE("safe", TEXT),  MANY("witness", ID)};
static const struct qrt_event_key bag_moved[] = {ONE("bag", TEXT), ONE("site", TEXT),
                                                 ONE("safe", TEXT)};
static const struct qrt_event_key seal_checked[] = {ONE("bag", TEXT), ONE("result", TEXT),
                                                    OPT("seen", TEXT), OPT("person", ID)};
static const struct qrt_event_key drill_graded[] = {ONE("intent", U64), ONE("subject", TEXT),
                                                    ONE("grade", TEXT)};
static const struct qrt_event_key action_opened[] = {ONE("action", TEXT), ONE("owner", ID),
                                                     ONE("due", TEXT), ONE("text", TEXT)};
static const struct qrt_event_key action_closed[] = {ONE("action", TEXT), ONE("text", TEXT)};
static const struct qrt_event_key review_signed[] = {ONE("person", ID), ONE("channel", TEXT),
                                                     ONE("result", TEXT), ONE("signature", BASE64)};
static const struct qrt_event_key register_set[] = {ONE("register", TEXT), ONE("name", TEXT),
                                                    MANY("value", TEXT)};
static const struct qrt_event_key runbook_step[] = {
    ONE("runbook", TEXT), ONE("digest", DIGEST), ONE("step", TEXT), ONE("person", ID),
    OPT("account", ID),   MANY("value", TEXT),   OPT("case", TEXT)};
static const struct qrt_event_key evidence_attached[] = {ONE("evidence", DIGEST), ONE("kind", TEXT),
                                                         OPT("note", TEXT)};

#define EVENT(id, name, keys)                                                                      \
    [QRT_EV_##id] = {QRT_EV_##id, name, sizeof name - 1, keys, sizeof keys / sizeof keys[0]}

static const struct qrt_event events[QRT_EVENTS] = {
    EVENT(GENESIS, "genesis", genesis),
    EVENT(CHECKPOINT_KEY, "checkpoint-key", checkpoint_key),
    EVENT(LOG_TAKEN_OVER, "log-taken-over", log_taken_over),
    EVENT(SESSION_OPENED, "session-opened", session_opened),
    EVENT(PERSON_OUT, "person-out", person_out),
    EVENT(PERSON_BACK, "person-back", person_out),
    EVENT(THING_OUT, "thing-out", thing_out),
    EVENT(THING_BACK, "thing-back", thing_out),
    EVENT(EXCEPTION, "exception", exception),
    EVENT(SESSION_NOTED, "session-noted", session_noted),
    EVENT(SESSION_CLOSED, "session-closed", session_closed),
    EVENT(PERSON_ADDED, "person-added", person_added),
    EVENT(PERSON_CHANGED, "person-changed", person_added),
    EVENT(PERSON_LEFT, "person-left", person_left),
    EVENT(BADGE_ISSUED, "badge-issued", badge_issued),
    EVENT(BADGE_VOIDED, "badge-voided", badge_voided),
    EVENT(POLICY_CHANGED, "policy-changed", policy_changed),
    EVENT(INTENT, "intent", intent),
    EVENT(OUTCOME, "outcome", outcome),
    EVENT(KEY_CREATED, "key-created", key_created),
    EVENT(EDITION_CREATED, "edition-created", edition_created),
    EVENT(CARD_CREATED, "card-created", card_created),
    EVENT(CARD_ISSUED, "card-issued", card_issued),
    EVENT(CARD_PROVED, "card-proved", card_proved),
    EVENT(CARD_ACCEPTED, "card-accepted", card_accepted),
    EVENT(CARD_REFUSED, "card-refused", card_refused),
    EVENT(CARD_VOIDED, "card-voided", card_voided),
    EVENT(CARD_DESTROYED, "card-destroyed", card_destroyed),
    EVENT(ACCOUNT_ADDED, "account-added", account_added),
    EVENT(ACCOUNT_CHANGED, "account-changed", account_changed),
    EVENT(ACCOUNT_CLOSED, "account-closed", account_closed),
    EVENT(ITEM_SEALED, "item-sealed", item_sealed),
    EVENT(ITEM_DEPOSITED, "item-deposited", item_deposited),
    EVENT(DEPOSIT_REFUSED, "deposit-refused", deposit_refused),
    EVENT(CREDENTIAL_CONFIRMED, "credential-confirmed", credential_confirmed),
    EVENT(ITEM_DELETED, "item-deleted", item_deposited),
    EVENT(SECRET_SHOWN, "secret-shown", secret_shown),
    EVENT(SECRET_HIDDEN, "secret-hidden", secret_hidden),
    EVENT(BAG_SEALED, "bag-sealed", bag_sealed),
    EVENT(BAG_MOVED, "bag-moved", bag_moved),
    EVENT(SEAL_CHECKED, "seal-checked", seal_checked),
    EVENT(DRILL_GRADED, "drill-graded", drill_graded),
    EVENT(ACTION_OPENED, "action-opened", action_opened),
    EVENT(ACTION_CLOSED, "action-closed", action_closed),
    EVENT(REVIEW_SIGNED, "review-signed", review_signed),
    EVENT(REGISTER_SET, "register-set", register_set),
    EVENT(RUNBOOK_STEP, "runbook-step", runbook_step),
    EVENT(EVIDENCE_ATTACHED, "evidence-attached", evidence_attached),
};

/* By name, bytewise ascending. */
static const uint8_t sorted[QRT_EVENTS] = {
    QRT_EV_ACCOUNT_ADDED,   QRT_EV_ACCOUNT_CHANGED,
    QRT_EV_ACCOUNT_CLOSED,  QRT_EV_ACTION_CLOSED,
    QRT_EV_ACTION_OPENED,   QRT_EV_BADGE_ISSUED,
    QRT_EV_BADGE_VOIDED,    QRT_EV_BAG_MOVED,
    QRT_EV_BAG_SEALED,      QRT_EV_CARD_ACCEPTED,
    QRT_EV_CARD_CREATED,    QRT_EV_CARD_DESTROYED,
    QRT_EV_CARD_ISSUED,     QRT_EV_CARD_PROVED,
    QRT_EV_CARD_REFUSED,    QRT_EV_CARD_VOIDED,
    QRT_EV_CHECKPOINT_KEY,  QRT_EV_CREDENTIAL_CONFIRMED,
    QRT_EV_DEPOSIT_REFUSED, QRT_EV_DRILL_GRADED,
    QRT_EV_EDITION_CREATED, QRT_EV_EVIDENCE_ATTACHED,
    QRT_EV_EXCEPTION,       QRT_EV_GENESIS,
    QRT_EV_INTENT,          QRT_EV_ITEM_DELETED,
    QRT_EV_ITEM_DEPOSITED,  QRT_EV_ITEM_SEALED,
    QRT_EV_KEY_CREATED,     QRT_EV_LOG_TAKEN_OVER,
    QRT_EV_OUTCOME,         QRT_EV_PERSON_ADDED,
    QRT_EV_PERSON_BACK,     QRT_EV_PERSON_CHANGED,
    QRT_EV_PERSON_LEFT,     QRT_EV_PERSON_OUT,
    QRT_EV_POLICY_CHANGED,  QRT_EV_REGISTER_SET,
    QRT_EV_REVIEW_SIGNED,   QRT_EV_RUNBOOK_STEP,
    QRT_EV_SEAL_CHECKED,    QRT_EV_SECRET_HIDDEN,
    QRT_EV_SECRET_SHOWN,    QRT_EV_SESSION_CLOSED,
    QRT_EV_SESSION_NOTED,   QRT_EV_SESSION_OPENED,
    QRT_EV_THING_BACK,      QRT_EV_THING_OUT,
};

const struct qrt_event *qrt_event_by_id(enum qrt_event_id id)
{
    return &events[id];
}

static int compare(const char *name, size_t len_bytes, const struct qrt_event *event)
{
    size_t shorter = len_bytes < event->name_chars ? len_bytes : event->name_chars;
    int order = memcmp(name, event->name, shorter);
    return order != 0 ? order : (len_bytes > shorter) - (event->name_chars > shorter);
}

const struct qrt_event *qrt_event_by_name(const char *name, size_t len_bytes)
{
    size_t low = 0;
    size_t high = QRT_EVENTS;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct qrt_event *event = &events[sorted[middle]];
        int order = compare(name, len_bytes, event);
        if (order == 0) {
            return event;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}
