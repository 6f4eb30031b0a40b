#include "audit/status_parts.h"

#include "base/clock.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 4

void qrt_status_free(struct qrt_status *status)
{
    for (size_t i = 0; i < status->len; i++) {
        free(status->list[i].text);
    }
    free(status->list);
    *status = (struct qrt_status){0};
}

const char *qrt_concern_state_name(enum qrt_concern_state state)
{
    static const char *const names[QRT_CONCERN_STATES] = {"overdue", "conflict", "open", "due"};
    return names[state];
}

static QRT_PRINTF(5, 0) void add(struct qrt_judging *j, enum qrt_concern_state state,
                                 const char *what, int64_t due_unix_s, const char *format,
                                 va_list args)
{
    struct qrt_status *status = j->status;
    if (status->len == status->capacity) {
        size_t capacity = status->capacity == 0 ? 32 : 2 * status->capacity;
        struct qrt_concern *list = reallocarray(status->list, capacity, sizeof *list);
        if (list == NULL) {
            status->failed = true;
            return;
        }
        status->list = list;
        status->capacity = capacity;
    }
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0) {
        status->failed = true;
        return;
    }
    status->list[status->len++] = (struct qrt_concern){state, what, due_unix_s, text};
    status->count[state]++;
}

void qrt_status_add(struct qrt_judging *j, enum qrt_concern_state state, const char *what,
                    int64_t due_unix_s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(j, state, what, due_unix_s, format, args);
    va_end(args);
}

void qrt_status_add_by(struct qrt_judging *j, const char *what, int64_t due_unix_s,
                       const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(j, due_unix_s < j->now_unix_s ? QRT_CONCERN_OVERDUE : QRT_CONCERN_DUE, what, due_unix_s,
        format, args);
    va_end(args);
}

void qrt_status_check_date(struct qrt_judging *j, const char *what, int64_t since_unix_s)
{
    char day[QRT_TIME_CHARS + 1];
    if (since_unix_s - j->now_unix_s > QRT_DAY_S) {
        qrt_clock_format(day, since_unix_s);
        qrt_status_add(j, QRT_CONCERN_CONFLICT, what, QRT_NO_DAY,
                       "the last is dated %.10s, a day to come, and puts off what is due", day);
    }
}

void qrt_some_add(struct qrt_some *some, const char *name, size_t len_chars)
{
    if (some->count++ < NAMES_MAX) {
        qrt_buf_text(&some->names, some->count == 1 ? "" : ", ");
        qrt_buf_add(&some->names, name, len_chars);
    }
}

const char *qrt_some_text(struct qrt_some *some)
{
    if (some->count > NAMES_MAX) {
        qrt_buf_printf(&some->names, " and %zu more", some->count - NAMES_MAX);
        some->count = 0;
    }
    return qrt_buf_str(&some->names);
}

void qrt_some_free(struct qrt_some *some)
{
    qrt_buf_free(&some->names);
    some->count = 0;
}

bool qrt_status_is_current(const struct qrt_state *state, const struct qrt_item_row *item)
{
    const struct qrt_key_row *key = qrt_state_key(state);
    return key != NULL && qrt_item_is_kept(item, key->generation) && item->superseded == QRT_NEVER;
}

bool qrt_status_is_closed(const struct qrt_state *state, const char *account)
{
    const struct qrt_account *row = qrt_state_account(state, account);
    return row != NULL && row->closed != QRT_NEVER;
}

static int compare(const void *a, const void *b)
{
    const struct qrt_concern *x = a;
    const struct qrt_concern *y = b;
    if (x->state != y->state) {
        return x->state < y->state ? -1 : 1;
    }
    if (x->due_unix_s != y->due_unix_s) {
        return x->due_unix_s < y->due_unix_s ? -1 : 1;
    }
    int order = strcmp(x->what, y->what);
    return order != 0 ? order : strcmp(x->text, y->text);
}

enum qrt_code qrt_status_judge(struct qrt_status *status, const struct qrt_vault *vault,
                               int64_t now_unix_s, struct qrt_err *err)
{
    QRT_GATHERED gathered = {0};
    struct qrt_judging j = {
        .status = status, .vault = vault, .facts = &gathered.facts, .now_unix_s = now_unix_s};
    *status = (struct qrt_status){0};
    enum qrt_code code = qrt_facts_gather(&gathered, &vault->state, &vault->policy, err);
    if (code == QRT_OK) {
        qrt_status_clock(&j);
        qrt_status_custody(&j);
        qrt_status_people(&j);
        qrt_status_cards(&j);
        qrt_status_copies(&j);
        qrt_status_review(&j);
        qrt_status_register(&j);
        code = qrt_status_drills(&j, err);
    }
    if (code == QRT_OK) {
        code = qrt_status_governance(&j, err);
    }
    if (code == QRT_OK) {
        code = qrt_status_mailboxes(&j, err);
    }
    if (code == QRT_OK) {
        code = qrt_status_devices(&j, err);
    }
    if (code == QRT_OK) {
        code = qrt_status_dependencies(&j, err);
    }
    if (code == QRT_OK && status->failed) {
        code = qrt_fail(err, QRT_E_NOMEM, "a vault's status");
    }
    if (code != QRT_OK) {
        qrt_status_free(status);
    } else if (status->len > 0) {
        qsort(status->list, status->len, sizeof *status->list, compare);
    }
    return code;
}
