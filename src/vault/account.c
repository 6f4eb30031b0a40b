#include "vault/account.h"

#include "base/text.h"
#include <string.h>
#include <strings.h>

bool qrt_account_is_strategy(const char *word)
{
    return strcmp(word, "vaulted") == 0 || strcmp(word, "removed") == 0 ||
           strcmp(word, "never-set") == 0;
}

bool qrt_account_is_email(const char *text)
{
    const char *at = strchr(text, '@');
    if (at == NULL || at == text || strchr(at + 1, '@') != NULL) {
        return false;
    }
    for (const char *p = text; *p != '\0'; p++) {
        if (*p <= ' ' || *p > '~') {
            return false;
        }
    }
    size_t len = strlen(at + 1);
    return len >= 3 && memchr(at + 2, '.', len - 2) != NULL;
}

static size_t count_chars(const char *text)
{
    size_t chars = 0;
    for (const char *p = text; *p != '\0'; p++) {
        chars += ((unsigned char)*p & 0xc0) != 0x80;
    }
    return chars;
}

enum qrt_code qrt_account_check(const char *id, const char *name, const char *email,
                                struct qrt_err *err)
{
    size_t id_chars = strlen(id);
    size_t name_bytes = strlen(name);
    size_t email_chars = strlen(email);
    if (!qrt_text_is_id(id)) {
        return qrt_fail(err, QRT_E_USAGE, "account: not an id, [a-z0-9][a-z0-9._-]{0,31}");
    }
    if (strspn(id, "0123456789") == id_chars && id_chars != 12) {
        return qrt_fail(err, QRT_E_USAGE, "account %s: an id of AWS has 12 digits, and not %zu", id,
                        id_chars);
    }
    if (!qrt_text_is_clean(name, name_bytes) || name_bytes == 0 || name[0] == ' ' ||
        name[name_bytes - 1] == ' ' || count_chars(name) > QRT_ACCOUNT_NAME_CHARS_MAX) {
        return qrt_fail(err, QRT_E_USAGE,
                        "account %s: the name is no text of 1 to %d characters without spaces at "
                        "its ends",
                        id, QRT_ACCOUNT_NAME_CHARS_MAX);
    }
    if (email_chars < QRT_EMAIL_CHARS_MIN || email_chars > QRT_EMAIL_CHARS_MAX ||
        !qrt_account_is_email(email)) {
        return qrt_fail(err, QRT_E_USAGE,
                        "account %s: not an e-mail address of %d to %d characters", id,
                        QRT_EMAIL_CHARS_MIN, QRT_EMAIL_CHARS_MAX);
    }
    return QRT_OK;
}

const struct qrt_account *qrt_account_with_email(const struct qrt_state *state, const char *email,
                                                 const char *id)
{
    for (size_t i = 0; i < state->accounts.len; i++) {
        const struct qrt_account *row = QRT_ROW(state, accounts, qrt_account, i);
        if (row->closed == QRT_NEVER && strcasecmp(row->email, email) == 0 &&
            (id == NULL || strcmp(row->id, id) != 0)) {
            return row;
        }
    }
    return NULL;
}
