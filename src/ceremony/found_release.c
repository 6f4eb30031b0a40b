#include "ceremony/founding.h"

#include <string.h>

bool qrt_founding_generated(const struct qrt_founding *founding)
{
    for (size_t i = 0; i < founding->policy.people_count; i++) {
        if (founding->badges[i].generated.len_bytes > 0) {
            return true;
        }
    }
    for (size_t i = 0; i < founding->policy.accounts_count; i++) {
        if (founding->accounts[i].password_generated) {
            return true;
        }
    }
    return false;
}

/* What is handed out is printable ASCII; two characters need an escape. */
static enum qrt_code add_string(struct qrt_secret *json, const struct qrt_secret *text,
                                struct qrt_err *err)
{
    enum qrt_code code = qrt_secret_append(json, "\"", 1, err);
    for (size_t i = 0; code == QRT_OK && i < text->len_bytes; i++) {
        if (text->data[i] == '"' || text->data[i] == '\\') {
            code = qrt_secret_append(json, "\\", 1, err);
        }
        if (code == QRT_OK) {
            code = qrt_secret_append(json, text->data + i, 1, err);
        }
    }
    return code == QRT_OK ? qrt_secret_append(json, "\"", 1, err) : code;
}

static enum qrt_code add_text(struct qrt_secret *json, const char *text, struct qrt_err *err)
{
    return qrt_secret_append(json, text, strlen(text), err);
}

static enum qrt_code add_member(struct qrt_secret *json, bool *first, const char *before,
                                const char *id, const char *between, const struct qrt_secret *value,
                                const char *after, struct qrt_err *err)
{
    enum qrt_code code = add_text(json, *first ? before : ",", err);
    *first = false;
    if (code != QRT_OK || (code = add_text(json, "\"", err)) != QRT_OK ||
        (code = add_text(json, id, err)) != QRT_OK ||
        (code = add_text(json, between, err)) != QRT_OK ||
        (code = add_string(json, value, err)) != QRT_OK) {
        return code;
    }
    return add_text(json, after, err);
}

enum qrt_code qrt_founding_release(struct qrt_founding *founding, struct qrt_err *err)
{
    const struct qrt_policy *policy = &founding->policy;
    QRT_SECRET json = {0};
    bool first = true;
    if (!qrt_founding_generated(founding)) {
        return QRT_OK;
    }
    enum qrt_code code =
        qrt_secret_init(&json, 64 + 320 * (policy->people_count + policy->accounts_count), err);
    if (code == QRT_OK) {
        code = add_text(&json, "{\"badges\":{", err);
    }
    for (size_t i = 0; code == QRT_OK && i < policy->people_count; i++) {
        const struct qrt_new_badge *new = &founding->badges[i];
        if (new->generated.len_bytes > 0) {
            code = add_member(&json, &first, "", new->person->id, "\":", &new->generated, "", err);
        }
    }
    if (code == QRT_OK) {
        code = add_text(&json, "},\"accounts\":{", err);
    }
    first = true;
    for (size_t i = 0; code == QRT_OK && i < policy->accounts_count; i++) {
        const struct qrt_new_account *new = &founding->accounts[i];
        if (new->password_generated) {
            code = add_member(&json, &first, "", new->account->id,
                              "\":{\"password\":", &new->password, "}", err);
        }
    }
    if (code == QRT_OK) {
        code = add_text(&json, "}}\n", err);
    }
    return code == QRT_OK ? founding->ui->release(founding->ui->ctx, &json, err) : code;
}
