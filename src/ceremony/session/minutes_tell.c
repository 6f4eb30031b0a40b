#include "ceremony/session/minutes_tell.h"

#include <stdio.h>
#include <string.h>

#define BRIEF_BYTES 1200

/* The next line; false at the end. */
static bool next(struct qrt_span *rest, struct qrt_span *key, struct qrt_span *value)
{
    const char *end = memchr(rest->data, '\n', rest->len_bytes);
    const char *blank = end == NULL ? NULL : memchr(rest->data, ' ', (size_t)(end - rest->data));
    if (blank == NULL) {
        return false;
    }
    *key = (struct qrt_span){rest->data, (size_t)(blank - rest->data)};
    *value = (struct qrt_span){blank + 1, (size_t)(end - blank) - 1};
    rest->len_bytes -= (size_t)(end - rest->data) + 1;
    rest->data = end + 1;
    return true;
}

/* What is read of each event. {key} is its value, or its values; what stands in
 * brackets is said only if the key in it is there, and {-key} says nothing more.
 * Digests and keys are for programs, which find them by the entry's index. */
static const char *const sentences[QRT_EVENTS] = {
    [QRT_EV_GENESIS] = "a log begins",
    [QRT_EV_CHECKPOINT_KEY] = "a commit",
    [QRT_EV_LOG_TAKEN_OVER] = "the log is taken over; its operators: {operator}",
    [QRT_EV_SESSION_CLOSED] = "the session is closed",
    [QRT_EV_PERSON_OUT] = "{person} leaves the room",
    [QRT_EV_PERSON_BACK] = "{person} comes into the room",
    [QRT_EV_THING_OUT] = "out with {person}: {thing}",
    [QRT_EV_THING_BACK] = "back with {person}: {thing}",
    [QRT_EV_SESSION_NOTED] = "note: {text}",
    [QRT_EV_SESSION_OPENED] = "the session is opened[ by two badges, the other {second}]"
                              "[; present: {present}]; the wall clock less the machine's: "
                              "{clock-offset-s} s; {release}[; receipts: {receipt}]",
    [QRT_EV_PERSON_ADDED] = "{person} joins as {role}",
    [QRT_EV_PERSON_CHANGED] = "{person} is now {role}",
    [QRT_EV_PERSON_LEFT] = "{person} has left: {reason}",
    [QRT_EV_BADGE_ISSUED] = "{person} has a badge, a {form}",
    [QRT_EV_BADGE_VOIDED] = "the badge of {person} is void: {reason}",
    [QRT_EV_POLICY_CHANGED] = "another policy is in force: {group}; cosignatures: {cosignatures}"
                              "[; two badges for an opening{-second}]",
    [QRT_EV_INTENT] = "begun: {ceremony}[ of level {level}][, account {account}][, group {group}]"
                      "[, purpose: {purpose}][, ticket {ticket}][, approved by {approver}]"
                      "[, to show {show}]",
    [QRT_EV_OUTCOME] = "ended: {result}[, {reason}]",
    [QRT_EV_KEY_CREATED] = "a new vault key, generation {generation}, identifier {identifier}",
    [QRT_EV_EDITION_CREATED] = "generation {generation}, {group} group: edition {edition}, "
                               "of which {threshold} cards are needed",
    [QRT_EV_CARD_CREATED] = "card {serial} is made for {custodian}: generation {generation}, "
                            "{group} group, edition {edition}[; it replaces card {replaces}]",
    [QRT_EV_CARD_ISSUED] = "card {serial} is handed over",
    [QRT_EV_CARD_PROVED] = "card {serial} is read back by its {how}: {result}",
    [QRT_EV_CARD_ACCEPTED] = "card {serial} is read by its {how}: {result}"
                             "[, although it is suspect{-suspect}]",
    [QRT_EV_CARD_REFUSED] = "a card is refused[, number {serial}]: {reason}",
    [QRT_EV_CARD_VOIDED] = "card {serial} is void: {reason}",
    [QRT_EV_CARD_DESTROYED] = "card {serial} is destroyed before {witness}",
    [QRT_EV_ACCOUNT_ADDED] = "account {account} is added: {name}, {email}[, strategy {strategy}]",
    [QRT_EV_ACCOUNT_CHANGED] = "account {account} is changed[; name: {name}]"
                               "[; e-mail address: {email}][; strategy: {strategy}]",
    [QRT_EV_ACCOUNT_CLOSED] = "account {account} is closed: {reason}",
    [QRT_EV_ITEM_SEALED] = "account {account}: its {kind} is sealed as item {serial}, generation "
                           "{generation}[; it follows item {supersedes}][; from deposit {deposit}]",
    [QRT_EV_ITEM_DEPOSITED] = "account {account}: its {kind} is deposited as item {serial}, "
                              "generation {generation}",
    [QRT_EV_DEPOSIT_REFUSED] = "deposit {deposit} is refused: {reason}",
    [QRT_EV_CREDENTIAL_CONFIRMED] = "account {account}: its {kind}, item {serial}, is in use: "
                                    "{how}",
    [QRT_EV_ITEM_DELETED] = "account {account}: its {kind}, item {serial} of generation "
                            "{generation}, is deleted",
    [QRT_EV_SECRET_SHOWN] = "account {account}: its {what} is shown ({to}), {kind} item {serial}",
    [QRT_EV_SECRET_HIDDEN] = "hidden again after {duration-s} s: {what}[; seen by {seen-by}]",
    [QRT_EV_BAG_SEALED] = "bag {bag} is sealed[ with card {serial}][ for account {account}] and "
                          "goes into {safe} of {site}[, before {witness}]",
    [QRT_EV_BAG_MOVED] = "bag {bag} is moved to {safe} of {site}",
    [QRT_EV_SEAL_CHECKED] = "the seal of bag {bag} is {result}[; the number seen is {seen}]"
                            "[; looked at by {person}]",
    [QRT_EV_DRILL_GRADED] = "grade of {subject}: {grade}",
    [QRT_EV_ACTION_OPENED] = "action {action}, for {owner} by {due}: {text}",
    [QRT_EV_ACTION_CLOSED] = "action {action} is done: {text}",
    [QRT_EV_REVIEW_SIGNED] = "{person} attests {channel}: {result}",
    [QRT_EV_REGISTER_SET] = "the register of kind {register} is set, {name}[: {value}]",
    [QRT_EV_RUNBOOK_STEP] = "runbook {runbook}, step {step}, by {person}[, account {account}]"
                            "[: {value}][, case {case}]",
    [QRT_EV_EVIDENCE_ATTACHED] = "evidence is attached, a {kind}[: {note}]",
    [QRT_EV_EXCEPTION] =
        "exception at {step}: expected: {expected}; happened: {happened}; decided: "
        "{decided}[; about {person}][; {settles-person} does not come back]"
        "[; {settles-thing} does not come back]",
};

/* All values of a key, a comma between them; false if there is none. */
static bool add_values(struct qrt_buf *out, struct qrt_span lines, const char *name)
{
    struct qrt_span key;
    struct qrt_span value;
    bool found = false;
    while (next(&lines, &key, &value)) {
        if (qrt_span_is(key, name)) {
            qrt_buf_text(out, found ? ", " : "");
            qrt_span_unescape(out, value);
            found = true;
        }
    }
    return found;
}

/* A part of a sentence up to its end or a bracket; false if it names a key that is not there. */
static bool add_part(struct qrt_buf *out, const char **at, struct qrt_span lines)
{
    bool whole = true;
    while (**at != '\0' && **at != '[' && **at != ']') {
        if (**at != '{') {
            qrt_buf_u8(out, (uint8_t) * (*at)++);
            continue;
        }
        char name[24];
        QRT_BUF values = {0};
        size_t len = strcspn(*at, "}");
        bool silent = (*at)[1] == '-';
        snprintf(name, sizeof name, "%.*s", (int)(len - 1 - silent), *at + 1 + silent);
        whole = add_values(&values, lines, name) && whole;
        qrt_buf_text(out, silent ? "" : qrt_buf_str(&values));
        *at += len + 1;
    }
    return whole;
}

static void add_sentence(struct qrt_buf *out, const char *sentence, struct qrt_span lines)
{
    for (const char *at = sentence; *at != '\0';) {
        bool optional = *at == '[';
        QRT_BUF part = {0};
        at += *at == '[' || *at == ']';
        if (add_part(&part, &at, lines) || !optional) {
            qrt_buf_text(out, qrt_buf_str(&part));
        }
    }
}

void qrt_minutes_tell(struct qrt_buf *out, const struct qrt_event *event, struct qrt_span lines,
                      bool briefly)
{
    QRT_BUF text = {0};
    bool apart = briefly && event->id == QRT_EV_EXCEPTION;
    add_sentence(&text, apart ? "exception at {step}" : sentences[event->id], lines);
    size_t len_bytes = text.len_bytes;
    if (briefly && len_bytes > BRIEF_BYTES) {
        for (len_bytes = BRIEF_BYTES; (text.data[len_bytes] & 0xC0U) == 0x80; len_bytes--) {
        }
    }
    qrt_buf_add(out, text.data, len_bytes);
    qrt_buf_text(out, len_bytes < text.len_bytes ? " (the rest is in the log)" : "");
}

void qrt_minutes_tell_run(struct qrt_buf *out, const struct qrt_event *event, uint64_t count,
                          uint64_t last)
{
    qrt_buf_printf(out, "%s: %llu entries, up to %llu", event->name, (unsigned long long)count,
                   (unsigned long long)last);
}
