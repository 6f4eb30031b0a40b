#include "audit/status_parts.h"

#include "audit/tags.h"
#include "vault/register.h"
#include <string.h>
#include <strings.h>

/* "com", "net", "de", "co.uk" or "com.au". */
static bool is_country(const char *text)
{
    size_t wide = strncasecmp(text, "co.", 3) == 0 ? 3 : strncasecmp(text, "com.", 4) == 0 ? 4 : 0;
    return strlen(text + wide) == 2 || strcasecmp(text, "com") == 0 || strcasecmp(text, "net") == 0;
}

/* Those that end in a dot have domains in several countries. */
static bool is_public(const char *address)
{
    static const char *const providers[] = {
        "126.com", "163.com",     "aol.com",    "fastmail.com", "gmail.com", "googlemail.com",
        "gmx.",    "hotmail.",    "icloud.com", "live.",        "mac.com",   "mail.com",
        "mail.ru", "me.com",      "msn.com",    "naver.com",    "outlook.",  "proton.me",
        "pm.me",   "protonmail.", "qq.com",     "t-online.de",  "web.de",    "yahoo.",
        "yandex.", "ymail.com",   "zoho."};
    const char *at = strchr(address, '@');
    for (size_t i = 0; at != NULL && i < sizeof providers / sizeof providers[0]; i++) {
        size_t len = strlen(providers[i]);
        if (strncasecmp(at + 1, providers[i], len) == 0 &&
            (at[1 + len] == '\0' || (providers[i][len - 1] == '.' && is_country(at + 1 + len)))) {
            return true;
        }
    }
    return false;
}

static void tag_addresses(struct qrt_tags *tags, const struct qrt_judging *j)
{
    static const struct {
        const char *reg;
        const char *key;
        enum qrt_tag_kind kind;
    } sources[] = {{"mailbox", "address", QRT_TAG_MAILBOX},
                   {"mailbox", "recipient", QRT_TAG_ELSEWHERE},
                   {"contact", "email", QRT_TAG_ELSEWHERE}};
    const struct qrt_state *state = &j->vault->state;
    for (size_t i = 0; i < state->accounts.len; i++) {
        const struct qrt_account *account = QRT_ROW(state, accounts, qrt_account, i);
        if (account->closed == QRT_NEVER) {
            qrt_tags_add(tags, account->email, strlen(account->email), QRT_TAG_ACCOUNT,
                         account->id);
        }
    }
    for (size_t i = 0; i < state->registers.len; i++) {
        for (size_t s = 0; s < sizeof sources / sizeof sources[0]; s++) {
            const struct qrt_register_row *row = qrt_status_row(j, i, sources[s].reg);
            size_t at = 0;
            struct qrt_span value;
            while (row != NULL && qrt_register_next(row, sources[s].key, &at, &value)) {
                qrt_tags_add(tags, value.data, value.len_bytes, sources[s].kind, row->name);
            }
        }
    }
}

static void judge_addresses(struct qrt_judging *j, const struct qrt_tags *tags)
{
    QRT_SOME unregistered = {0};
    QRT_SOME public = {0};
    for (size_t at = 0; at < tags->len;) {
        struct qrt_tag_run run = qrt_tags_run(tags, at);
        const char *address = run.first->key;
        at = run.next;
        if (is_public(address)) {
            qrt_some_add(&public, address, strlen(address));
        }
        if (run.count[QRT_TAG_ACCOUNT] > 1 || run.count[QRT_TAG_MAILBOX] > 1) {
            qrt_status_add(j, QRT_CONCERN_CONFLICT, "mailbox", QRT_NO_DAY,
                           "%s is the address of %zu accounts and of %zu mailboxes", address,
                           run.count[QRT_TAG_ACCOUNT], run.count[QRT_TAG_MAILBOX]);
        }
        if (run.count[QRT_TAG_ACCOUNT] + run.count[QRT_TAG_MAILBOX] > 0 &&
            run.count[QRT_TAG_ELSEWHERE] > 0) {
            qrt_status_add(j, QRT_CONCERN_CONFLICT, "mailbox", QRT_NO_DAY,
                           "%s, a root user's, serves as a contact or recipient as well", address);
        }
        if (run.count[QRT_TAG_ACCOUNT] > 0 && run.count[QRT_TAG_MAILBOX] == 0) {
            qrt_some_add(&unregistered, address, strlen(address));
        }
    }
    if (public.count > 0) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "mailbox", QRT_NO_DAY, "at a public provider: %s",
                       qrt_some_text(&public));
    }
    if (unregistered.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "mailbox", QRT_NO_DAY,
                       "root addresses in no mailbox of the register: %s",
                       qrt_some_text(&unregistered));
    }
}

/* A recipient that stands there before, but for its case. */
static bool is_told_before(const struct qrt_register_row *row, struct qrt_span recipient)
{
    struct qrt_span value;
    for (size_t at = 0;
         qrt_register_next(row, "recipient", &at, &value) && value.data != recipient.data;) {
        if (value.len_bytes == recipient.len_bytes &&
            strncasecmp(value.data, recipient.data, value.len_bytes) == 0) {
            return true;
        }
    }
    return false;
}

static void judge_mailbox(struct qrt_judging *j, const struct qrt_register_row *row)
{
    size_t readers = 0;
    size_t at = 0;
    struct qrt_span value;
    while (qrt_register_next(row, "recipient", &at, &value)) {
        readers += is_told_before(row, value) ? 0 : 1;
    }
    if (readers < 2) {
        qrt_status_add(j, QRT_CONCERN_CONFLICT, "mailbox", QRT_NO_DAY,
                       "%s: recipients: %zu, and there must be two", row->name, readers);
    }
}

enum qrt_code qrt_status_mailboxes(struct qrt_judging *j, struct qrt_err *err)
{
    QRT_TAGS addresses = {0};
    for (size_t i = 0; i < j->vault->state.registers.len; i++) {
        const struct qrt_register_row *row = qrt_status_row(j, i, "mailbox");
        if (row != NULL) {
            judge_mailbox(j, row);
        }
    }
    tag_addresses(&addresses, j);
    qrt_tags_sort(&addresses);
    judge_addresses(j, &addresses);
    return addresses.failed ? qrt_fail(err, QRT_E_NOMEM, "a vault's status") : QRT_OK;
}
