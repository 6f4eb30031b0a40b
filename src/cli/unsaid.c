#include "cli/unsaid.h"

#include "base/bytes.h"
#include "vault/leak.h"
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
    QRT_BUF told = {0};
    const char *from = err->what;
    const char *at;
    memcpy(head, argument, HEAD_BYTES);
    while ((at = strstr(from, head)) != NULL) {
        qrt_buf_add(&told, from, (size_t)(at - from));
        qrt_buf_printf(&told, "(not shown: it looks like %s)", leak);
        from = at + common(at, argument);
    }
    qrt_buf_text(&told, from);
    (void)qrt_fail(err, err->code, "%s", qrt_buf_str(&told));
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
