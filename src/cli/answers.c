#include "cli/answers.h"

#include "base/json.h"
#include "base/text.h"
#include <stdint.h>
#include <string.h>

#define TEXT_CHARS_MAX       1000
#define CLOCK_OFFSET_MAX_S   86400
#define LIST_ITEMS_MAX       64
#define SEALS_MAX            512
#define TOTP_CODES           2
#define PASSPHRASE_BYTES_MAX 1024

static const char *const known[] = {
    "operator", "badges",   "second",  "clock_offset_s", "receipts", "confirm", "exceptions",
    "accounts", "deposits", "present", "signers",        "values",   "review",  "accept_suspect",
    "grades",   "actions",  "note",    "steps",          "seals",    "reasons", NULL};
static const char *const known_of_exception[] = {
    "step", "expected", "happened", "decided", "person", "settles_person", "settles_thing", NULL};
#define EXCEPTION_NEEDED 4 /* the first of them */
static const char *const known_of_action[] = {"text", "owner", "due", NULL};
static const char *const known_of_step[] = {"person", "case", "values", "exception", NULL};
static const char *const known_of_step_exception[] = {"expected", "happened", "decided", NULL};
static const char *const known_of_seal[] = {"card", "account", "bag", "result", "person", NULL};
static const char *const known_of_account[] = {"password",  "totp", "totp_codes", "device",
                                               "questions", "note", NULL};

/* A text that may be secret, and may begin and end as it likes. */
static enum qrt_code check_given(const struct qrt_json *at, struct qrt_err *err)
{
    if (!json_is_string(at->value)) {
        return qrt_json_fail(err, QRT_E_FORMAT, at, "is not a text");
    }
    size_t len = json_string_length(at->value);
    if (len == 0 || len > PASSPHRASE_BYTES_MAX) {
        return qrt_json_fail(err, QRT_E_RANGE, at, len == 0 ? "is empty" : "is too long");
    }
    return QRT_OK;
}

/* Its members' names are for the ceremony to judge. */
static enum qrt_code check_object(const struct qrt_json *at, struct qrt_err *err)
{
    return json_is_object(at->value) ? QRT_OK
                                     : qrt_json_fail(err, QRT_E_FORMAT, at, "is not an object");
}

static enum qrt_code check_text(const struct qrt_json *top, const char *key, struct qrt_err *err)
{
    const char *text;
    struct qrt_json at = qrt_json_get(top, key);
    return qrt_json_is(&at) ? qrt_json_text(&text, &at, 1, TEXT_CHARS_MAX, err) : QRT_OK;
}

static enum qrt_code check_clock(const struct qrt_json *top, struct qrt_err *err)
{
    int64_t seconds;
    struct qrt_json at = qrt_json_get(top, "clock_offset_s");
    return qrt_json_is(&at)
               ? qrt_json_integer(&seconds, &at, -CLOCK_OFFSET_MAX_S, CLOCK_OFFSET_MAX_S, err)
               : QRT_OK;
}

static enum qrt_code check_badges(const struct qrt_json *top, struct qrt_err *err)
{
    struct qrt_json badges = qrt_json_get(top, "badges");
    if (!qrt_json_is(&badges)) {
        return QRT_OK;
    }
    enum qrt_code code = check_object(&badges, err);
    struct qrt_json badge = {0};
    while (code == QRT_OK && qrt_json_next(&badge, &badges)) {
        code = check_given(&badge, err);
    }
    return code;
}

/* Somebody's own: a receipt, or why they leave. */
static enum qrt_code check_texts_of(const struct qrt_json *top, const char *key, size_t max_chars,
                                    struct qrt_err *err)
{
    struct qrt_json texts = qrt_json_get(top, key);
    if (!qrt_json_is(&texts)) {
        return QRT_OK;
    }
    enum qrt_code code = check_object(&texts, err);
    struct qrt_json one = {0};
    while (code == QRT_OK && qrt_json_next(&one, &texts)) {
        const char *text;
        code = qrt_json_text(&text, &one, 1, max_chars, err);
    }
    return code;
}

static enum qrt_code check_texts(const struct qrt_json *top, const char *key, struct qrt_err *err)
{
    struct qrt_json texts = qrt_json_get(top, key);
    if (!qrt_json_is(&texts)) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_json_array(&texts, 0, LIST_ITEMS_MAX, err);
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(&texts); i++) {
        struct qrt_json one = qrt_json_at(&texts, i);
        const char *text;
        code = qrt_json_text(&text, &one, 1, SIZE_MAX, err);
    }
    return code;
}

static enum qrt_code check_serials(const struct qrt_json *top, const char *key, struct qrt_err *err)
{
    struct qrt_json serials = qrt_json_get(top, key);
    if (!qrt_json_is(&serials)) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_json_array(&serials, 0, LIST_ITEMS_MAX, err);
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(&serials); i++) {
        struct qrt_json one = qrt_json_at(&serials, i);
        int64_t serial;
        code = qrt_json_integer(&serial, &one, 1, UINT32_MAX, err);
    }
    return code;
}

/* What was seen in the place of each bag; a card is a serial or a label's code. */
static enum qrt_code check_seals(const struct qrt_json *top, struct qrt_err *err)
{
    struct qrt_json seals = qrt_json_get(top, "seals");
    if (!qrt_json_is(&seals)) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_json_array(&seals, 1, SEALS_MAX, err);
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(&seals); i++) {
        struct qrt_json seal = qrt_json_at(&seals, i);
        code = qrt_json_object(&seal, known_of_seal, err);
        for (size_t k = 0; code == QRT_OK && known_of_seal[k] != NULL; k++) {
            struct qrt_json part = qrt_json_get(&seal, known_of_seal[k]);
            const char *text;
            if (qrt_json_is(&part) && !json_is_integer(part.value)) {
                code = qrt_json_text(&text, &part, 1, TEXT_CHARS_MAX, err);
            }
        }
    }
    return code;
}

/* What is said of each channel of each person. */
static enum qrt_code check_review(const struct qrt_json *top, struct qrt_err *err)
{
    struct qrt_json review = qrt_json_get(top, "review");
    if (!qrt_json_is(&review)) {
        return QRT_OK;
    }
    enum qrt_code code = check_object(&review, err);
    struct qrt_json person = {0};
    while (code == QRT_OK && qrt_json_next(&person, &review)) {
        code = check_object(&person, err);
        struct qrt_json channel = {0};
        while (code == QRT_OK && qrt_json_next(&channel, &person)) {
            const char *text;
            code = qrt_json_text(&text, &channel, 1, TEXT_CHARS_MAX, err);
        }
    }
    return code;
}

/* A list of objects that have each of these parts, all texts. */
static enum qrt_code check_list(const struct qrt_json *top, const char *key,
                                const char *const *parts, struct qrt_err *err)
{
    struct qrt_json list = qrt_json_get(top, key);
    if (!qrt_json_is(&list)) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_json_array(&list, 0, LIST_ITEMS_MAX, err);
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(&list); i++) {
        struct qrt_json one = qrt_json_at(&list, i);
        code = qrt_json_object(&one, parts, err);
        for (size_t k = 0; code == QRT_OK && parts[k] != NULL; k++) {
            struct qrt_json part = qrt_json_get(&one, parts[k]);
            const char *text;
            if (k < EXCEPTION_NEEDED || qrt_json_is(&part)) {
                code = qrt_json_text(&text, &part, 1, TEXT_CHARS_MAX, err);
            }
        }
    }
    return code;
}

/* How each person did in a drill: words that it judges. */
static enum qrt_code check_grades(const struct qrt_json *top, struct qrt_err *err)
{
    struct qrt_json grades = qrt_json_get(top, "grades");
    if (!qrt_json_is(&grades)) {
        return QRT_OK;
    }
    enum qrt_code code = check_object(&grades, err);
    struct qrt_json grade = {0};
    while (code == QRT_OK && qrt_json_next(&grade, &grades)) {
        const char *text;
        code = qrt_json_text(&text, &grade, 1, TEXT_CHARS_MAX, err);
    }
    return code;
}

/* Some texts of an object of texts; with `known_keys` all of these and no other. */
static enum qrt_code check_members(const struct qrt_json *at, const char *const *known_keys,
                                   struct qrt_err *err)
{
    enum qrt_code code =
        known_keys == NULL ? check_object(at, err) : qrt_json_object(at, known_keys, err);
    struct qrt_json one = {0};
    while (code == QRT_OK && qrt_json_next(&one, at)) {
        const char *text;
        code = qrt_json_text(&text, &one, 1, TEXT_CHARS_MAX, err);
    }
    return code;
}

/* Of a runbook. */
static enum qrt_code check_steps(const struct qrt_json *top, struct qrt_err *err)
{
    struct qrt_json steps = qrt_json_get(top, "steps");
    if (!qrt_json_is(&steps)) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_json_array(&steps, 1, LIST_ITEMS_MAX, err);
    for (size_t i = 0; code == QRT_OK && i < qrt_json_count(&steps); i++) {
        struct qrt_json step = qrt_json_at(&steps, i);
        if ((code = qrt_json_object(&step, known_of_step, err)) != QRT_OK ||
            (code = qrt_json_count(&step) > 0
                        ? QRT_OK
                        : qrt_json_fail(err, QRT_E_FORMAT, &step, "is empty")) != QRT_OK ||
            (code = check_text(&step, "person", err)) != QRT_OK ||
            (code = check_text(&step, "case", err)) != QRT_OK) {
            return code;
        }
        struct qrt_json values = qrt_json_get(&step, "values");
        struct qrt_json exception = qrt_json_get(&step, "exception");
        if (qrt_json_is(&values)) {
            code = check_members(&values, NULL, err);
        }
        if (code == QRT_OK && qrt_json_is(&exception)) {
            code = check_members(&exception, known_of_step_exception, err);
        }
    }
    return code;
}

static enum qrt_code check_account(const struct qrt_json *account, struct qrt_err *err)
{
    enum qrt_code code = qrt_json_object(account, known_of_account, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_json password = qrt_json_get(account, "password");
    struct qrt_json totp = qrt_json_get(account, "totp");
    struct qrt_json codes = qrt_json_get(account, "totp_codes");
    if (qrt_json_count(account) == 0) {
        return qrt_json_fail(err, QRT_E_FORMAT, account, "is empty");
    }
    if (qrt_json_is(&password) && !json_is_null(password.value)) {
        code = check_given(&password, err);
    }
    if (code == QRT_OK && qrt_json_is(&totp)) {
        code = check_given(&totp, err);
    }
    for (const char *const *text = known_of_account + 3; code == QRT_OK && *text != NULL; text++) {
        code = check_texts(account, *text, err);
    }
    if (code != QRT_OK || !qrt_json_is(&codes)) {
        return code;
    }
    if (!qrt_json_is(&totp)) {
        return qrt_json_fail(err, QRT_E_FORMAT, &codes, "codes, but no seed to hold them against");
    }
    code = qrt_json_array(&codes, TOTP_CODES, TOTP_CODES, err);
    for (size_t i = 0; code == QRT_OK && i < TOTP_CODES; i++) {
        struct qrt_json one = qrt_json_at(&codes, i);
        code = check_given(&one, err);
    }
    return code;
}

static enum qrt_code check_accounts(const struct qrt_json *top, struct qrt_err *err)
{
    struct qrt_json accounts = qrt_json_get(top, "accounts");
    if (!qrt_json_is(&accounts)) {
        return QRT_OK;
    }
    enum qrt_code code = check_object(&accounts, err);
    struct qrt_json account = {0};
    while (code == QRT_OK && qrt_json_next(&account, &accounts)) {
        code = check_account(&account, err);
    }
    return code;
}

/* `all`, or an item's serial: adopt, refuse or wait, which the opening judges. */
static enum qrt_code check_deposits(const struct qrt_json *top, struct qrt_err *err)
{
    struct qrt_json deposits = qrt_json_get(top, "deposits");
    if (!qrt_json_is(&deposits)) {
        return QRT_OK;
    }
    enum qrt_code code = check_object(&deposits, err);
    struct qrt_json one = {0};
    while (code == QRT_OK && qrt_json_next(&one, &deposits)) {
        const char *word;
        uint64_t serial;
        code = qrt_json_text(&word, &one, 1, TEXT_CHARS_MAX, err);
        if (code == QRT_OK && strcmp(one.key, "all") != 0 &&
            (!qrt_text_u64(one.key, strlen(one.key), INT64_MAX, &serial) || serial == 0)) {
            code = qrt_json_fail(err, QRT_E_FORMAT, &one, "is no item's serial, and not all");
        }
    }
    return code;
}

enum qrt_code qrt_answers_check(json_t *answers, struct qrt_err *err)
{
    struct qrt_json top = qrt_json_top(answers, true);
    enum qrt_code code;
    if ((code = qrt_json_object(&top, known, err)) != QRT_OK ||
        (code = check_text(&top, "operator", err)) != QRT_OK ||
        (code = check_text(&top, "second", err)) != QRT_OK ||
        (code = check_text(&top, "confirm", err)) != QRT_OK ||
        (code = check_text(&top, "note", err)) != QRT_OK ||
        (code = check_clock(&top, err)) != QRT_OK || (code = check_badges(&top, err)) != QRT_OK ||
        (code = check_texts(&top, "receipts", err)) != QRT_OK ||
        (code = check_texts(&top, "present", err)) != QRT_OK ||
        (code = check_texts(&top, "values", err)) != QRT_OK ||
        (code = check_serials(&top, "accept_suspect", err)) != QRT_OK ||
        (code = check_seals(&top, err)) != QRT_OK || (code = check_review(&top, err)) != QRT_OK ||
        (code = check_texts_of(&top, "signers", SIZE_MAX, err)) != QRT_OK ||
        (code = check_texts_of(&top, "reasons", TEXT_CHARS_MAX, err)) != QRT_OK ||
        (code = check_list(&top, "exceptions", known_of_exception, err)) != QRT_OK ||
        (code = check_grades(&top, err)) != QRT_OK ||
        (code = check_list(&top, "actions", known_of_action, err)) != QRT_OK) {
        return code;
    }
    if ((code = check_deposits(&top, err)) != QRT_OK || (code = check_steps(&top, err)) != QRT_OK) {
        return code;
    }
    return check_accounts(&top, err);
}

json_t *qrt_answers_find(json_t *at, const char *path)
{
    while (at != NULL && *path != '\0') {
        json_t *next = NULL;
        size_t taken = 0;
        if (json_is_array(at)) {
            uint64_t index;
            taken = strcspn(path, ".");
            next = qrt_text_u64(path, taken, 65535, &index) ? json_array_get(at, index) : NULL;
        } else {
            const char *key;
            json_t *value;
            json_object_foreach(at, key, value)
            {
                size_t len = strlen(key);
                if (len > taken && strncmp(path, key, len) == 0 &&
                    (path[len] == '.' || path[len] == '\0')) {
                    next = value;
                    taken = len;
                }
            }
        }
        at = next;
        path += taken;
        path += *path == '.' ? 1 : 0;
    }
    return at;
}
