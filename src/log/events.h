/* The table of events: every name, its keys in order, their forms. It is the
 * authority; schemas/event.schema.json is checked against it. */
#ifndef QRT_LOG_EVENTS_H
#define QRT_LOG_EVENTS_H

#include <stddef.h>
#include <stdint.h>

enum qrt_event_id {
    QRT_EV_GENESIS,
    QRT_EV_CHECKPOINT_KEY,
    QRT_EV_LOG_TAKEN_OVER,
    QRT_EV_SESSION_OPENED,
    QRT_EV_PERSON_OUT,
    QRT_EV_PERSON_BACK,
    QRT_EV_THING_OUT,
    QRT_EV_THING_BACK,
    QRT_EV_EXCEPTION,
    QRT_EV_SESSION_NOTED,
    QRT_EV_SESSION_CLOSED,
    QRT_EV_PERSON_ADDED,
    QRT_EV_PERSON_CHANGED,
    QRT_EV_PERSON_LEFT,
    QRT_EV_BADGE_ISSUED,
    QRT_EV_BADGE_VOIDED,
    QRT_EV_POLICY_CHANGED,
    QRT_EV_INTENT,
    QRT_EV_OUTCOME,
    QRT_EV_KEY_CREATED,
    QRT_EV_EDITION_CREATED,
    QRT_EV_CARD_CREATED,
    QRT_EV_CARD_ISSUED,
    QRT_EV_CARD_PROVED,
    QRT_EV_CARD_ACCEPTED,
    QRT_EV_CARD_REFUSED,
    QRT_EV_CARD_VOIDED,
    QRT_EV_CARD_DESTROYED,
    QRT_EV_ACCOUNT_ADDED,
    QRT_EV_ACCOUNT_CHANGED,
    QRT_EV_ACCOUNT_CLOSED,
    QRT_EV_ITEM_SEALED,
    QRT_EV_ITEM_DEPOSITED,
    QRT_EV_DEPOSIT_REFUSED,
    QRT_EV_CREDENTIAL_CONFIRMED,
    QRT_EV_ITEM_DELETED,
    QRT_EV_SECRET_SHOWN,
    QRT_EV_SECRET_HIDDEN,
    QRT_EV_BAG_SEALED,
    QRT_EV_BAG_MOVED,
    QRT_EV_SEAL_CHECKED,
    QRT_EV_DRILL_GRADED,
    QRT_EV_ACTION_OPENED,
    QRT_EV_ACTION_CLOSED,
    QRT_EV_REVIEW_SIGNED,
    QRT_EV_REGISTER_SET,
    QRT_EV_RUNBOOK_STEP,
    QRT_EV_EVIDENCE_ATTACHED,
    QRT_EVENTS
};

/* What a value must look like; every form is checked when an entry is read. */
enum qrt_form {
    QRT_FORM_TEXT,   /* any value text, not empty */
    QRT_FORM_U64,    /* decimal without leading zeros, at most 2^63 - 1 */
    QRT_FORM_I64,    /* the same, with an optional minus (not before 0) */
    QRT_FORM_ID,     /* a person's or account's id */
    QRT_FORM_DIGEST, /* 64 lower-case hex digits */
    QRT_FORM_BASE64, /* canonical, padded */
    QRT_FORM_YES,    /* the word yes */
};

enum {
    QRT_KEY_OPTIONAL = 1,
    QRT_KEY_REPEATED = 2, /* none, one or many, ascending bytewise, no equals */
};

struct qrt_event_key {
    const char *name;
    size_t name_chars;
    enum qrt_form form;
    unsigned flags;
};

struct qrt_event {
    enum qrt_event_id id;
    const char *name;
    size_t name_chars;
    const struct qrt_event_key *keys;
    size_t keys_len;
};

const struct qrt_event *qrt_event_by_id(enum qrt_event_id id);
/* NULL if there is none of that name. */
const struct qrt_event *qrt_event_by_name(const char *name, size_t len_bytes);

#endif
