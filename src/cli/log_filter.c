#include "cli/log_filter.h"

#include "base/clock.h"
#include "base/text.h"
#include "cli/cli.h"
#include "log/inspect.h"
#include <stdio.h>
#include <string.h>

#define DATE_CHARS 10

static enum qrt_code bad_value(struct qrt_err *err, const char *option, const char *value,
                               const char *why)
{
    QRT_BUF shown = {0};
    return qrt_fail(err, QRT_E_USAGE, "%s %.80s: %s", option, qrt_cli_shown(&shown, value), why);
}

static enum qrt_code take_id(const char **id, const char *option, int *argc, char **argv,
                             struct qrt_err *err)
{
    enum qrt_code code = qrt_cli_option(id, argc, argv, option, err);
    return code == QRT_OK && *id != NULL && !qrt_text_is_id(*id)
               ? bad_value(err, option, *id,
                           "an id is lower-case letters, digits and . _ -, at most 32")
               : code;
}

static enum qrt_code take_card(struct qrt_log_filter *filter, int *argc, char **argv,
                               struct qrt_err *err)
{
    const char *text;
    enum qrt_code code = qrt_cli_option(&text, argc, argv, "--card", err);
    if (code == QRT_OK && text != NULL &&
        (!qrt_text_u64(text, strlen(text), UINT32_MAX, &filter->card) || filter->card == 0)) {
        return bad_value(err, "--card", text, "a card's serial is a number from 1");
    }
    return code;
}

static enum qrt_code take_event(struct qrt_log_filter *filter, int *argc, char **argv,
                                struct qrt_err *err)
{
    const char *text;
    enum qrt_code code = qrt_cli_option(&text, argc, argv, "--event", err);
    if (code == QRT_OK && text != NULL) {
        filter->event = qrt_event_by_name(text, strlen(text));
        if (filter->event == NULL) {
            return bad_value(err, "--event", text, "there is no event of that name");
        }
    }
    return code;
}

static enum qrt_code take_session(struct qrt_log_filter *filter, int *argc, char **argv,
                                  struct qrt_err *err)
{
    const char *text;
    enum qrt_code code = qrt_cli_option(&text, argc, argv, "--session", err);
    if (code != QRT_OK || text == NULL) {
        return code;
    }
    bool minus = text[0] == '-';
    uint64_t n;
    if (strcmp(text, "last") == 0) {
        filter->session = -1;
    } else if (qrt_text_u64(text + minus, strlen(text + minus), INT32_MAX, &n) && n > 0) {
        filter->session = minus ? -(int64_t)n : (int64_t)n;
    } else {
        return bad_value(err, "--session", text, "a number from 1, from -1 backwards, or last");
    }
    return QRT_OK;
}

/* A date, or a date and a time as the log shows it; a date's end is its last second. */
static enum qrt_code take_time(int64_t *unix_s, const char *option, bool at_end, int *argc,
                               char **argv, struct qrt_err *err)
{
    const char *text;
    char whole[QRT_TIME_CHARS + 1];
    enum qrt_code code = qrt_cli_option(&text, argc, argv, option, err);
    if (code != QRT_OK || text == NULL) {
        return code;
    }
    size_t len = strlen(text);
    snprintf(whole, sizeof whole, "%.20s%s", text,
             len != DATE_CHARS ? "" : (at_end ? "T23:59:59Z" : "T00:00:00Z"));
    if ((len != DATE_CHARS && len != QRT_TIME_CHARS) ||
        !qrt_clock_parse(whole, strlen(whole), unix_s)) {
        return bad_value(err, option, text, "no time: 2026-03-31, or 2026-03-31T09:30:00Z, in UTC");
    }
    return QRT_OK;
}

enum qrt_code qrt_log_filter_take(struct qrt_log_filter *filter, int *argc, char **argv,
                                  struct qrt_err *err)
{
    *filter = (struct qrt_log_filter){.since_unix_s = INT64_MIN, .until_unix_s = INT64_MAX};
    enum qrt_code code;
    if ((code = take_id(&filter->person, "--person", argc, argv, err)) != QRT_OK ||
        (code = take_id(&filter->account, "--account", argc, argv, err)) != QRT_OK ||
        (code = take_card(filter, argc, argv, err)) != QRT_OK ||
        (code = take_event(filter, argc, argv, err)) != QRT_OK ||
        (code = take_session(filter, argc, argv, err)) != QRT_OK ||
        (code = take_time(&filter->since_unix_s, "--since", false, argc, argv, err)) != QRT_OK ||
        (code = take_time(&filter->until_unix_s, "--until", true, argc, argv, err)) != QRT_OK) {
        return code;
    }
    return filter->since_unix_s <= filter->until_unix_s
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "--since, --until: the first is later than the second");
}

static bool count_session(void *ctx, const struct qrt_entry *entry)
{
    int64_t *sessions = ctx;
    *sessions += entry->event->id == QRT_EV_SESSION_OPENED ? 1 : 0;
    return true;
}

/* A slip in an id would else look like an empty log. */
static enum qrt_code find_names(const struct qrt_log_filter *filter, struct qrt_err *err)
{
    const struct qrt_state *state = filter->state;
    if (filter->person != NULL && qrt_state_person(state, filter->person) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "--person %s: the log knows nobody of that id",
                        filter->person);
    }
    if (filter->account != NULL && qrt_state_account(state, filter->account) == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "--account %s: the log knows no account of that id",
                        filter->account);
    }
    return filter->card == 0 || qrt_state_card(state, filter->card) != NULL
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "--card %llu: the log knows no card of that serial",
                          (unsigned long long)filter->card);
}

enum qrt_code qrt_log_filter_begin(struct qrt_log_filter *filter, struct qrt_log *log,
                                   const struct qrt_state *state, struct qrt_err *err)
{
    int64_t sessions = 0;
    filter->state = state;
    enum qrt_code code = find_names(filter, err);
    if (code != QRT_OK || filter->session == 0) {
        return code;
    }
    code = qrt_log_each_entry(log, count_session, &sessions, err);
    if (code != QRT_OK) {
        return code;
    }
    int64_t n = filter->session < 0 ? sessions + 1 + filter->session : filter->session;
    if (n < 1 || n > sessions) {
        return qrt_fail(err, QRT_E_USAGE, "--session %lld: the log has %lld of them",
                        (long long)filter->session, (long long)sessions);
    }
    filter->session = n;
    return QRT_OK;
}

/* From its session-opened to the last entry of the epoch that closed it; to the
 * next session, where it was cut short. */
static bool in_session(struct qrt_log_filter *filter, const struct qrt_entry *entry)
{
    if (entry->event->id == QRT_EV_SESSION_OPENED) {
        filter->sessions++;
        filter->inside = filter->sessions == (uint64_t)filter->session;
        filter->closing = false;
    } else if (filter->inside && filter->closing && entry->epoch != filter->epoch) {
        filter->inside = false;
    } else if (filter->inside && entry->event->id == QRT_EV_SESSION_CLOSED) {
        filter->closing = true;
        filter->epoch = entry->epoch;
    }
    return filter->session == 0 || filter->inside;
}

/* The first word of a list, which is cut off it. */
static struct qrt_span next_word(struct qrt_span *rest, char between)
{
    const char *end = memchr(rest->data, between, rest->len_bytes);
    size_t n = end == NULL ? rest->len_bytes : (size_t)(end - rest->data);
    struct qrt_span word = {rest->data, n};
    n += end == NULL ? 0 : 1;
    rest->data += n;
    rest->len_bytes -= n;
    return word;
}

/* `name threshold id,id…` */
static bool group_has(struct qrt_span group, const char *person)
{
    (void)next_word(&group, ' ');
    (void)next_word(&group, ' ');
    while (group.len_bytes > 0) {
        if (qrt_span_is(next_word(&group, ','), person)) {
            return true;
        }
    }
    return false;
}

/* Every id but an account's is a person's; some texts begin with one. */
static bool names_person(const struct qrt_entry *entry, const char *person)
{
    const struct qrt_event *event = entry->event;
    struct qrt_entry_cursor cursor = {0};
    size_t at = 0;
    if (qrt_span_is(entry->actor, person)) {
        return true;
    }
    while (qrt_entry_next(entry, &cursor)) {
        while (at + 1 < event->keys_len && !qrt_span_is(cursor.key, event->keys[at].name)) {
            at++;
        }
        bool found = false;
        if (event->keys[at].form == QRT_FORM_ID) {
            found = !qrt_span_is(cursor.key, "account") && qrt_span_is(cursor.value, person);
        } else if (qrt_span_is(cursor.key, "group")) {
            found = group_has(cursor.value, person);
        } else if (qrt_span_is(cursor.key, "person") || qrt_span_is(cursor.key, "subject") ||
                   qrt_span_is(cursor.key, "operator") ||
                   (event->id == QRT_EV_SESSION_CLOSED && qrt_span_is(cursor.key, "receipt"))) {
            found = qrt_span_is(next_word(&cursor.value, ' '), person);
        }
        if (found) {
            return true;
        }
    }
    return false;
}

static bool has_number(const struct qrt_entry *entry, const char *key, uint64_t number)
{
    uint64_t value;
    return qrt_entry_u64(entry, key, &value) && value == number;
}

/* `serial` is an item's in some events, a card's in these. */
static bool names_card(const struct qrt_log_filter *filter, const struct qrt_entry *entry)
{
    struct qrt_span value;
    char number[24];
    char bag[QRT_BAG_BYTES];
    switch (entry->event->id) {
    case QRT_EV_CARD_CREATED:
        return has_number(entry, "serial", filter->card) ||
               has_number(entry, "replaces", filter->card);
    case QRT_EV_CARD_ISSUED:
    case QRT_EV_CARD_PROVED:
    case QRT_EV_CARD_ACCEPTED:
    case QRT_EV_CARD_REFUSED:
    case QRT_EV_CARD_VOIDED:
    case QRT_EV_CARD_DESTROYED:
    case QRT_EV_BAG_SEALED:
        return has_number(entry, "serial", filter->card);
    case QRT_EV_DRILL_GRADED:
        snprintf(number, sizeof number, "%llu", (unsigned long long)filter->card);
        return qrt_entry_get(entry, "subject", &value) && qrt_span_is(value, number);
    case QRT_EV_BAG_MOVED:
    case QRT_EV_SEAL_CHECKED: {
        const struct qrt_bag *row =
            qrt_entry_get(entry, "bag", &value) && qrt_span_copy(bag, sizeof bag, value)
                ? qrt_state_bag(filter->state, bag)
                : NULL;
        return row != NULL && (uint64_t)row->serial == filter->card;
    }
    default:
        return false;
    }
}

/* What names it, and what belongs to a ceremony that does. */
static bool of_account(struct qrt_log_filter *filter, const struct qrt_entry *entry)
{
    struct qrt_span value;
    bool named = qrt_entry_get(entry, "account", &value) && qrt_span_is(value, filter->account);
    if (named && entry->event->id == QRT_EV_INTENT) {
        filter->in_ceremony = true;
        filter->intent = entry->index;
    }
    return named || (filter->in_ceremony && has_number(entry, "intent", filter->intent));
}

bool qrt_log_filter_match(struct qrt_log_filter *filter, const struct qrt_entry *entry)
{
    /* These two keep count: they are asked of every entry. */
    bool session = in_session(filter, entry);
    bool account = filter->account == NULL || of_account(filter, entry);
    return session && account && (filter->event == NULL || filter->event == entry->event) &&
           entry->time_unix_s >= filter->since_unix_s &&
           entry->time_unix_s <= filter->until_unix_s &&
           (filter->card == 0 || names_card(filter, entry)) &&
           (filter->person == NULL || names_person(entry, filter->person));
}
