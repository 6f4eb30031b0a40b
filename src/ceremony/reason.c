#include "ceremony/reason.h"

#include "base/text.h"
#include <string.h>

enum qrt_code qrt_public_text_check(const char *text, const char *where, size_t max_bytes,
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

enum qrt_code qrt_reason_check(const char *reason, struct qrt_err *err)
{
    return qrt_public_text_check(reason, "--reason", QRT_REASON_MAX_BYTES, err);
}
