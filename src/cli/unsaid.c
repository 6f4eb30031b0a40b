#include "cli/unsaid.h"

#include "base/bytes.h"
#include "vault/leak.h"
#include <stdio.h>
#include <string.h>

#define HEAD_BYTES 8 /* a beginning that is as long is taken for the argument's */

/* How much of the argument stands there. */
static size_t common(const char *a, const char *b)
{
    size_t len = 0;
    while (a[len] != '\0' && a[len] == b[len]) {
        len++;
    }
    return len;
}

static void unsay(struct qrt_err *err, const char *argument, const char *leak)
{
    char head[HEAD_BYTES + 1] = "";
    QRT_BUF rest = {0};
    char *at;
    memcpy(head, argument, HEAD_BYTES);
    while ((at = strstr(err->what, head)) != NULL) {
        qrt_buf_free(&rest);
        qrt_buf_text(&rest, at + common(at, argument));
        snprintf(at, sizeof err->what - (size_t)(at - err->what), "(not shown: it looks like %s)%s",
                 leak, qrt_buf_str(&rest));
    }
}

void qrt_cli_unsay(struct qrt_err *err, int count, char *const *arguments)
{
    for (int i = 0; i < count; i++) {
        const char *argument = arguments[i];
        bool number = argument[strspn(argument, "0123456789 +-()./:")] == '\0';
        const char *leak = number ? NULL : qrt_leak_find(argument);
        if (leak != NULL && strlen(argument) >= HEAD_BYTES) {
            unsay(err, argument, leak);
        }
    }
}
