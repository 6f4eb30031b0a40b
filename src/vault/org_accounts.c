#include "vault/org_accounts.h"

#include "base/json.h"
#include "vault/account.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DIGITS          "0123456789"
#define LOWER           "abcdefghijklmnopqrstuvwxyz"
#define STATE_CHARS_MAX 32
#define TIME_CHARS_MAX  40
#define TEXT_CHARS_MAX  4096

void qrt_org_accounts_free(struct qrt_org_accounts *accounts)
{
    free(accounts->list);
    qrt_json_free(&accounts->json);
    *accounts = (struct qrt_org_accounts){0};
}

/* A foreign text, which may have spaces at its ends. */
static enum qrt_code get_text(const char **out, const struct qrt_json *at, size_t max_chars,
                              struct qrt_err *err)
{
    if (!json_is_string(at->value)) {
        return qrt_json_fail(err, QRT_E_FORMAT, at,
                             qrt_json_is(at) ? "is not a text" : "is missing");
    }
    size_t len = json_string_length(at->value);
    *out = json_string_value(at->value);
    return len > 0 && len <= 4 * max_chars
               ? QRT_OK
               : qrt_json_fail(err, QRT_E_RANGE, at, "is empty or too long");
}

/* Steps over a literal. */
static bool pass(const char **at, const char *literal)
{
    size_t len = strlen(literal);
    bool found = strncmp(*at, literal, len) == 0;
    *at += found ? len : 0;
    return found;
}

/* Steps over min to max characters of a set. */
static bool pass_set(const char **at, const char *set, size_t min, size_t max)
{
    size_t len = strspn(*at, set);
    *at += len;
    return len >= min && len <= max;
}

/* arn:PARTITION:organizations::MANAGEMENT:account/ORGANISATION/ID; the text
 * before the ID is the same for all accounts of one organisation. */
static enum qrt_code check_arn(struct qrt_org_accounts *accounts, const struct qrt_json *at,
                               const char *id, const char **organisation, struct qrt_err *err)
{
    const char *arn;
    enum qrt_code code = get_text(&arn, at, TEXT_CHARS_MAX, err);
    if (code != QRT_OK) {
        return code;
    }
    const char *p = arn;
    const char *management = NULL;
    bool good =
        pass(&p, "arn:") && pass_set(&p, LOWER DIGITS "-", 1, 32) && pass(&p, ":organizations::");
    if (good) {
        management = p;
        good = pass_set(&p, DIGITS, QRT_ORG_ID_CHARS, QRT_ORG_ID_CHARS) &&
               pass(&p, ":account/o-") && pass_set(&p, LOWER DIGITS, 10, 32) && pass(&p, "/") &&
               strcmp(p, id) == 0;
    }
    if (!good) {
        return qrt_json_fail(err, QRT_E_FORMAT, at, "is not the ARN of that account");
    }
    size_t len = (size_t)(p - arn);
    if (*organisation == NULL) {
        *organisation = arn;
        memcpy(accounts->management, management, QRT_ORG_ID_CHARS);
    } else if (strncmp(*organisation, arn, len) != 0) {
        return qrt_json_fail(err, QRT_E_FORMAT, at, "is of another organisation");
    }
    return QRT_OK;
}

/* Seconds since 1970, or a date in ISO 8601: nobody needs it, but what is
 * neither is no answer of AWS. */
static enum qrt_code check_time(const struct qrt_json *at, struct qrt_err *err)
{
    const char *text;
    if (!qrt_json_is(at) || json_is_number(at->value)) {
        return QRT_OK;
    }
    enum qrt_code code = get_text(&text, at, TIME_CHARS_MAX, err);
    return code != QRT_OK ||
                   (strspn(text, DIGITS "-:.T+Z") == strlen(text) && strchr(text, 'T') != NULL)
               ? code
               : qrt_json_fail(err, QRT_E_FORMAT, at, "is not a time");
}

/* `State` has come in the place of `Status`; where both stand, it counts. */
static enum qrt_code take_state(struct qrt_org_account *account, const struct qrt_json *row,
                                struct qrt_err *err)
{
    struct qrt_json at = qrt_json_get(row, "State");
    if (!qrt_json_is(&at)) {
        at = qrt_json_get(row, "Status");
    }
    enum qrt_code code = get_text(&account->state, &at, STATE_CHARS_MAX, err);
    if (code == QRT_OK &&
        strspn(account->state, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != strlen(account->state)) {
        return qrt_json_fail(err, QRT_E_FORMAT, &at, "is not a state");
    }
    account->active = code == QRT_OK && strcmp(account->state, "ACTIVE") == 0;
    return code;
}

/* AWS allows spaces at a name's ends, and the log does not. */
static enum qrt_code take_name(struct qrt_org_account *account, const struct qrt_json *at,
                               struct qrt_err *err)
{
    const char *name;
    enum qrt_code code = get_text(&name, at, QRT_ACCOUNT_NAME_CHARS_MAX, err);
    if (code != QRT_OK) {
        return code;
    }
    name += strspn(name, " ");
    size_t len = strlen(name);
    while (len > 0 && name[len - 1] == ' ') {
        len--;
    }
    if (len >= sizeof account->name) {
        return qrt_json_fail(err, QRT_E_RANGE, at, "is too long");
    }
    memcpy(account->name, name, len);
    return QRT_OK;
}

static enum qrt_code parse_account(struct qrt_org_accounts *accounts, const struct qrt_json *row,
                                   const char **organisation, struct qrt_err *err)
{
    struct qrt_org_account *account = &accounts->list[accounts->len];
    struct qrt_json id = qrt_json_get(row, "Id");
    struct qrt_json arn = qrt_json_get(row, "Arn");
    struct qrt_json name = qrt_json_get(row, "Name");
    struct qrt_json email = qrt_json_get(row, "Email");
    struct qrt_json joined = qrt_json_get(row, "JoinedTimestamp");
    struct qrt_err why = {0};
    enum qrt_code code;
    if (!json_is_object(row->value)) {
        return qrt_json_fail(err, QRT_E_FORMAT, row, "is not an object");
    }
    if ((code = get_text(&account->id, &id, QRT_ORG_ID_CHARS, err)) != QRT_OK ||
        (code = take_name(account, &name, err)) != QRT_OK ||
        (code = get_text(&account->email, &email, QRT_EMAIL_CHARS_MAX, err)) != QRT_OK ||
        (code = check_time(&joined, err)) != QRT_OK ||
        (code = take_state(account, row, err)) != QRT_OK) {
        return code;
    }
    if (strlen(account->id) != QRT_ORG_ID_CHARS ||
        strspn(account->id, DIGITS) != QRT_ORG_ID_CHARS) {
        return qrt_json_fail(err, QRT_E_FORMAT, &id, "is not a number of %d digits",
                             QRT_ORG_ID_CHARS);
    }
    if (qrt_account_check(account->id, account->name, account->email, &why) != QRT_OK) {
        return qrt_json_fail(err, QRT_E_FORMAT, row, "%s", why.what);
    }
    accounts->len++;
    return check_arn(accounts, &arn, account->id, organisation, err);
}

static int compare_ids(const void *a, const void *b)
{
    const struct qrt_org_account *const *x = a;
    const struct qrt_org_account *const *y = b;
    return strcmp((*x)->id, (*y)->id);
}

static int compare_emails(const void *a, const void *b)
{
    const struct qrt_org_account *const *x = a;
    const struct qrt_org_account *const *y = b;
    return strcasecmp((*x)->email, (*y)->email);
}

/* AWS has each id once, and each address: what has one twice is no list of its. */
static enum qrt_code check_twice(const struct qrt_org_accounts *accounts, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    const struct qrt_org_account **sorted = calloc(accounts->len + 1, sizeof *sorted);
    if (sorted == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "no memory for the accounts");
    }
    for (size_t i = 0; i < accounts->len; i++) {
        sorted[i] = &accounts->list[i];
    }
    qsort(sorted, accounts->len, sizeof(struct qrt_org_account *), compare_ids);
    for (size_t i = 1; code == QRT_OK && i < accounts->len; i++) {
        if (compare_ids(&sorted[i - 1], &sorted[i]) == 0) {
            code = qrt_fail(err, QRT_E_FORMAT, "Accounts: %s stands twice", sorted[i]->id);
        }
    }
    qsort(sorted, accounts->len, sizeof(struct qrt_org_account *), compare_emails);
    for (size_t i = 1; code == QRT_OK && i < accounts->len; i++) {
        if (compare_emails(&sorted[i - 1], &sorted[i]) == 0) {
            code = qrt_fail(err, QRT_E_FORMAT, "Accounts: %s and %s have one e-mail address",
                            sorted[i - 1]->id, sorted[i]->id);
        }
    }
    free(sorted);
    return code;
}

static enum qrt_code parse_list(struct qrt_org_accounts *accounts, struct qrt_err *err)
{
    struct qrt_json top = qrt_json_top(accounts->json, false);
    struct qrt_json rows = qrt_json_get(&top, "Accounts");
    struct qrt_json token = qrt_json_get(&top, "NextToken");
    const char *organisation = NULL;
    enum qrt_code code = qrt_json_array(&rows, 0, QRT_ORG_ACCOUNTS_MAX, err);
    if (code == QRT_OK && qrt_json_is(&token) && !json_is_null(token.value)) {
        const char *ignored;
        code = get_text(&ignored, &token, TEXT_CHARS_MAX, err);
    } else {
        accounts->complete = true;
    }
    if (code != QRT_OK) {
        return code;
    }
    accounts->list = calloc(qrt_json_count(&rows) + 1, sizeof *accounts->list);
    if (accounts->list == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "no memory for the accounts");
    }
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(&rows); i++) {
        struct qrt_json row = qrt_json_at(&rows, i);
        code = parse_account(accounts, &row, &organisation, err);
    }
    return code == QRT_OK ? check_twice(accounts, err) : code;
}

enum qrt_code qrt_org_accounts_parse(struct qrt_org_accounts *accounts, const void *bytes,
                                     size_t len_bytes, struct qrt_err *err)
{
    *accounts = (struct qrt_org_accounts){0};
    enum qrt_code code = qrt_json_parse(&accounts->json, bytes, len_bytes, QRT_ORG_BYTES_MAX, err);
    if (code == QRT_OK) {
        code = parse_list(accounts, err);
    }
    if (code != QRT_OK) {
        qrt_org_accounts_free(accounts);
    }
    return code;
}
