#include <quorate/err.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef qrt_fail
#undef qrt_fail_os

/* Of a text that was cut off at its end: not within a character of UTF-8. */
static void cut(char *what)
{
    size_t len = strlen(what);
    size_t last = len;
    while (last > 0 && ((unsigned char)what[last - 1] & 0xC0) == 0x80) {
        last--;
    }
    unsigned char lead = last > 0 ? (unsigned char)what[last - 1] : 0;
    size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (last > 0 && len - last + 1 < bytes) {
        what[last - 1] = '\0';
    }
}

QRT_PRINTF(4, 0)
static void fill(struct qrt_err *err, enum qrt_code code, int os, const char *format, va_list args)
{
    err->code = code;
    err->os = os;
    int n = vsnprintf(err->what, sizeof err->what, format, args);
    if (n < 0) {
        n = 0;
        err->what[0] = '\0';
    }
    cut(err->what);
    size_t used = strlen(err->what);
    if (os != 0 && used + 3 < sizeof err->what) {
        snprintf(err->what + used, sizeof err->what - used, ": %s", strerrordesc_np(os));
    }
}

enum qrt_code qrt_fail(struct qrt_err *err, enum qrt_code code, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        fill(err, code, 0, format, args);
        va_end(args);
    }
    return code;
}

enum qrt_code qrt_fail_os(struct qrt_err *err, enum qrt_code code, int os, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        fill(err, code, os, format, args);
        va_end(args);
    }
    return code;
}

enum qrt_code qrt_err_prefix(struct qrt_err *err, const char *format, ...)
{
    char before[QRT_ERR_WHAT_BYTES];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(before, sizeof before, format, args);
    va_end(args);
    if (n > 0) {
        char both[2 * QRT_ERR_WHAT_BYTES + 2];
        snprintf(both, sizeof both, "%s: %s", before, err->what);
        both[sizeof err->what - 1] = '\0';
        cut(both);
        memcpy(err->what, both, strlen(both) + 1);
    }
    return err->code;
}

static const struct {
    int status;
    const char *words;
} codes[] = {
#define QRT_CODE_ROW(code, status, words) [code] = {status, words},
    QRT_CODES(QRT_CODE_ROW)
#undef QRT_CODE_ROW
};

const char *qrt_code_words(enum qrt_code code)
{
    return codes[code].words;
}

int qrt_code_exit(enum qrt_code code)
{
    return codes[code].status;
}
