#include "audit/status_parts.h"

#include "audit/tags.h"
#include "vault/register.h"
#include <string.h>

#define DEVICES_MAX 8  /* of one root user at AWS … */
#define DEVICE_DAYS 35 /* … which asks for the first one within these days */

/* Each account that signs in here or can, and whatever is its second factor. */
static void tag_factors(struct qrt_tags *tags, const struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    for (size_t i = 0; i < state->accounts.len; i++) {
        const struct qrt_account *account = QRT_ROW(state, accounts, qrt_account, i);
        bool removed = strcmp(account->strategy, "removed") == 0 ||
                       strcmp(account->strategy, "never-set") == 0;
        if (account->closed == QRT_NEVER) {
            qrt_tags_add(tags, account->id, strlen(account->id),
                         removed ? QRT_TAG_REMOVED : QRT_TAG_ACCOUNT, account->id);
        }
    }
    for (size_t i = 0; i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        bool seed = strcmp(item->kind, "totp") == 0;
        if (!qrt_status_is_current(state, item)) {
            continue;
        }
        if (seed) {
            qrt_tags_add(tags, item->account, strlen(item->account), QRT_TAG_DEVICE, "");
            qrt_tags_add(tags, item->account, strlen(item->account), QRT_TAG_SEED, "");
        }
        if (seed || strcmp(item->kind, "password") == 0 || strcmp(item->kind, "device") == 0) {
            qrt_tags_add(tags, item->account, strlen(item->account), QRT_TAG_CREDENTIAL, "");
        }
    }
    for (size_t i = 0; i < state->registers.len; i++) {
        const struct qrt_register_row *row = qrt_status_row(j, i, "device");
        struct qrt_span value;
        bool management = row != NULL && qrt_register_get(row, "management", &value);
        bool is_virtual =
            row != NULL && qrt_register_get(row, "kind", &value) && qrt_span_is(value, "virtual");
        for (size_t at = 0; row != NULL && qrt_register_next(row, "account", &at, &value);) {
            qrt_tags_add(tags, value.data, value.len_bytes, QRT_TAG_DEVICE, row->name);
            if (management) {
                qrt_tags_add(tags, value.data, value.len_bytes, QRT_TAG_MANAGEMENT, row->name);
            }
            if (is_virtual) {
                qrt_tags_add(tags, value.data, value.len_bytes, QRT_TAG_VIRTUAL, row->name);
            }
        }
    }
}

/* Accounts without a second factor, by when AWS asks for one. */
struct missing {
    struct qrt_some late;
    struct qrt_some soon;
    int64_t late_unix_s; /* the first of them */
    int64_t soon_unix_s;
};

static void miss(struct missing *missing, const struct qrt_judging *j, const char *id)
{
    const struct qrt_account *account = qrt_state_account(&j->vault->state, id);
    int64_t due = account->added_unix_s + DEVICE_DAYS * (int64_t)QRT_DAY_S;
    bool late = due < j->now_unix_s;
    struct qrt_some *some = late ? &missing->late : &missing->soon;
    int64_t *first = late ? &missing->late_unix_s : &missing->soon_unix_s;
    *first = some->count == 0 || due < *first ? due : *first;
    qrt_some_add(some, id, strlen(id));
}

static void tell_missing(struct qrt_judging *j, struct missing *missing)
{
    static const char words[] = "no second factor is known of %s; AWS asks for one within %d days";
    if (missing->late.count > 0) {
        qrt_status_add_by(j, "device", missing->late_unix_s, words, qrt_some_text(&missing->late),
                          DEVICE_DAYS);
    }
    if (missing->soon.count > 0) {
        qrt_status_add_by(j, "device", missing->soon_unix_s, words, qrt_some_text(&missing->soon),
                          DEVICE_DAYS);
    }
    qrt_some_free(&missing->late);
    qrt_some_free(&missing->soon);
}

static void judge_factors(struct qrt_judging *j, struct qrt_tags *tags)
{
    QRT_SOME one = {0};
    QRT_SOME seeds = {0};
    QRT_SOME removed = {0};
    struct missing missing = {0};
    tag_factors(tags, j);
    if (tags->failed || tags->len == 0) {
        return;
    }
    qrt_tags_sort(tags);
    for (size_t at = 0; at < tags->len;) {
        struct qrt_tag_run run = qrt_tags_run(tags, at);
        const char *id = run.first->key;
        at = run.next;
        if (run.count[QRT_TAG_REMOVED] > 0 && run.count[QRT_TAG_CREDENTIAL] > 0) {
            qrt_some_add(&removed, id, strlen(id));
        }
        if (run.count[QRT_TAG_ACCOUNT] == 0) {
            continue;
        }
        if (run.count[QRT_TAG_DEVICE] > DEVICES_MAX) {
            qrt_status_add(j, QRT_CONCERN_CONFLICT, "device", QRT_NO_DAY,
                           "account %s has %zu devices, and AWS takes %d", id,
                           run.count[QRT_TAG_DEVICE], DEVICES_MAX);
        } else if (run.count[QRT_TAG_DEVICE] == 0) {
            miss(&missing, j, id);
        } else if (run.count[QRT_TAG_DEVICE] == 1) {
            qrt_some_add(&one, id, strlen(id));
        }
        if (run.count[QRT_TAG_SEED] > 0 && run.count[QRT_TAG_MANAGEMENT] > 0 &&
            run.count[QRT_TAG_VIRTUAL] == 0) {
            qrt_some_add(&seeds, id, strlen(id));
        }
    }
    tell_missing(j, &missing);
    if (removed.count > 0) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "credential", QRT_NO_DAY,
                       "removed or never set, yet credentials are in custody: %s",
                       qrt_some_text(&removed));
    }
    if (one.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "device", QRT_NO_DAY, "one MFA device and no other: %s",
                       qrt_some_text(&one));
    }
    if (seeds.count > 0) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "device", QRT_NO_DAY,
                       "the MFA seed of a management account is in the vault, and no virtual "
                       "device is registered with a note of why: %s",
                       qrt_some_text(&seeds));
    }
}

static void judge_device(struct qrt_judging *j, const struct qrt_register_row *row,
                         struct qrt_some *without_battery)
{
    struct qrt_span kind;
    struct qrt_span value;
    size_t accounts = 0;
    bool management = qrt_register_get(row, "management", &value);
    (void)qrt_register_get(row, "kind", &kind); /* it is needed */
    for (size_t at = 0; qrt_register_next(row, "account", &at, &value);) {
        accounts++;
    }
    if (accounts > 1 && management) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "device", QRT_NO_DAY,
                       "%s opens a management account, and serves others too", row->name);
    }
    if (management && qrt_span_is(kind, "virtual") && !qrt_register_get(row, "note", &value)) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "device", QRT_NO_DAY,
                       "%s of a management account is virtual: hardware without a battery is "
                       "better, or a note that says why not",
                       row->name);
    }
    if (qrt_span_is(kind, "hardware") && !qrt_register_get(row, "expires", &value)) {
        qrt_some_add(without_battery, row->name, strlen(row->name));
    }
}

static void judge_devices(struct qrt_judging *j)
{
    QRT_SOME without_battery = {0};
    for (size_t i = 0; i < j->vault->state.registers.len; i++) {
        const struct qrt_register_row *row = qrt_status_row(j, i, "device");
        if (row != NULL) {
            judge_device(j, row, &without_battery);
        }
    }
    if (without_battery.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "device", QRT_NO_DAY,
                       "when its battery is to be replaced is not known: %s",
                       qrt_some_text(&without_battery));
    }
}

enum qrt_code qrt_status_devices(struct qrt_judging *j, struct qrt_err *err)
{
    QRT_TAGS accounts = {0};
    judge_factors(j, &accounts);
    judge_devices(j);
    return accounts.failed ? qrt_fail(err, QRT_E_NOMEM, "a vault's status") : QRT_OK;
}
