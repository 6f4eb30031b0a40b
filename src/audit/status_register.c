#include "audit/status_parts.h"

#include "vault/account.h"
#include "vault/register.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEVICES_MAX 8  /* of one root user at AWS … */
#define DEVICE_DAYS 35 /* … which asks for the first one within these days */

/* Something under a key by which it is sorted, so that all of one key meet. */
enum tag_kind {
    TAG_ACCOUNT,
    TAG_MAILBOX,
    TAG_ELSEWHERE, /* a recipient or a contact */
    TAG_DEVICE,
    TAG_SEED,       /* an MFA seed in this vault */
    TAG_VIRTUAL,    /* a virtual device of the register */
    TAG_MANAGEMENT, /* a device of a management account */
    TAG_REMOVED,    /* an account without credentials, by its strategy */
    TAG_CREDENTIAL, /* that is in custody all the same */
    TAG_KINDS,
};

struct tag {
    char key[QRT_MAIL_BYTES]; /* an address, or an account's id */
    enum tag_kind kind;
    const char *name;
};

struct tags {
    struct tag *list;
    size_t len;
    size_t capacity;
    bool failed;
};

static void tags_free(struct tags *tags)
{
    free(tags->list);
}
#define TAGS __attribute__((cleanup(tags_free))) struct tags

static void tag(struct tags *tags, const char *key, size_t key_chars, enum tag_kind kind,
                const char *name)
{
    if (tags->len == tags->capacity) {
        size_t capacity = tags->capacity == 0 ? 256 : 2 * tags->capacity;
        struct tag *list = reallocarray(tags->list, capacity, sizeof *list);
        if (list == NULL) {
            tags->failed = true;
            return;
        }
        tags->list = list;
        tags->capacity = capacity;
    }
    struct tag *new = &tags->list[tags->len++];
    *new = (struct tag){.kind = kind, .name = name};
    snprintf(new->key, sizeof new->key, "%.*s", (int)key_chars, key);
}

static int compare_tags(const void *a, const void *b)
{
    const struct tag *x = a;
    const struct tag *y = b;
    int order = strcasecmp(x->key, y->key);
    return order != 0 ? order : (int)x->kind - (int)y->kind;
}

/* All of one key; the tags from `at` on. */
struct run {
    const struct tag *first;
    size_t count[TAG_KINDS];
    size_t next;
};

static struct run run_at(const struct tags *tags, size_t at)
{
    struct run run = {.first = &tags->list[at], .next = at};
    while (run.next < tags->len && strcasecmp(tags->list[run.next].key, run.first->key) == 0) {
        run.count[tags->list[run.next++].kind]++;
    }
    return run;
}

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

static const struct qrt_register_row *row_at(const struct qrt_judging *j, size_t i, const char *reg)
{
    const struct qrt_register_row *row = QRT_ROW(&j->vault->state, registers, qrt_register_row, i);
    return row->value[0] != '\0' && (reg == NULL || strcmp(row->reg, reg) == 0) ? row : NULL;
}

static void tag_addresses(struct tags *tags, const struct qrt_judging *j)
{
    static const struct {
        const char *reg;
        const char *key;
        enum tag_kind kind;
    } sources[] = {{"mailbox", "address", TAG_MAILBOX},
                   {"mailbox", "recipient", TAG_ELSEWHERE},
                   {"contact", "email", TAG_ELSEWHERE}};
    const struct qrt_state *state = &j->vault->state;
    for (size_t i = 0; i < state->accounts.len; i++) {
        const struct qrt_account *account = QRT_ROW(state, accounts, qrt_account, i);
        if (account->closed == QRT_NEVER) {
            tag(tags, account->email, strlen(account->email), TAG_ACCOUNT, account->id);
        }
    }
    for (size_t i = 0; i < state->registers.len; i++) {
        for (size_t s = 0; s < sizeof sources / sizeof sources[0]; s++) {
            const struct qrt_register_row *row = row_at(j, i, sources[s].reg);
            size_t at = 0;
            struct qrt_span value;
            while (row != NULL && qrt_register_next(row, sources[s].key, &at, &value)) {
                tag(tags, value.data, value.len_bytes, sources[s].kind, row->name);
            }
        }
    }
}

static void judge_addresses(struct qrt_judging *j, const struct tags *tags)
{
    QRT_SOME unregistered = {0};
    QRT_SOME public = {0};
    for (size_t at = 0; at < tags->len;) {
        struct run run = run_at(tags, at);
        const char *address = run.first->key;
        at = run.next;
        if (is_public(address)) {
            qrt_some_add(&public, address, strlen(address));
        }
        if (run.count[TAG_ACCOUNT] > 1 || run.count[TAG_MAILBOX] > 1) {
            qrt_status_add(j, QRT_CONCERN_CONFLICT, "mailbox", QRT_NO_DAY,
                           "%s is the address of %zu accounts and of %zu mailboxes", address,
                           run.count[TAG_ACCOUNT], run.count[TAG_MAILBOX]);
        }
        if (run.count[TAG_ACCOUNT] + run.count[TAG_MAILBOX] > 0 && run.count[TAG_ELSEWHERE] > 0) {
            qrt_status_add(j, QRT_CONCERN_CONFLICT, "mailbox", QRT_NO_DAY,
                           "%s, a root user's, serves as a contact or recipient as well", address);
        }
        if (run.count[TAG_ACCOUNT] > 0 && run.count[TAG_MAILBOX] == 0) {
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

/* Each account that signs in here or can, and whatever is its second factor. */
static void tag_factors(struct tags *tags, const struct qrt_judging *j)
{
    const struct qrt_state *state = &j->vault->state;
    for (size_t i = 0; i < state->accounts.len; i++) {
        const struct qrt_account *account = QRT_ROW(state, accounts, qrt_account, i);
        bool removed = strcmp(account->strategy, "removed") == 0 ||
                       strcmp(account->strategy, "never-set") == 0;
        if (account->closed == QRT_NEVER) {
            tag(tags, account->id, strlen(account->id), removed ? TAG_REMOVED : TAG_ACCOUNT,
                account->id);
        }
    }
    for (size_t i = 0; i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        bool seed = strcmp(item->kind, "totp") == 0;
        if (!qrt_status_is_current(state, item)) {
            continue;
        }
        if (seed) {
            tag(tags, item->account, strlen(item->account), TAG_DEVICE, "");
            tag(tags, item->account, strlen(item->account), TAG_SEED, "");
        }
        if (seed || strcmp(item->kind, "password") == 0 || strcmp(item->kind, "device") == 0) {
            tag(tags, item->account, strlen(item->account), TAG_CREDENTIAL, "");
        }
    }
    for (size_t i = 0; i < state->registers.len; i++) {
        const struct qrt_register_row *row = row_at(j, i, "device");
        struct qrt_span value;
        bool management = row != NULL && qrt_register_get(row, "management", &value);
        bool is_virtual =
            row != NULL && qrt_register_get(row, "kind", &value) && qrt_span_is(value, "virtual");
        for (size_t at = 0; row != NULL && qrt_register_next(row, "account", &at, &value);) {
            tag(tags, value.data, value.len_bytes, TAG_DEVICE, row->name);
            if (management) {
                tag(tags, value.data, value.len_bytes, TAG_MANAGEMENT, row->name);
            }
            if (is_virtual) {
                tag(tags, value.data, value.len_bytes, TAG_VIRTUAL, row->name);
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

static void judge_factors(struct qrt_judging *j, struct tags *tags)
{
    QRT_SOME one = {0};
    QRT_SOME seeds = {0};
    QRT_SOME removed = {0};
    struct missing missing = {0};
    tag_factors(tags, j);
    if (tags->failed || tags->len == 0) {
        return;
    }
    qsort(tags->list, tags->len, sizeof *tags->list, compare_tags);
    for (size_t at = 0; at < tags->len;) {
        struct run run = run_at(tags, at);
        const char *id = run.first->key;
        at = run.next;
        if (run.count[TAG_REMOVED] > 0 && run.count[TAG_CREDENTIAL] > 0) {
            qrt_some_add(&removed, id, strlen(id));
        }
        if (run.count[TAG_ACCOUNT] == 0) {
            continue;
        }
        if (run.count[TAG_DEVICE] > DEVICES_MAX) {
            qrt_status_add(j, QRT_CONCERN_CONFLICT, "device", QRT_NO_DAY,
                           "account %s has %zu devices, and AWS takes %d", id,
                           run.count[TAG_DEVICE], DEVICES_MAX);
        } else if (run.count[TAG_DEVICE] == 0) {
            miss(&missing, j, id);
        } else if (run.count[TAG_DEVICE] == 1) {
            qrt_some_add(&one, id, strlen(id));
        }
        if (run.count[TAG_SEED] > 0 && run.count[TAG_MANAGEMENT] > 0 &&
            run.count[TAG_VIRTUAL] == 0) {
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
        const struct qrt_register_row *row = row_at(j, i, "device");
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

/* Of all accounts, or of one at least that is not closed? */
static bool serves(const struct qrt_judging *j, const struct qrt_register_row *row)
{
    size_t at = 0;
    bool any = false;
    bool open = false;
    char id[QRT_ID_CHARS + 1];
    struct qrt_span account;
    while (qrt_register_next(row, "account", &at, &account)) {
        any = true;
        open = open || (qrt_span_copy(id, sizeof id, account) &&
                        !qrt_status_is_closed(&j->vault->state, id));
    }
    return open || !any;
}

static void judge_contacts(struct qrt_judging *j)
{
    static const char *const kinds[] = {"billing", "operations", "security"};
    QRT_SOME missing = {0};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        bool found = false;
        for (size_t i = 0; i < j->vault->state.registers.len; i++) {
            const struct qrt_register_row *row = row_at(j, i, "contact");
            struct qrt_span kind;
            found = found || (row != NULL && qrt_register_get(row, "kind", &kind) &&
                              qrt_span_is(kind, kinds[k]) && serves(j, row));
        }
        if (!found) {
            qrt_some_add(&missing, kinds[k], strlen(kinds[k]));
        }
    }
    if (missing.count > 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "contact", QRT_NO_DAY, "none is registered: %s",
                       qrt_some_text(&missing));
    }
}

/* Without a phone an account whose second factor is lost is not had back. */
static void judge_phones(struct qrt_judging *j)
{
    size_t count = 0;
    for (size_t i = 0; i < j->vault->state.registers.len; i++) {
        const struct qrt_register_row *row = row_at(j, i, "phone");
        struct qrt_span value;
        count += row != NULL ? 1 : 0;
        if (row != NULL && !qrt_register_get(row, "holder", &value) &&
            !qrt_register_get(row, "safe", &value)) {
            qrt_status_add(j, QRT_CONCERN_OPEN, "phone", QRT_NO_DAY,
                           "%s: who has it, or where it lies, is not known", row->name);
        }
    }
    if (count == 0) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "phone", QRT_NO_DAY,
                       "none is registered: AWS calls it where a second factor is lost");
    }
}

static void judge_row(struct qrt_judging *j, const struct qrt_register_row *row)
{
    struct qrt_span value;
    if (strcmp(row->reg, "mailbox") == 0) {
        judge_mailbox(j, row);
    }
    if (qrt_register_get(row, "expires", &value)) {
        int64_t due =
            qrt_register_date(value) * QRT_DAY_S + QRT_DAY_S - 1; /* all of its day counts */
        if (due - j->now_unix_s < QRT_SOON_S) {
            qrt_status_add_by(j, row->reg, due, "%s: its %s", row->name,
                              strcmp(row->reg, "phone") == 0 ? "contract ends" : "battery is due");
        }
    }
    if (strcmp(row->reg, "phone") == 0 &&
        (!qrt_register_get(row, "contract", &value) || !qrt_register_get(row, "payer", &value))) {
        qrt_status_add(j, QRT_CONCERN_OPEN, "phone", QRT_NO_DAY,
                       "%s: whose contract it is, and who pays, is not known", row->name);
    }
}

enum qrt_code qrt_status_register(struct qrt_judging *j, struct qrt_err *err)
{
    TAGS addresses = {0};
    TAGS accounts = {0};
    for (size_t i = 0; i < j->vault->state.registers.len; i++) {
        const struct qrt_register_row *row = row_at(j, i, NULL);
        if (row != NULL) {
            judge_row(j, row);
        }
    }
    tag_addresses(&addresses, j);
    if (addresses.len > 0) {
        qsort(addresses.list, addresses.len, sizeof *addresses.list, compare_tags);
        judge_addresses(j, &addresses);
    }
    judge_factors(j, &accounts);
    judge_devices(j);
    judge_phones(j);
    judge_contacts(j);
    return addresses.failed || accounts.failed ? qrt_fail(err, QRT_E_NOMEM, "a vault's status")
                                               : QRT_OK;
}
