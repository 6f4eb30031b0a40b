#include "ceremony/reason.h"

#include "base/text.h"
#include "vault/leak.h"
#include <string.h>

static enum qrt_code check_form(const char *text, const char *where, size_t max_bytes,
                                struct qrt_err *err)
{
    size_t len = strlen(text);
    return len > 0 && len <= max_bytes && qrt_text_is_clean(text, len) && text[0] != ' ' &&
                   text[len - 1] != ' '
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE,
                          "%s: not a text of 1 to %zu bytes without control characters, and "
                          "without spaces at its ends",
                          where, max_bytes);
}

enum qrt_code qrt_public_leak_check(const char *text, const char *where, bool takes_numbers,
                                    struct qrt_err *err)
{
    bool number = text[strspn(text, "0123456789 +-()./")] == '\0';
    const char *leak = number && takes_numbers ? NULL : qrt_leak_find(text);
    return leak == NULL ? QRT_OK
                        : qrt_fail(err, QRT_E_USAGE, "%s: it looks like %s, and the log is public",
                                   where, leak);
}

enum qrt_code qrt_public_text_check(const char *text, const char *where, size_t max_bytes,
                                    struct qrt_err *err)
{
    enum qrt_code code = check_form(text, where, max_bytes, err);
    return code == QRT_OK ? qrt_public_leak_check(text, where, false, err) : code;
}

enum qrt_code qrt_public_name_check(const char *text, const char *where, size_t max_bytes,
                                    struct qrt_err *err)
{
    enum qrt_code code = check_form(text, where, max_bytes, err);
    return code == QRT_OK ? qrt_public_leak_check(text, where, true, err) : code;
}

enum qrt_code qrt_reason_check(const char *reason, struct qrt_err *err)
{
    return qrt_public_text_check(reason, "--reason", QRT_REASON_MAX_BYTES, err);
}
