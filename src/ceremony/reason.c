#include "ceremony/reason.h"

#include "base/text.h"
#include <string.h>

enum qrt_code qrt_reason_check(const char *reason, struct qrt_err *err)
{
    size_t len = strlen(reason);
    return len > 0 && len <= QRT_REASON_MAX_BYTES && qrt_text_is_clean(reason, len) &&
                   reason[0] != ' ' && reason[len - 1] != ' '
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE,
                          "--reason: not a text of 1 to %d bytes without control characters, and "
                          "without spaces at its ends",
                          QRT_REASON_MAX_BYTES);
}
