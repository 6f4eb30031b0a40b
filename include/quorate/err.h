/* Errors: one list of codes, their exit codes and their words. */
#ifndef QUORATE_ERR_H
#define QUORATE_ERR_H

#include <stddef.h>

/* X(code, process exit code, words). The exit codes are those of the command
 * and stay as they are; a code's number is no part of the contract. */
#define QRT_CODES(X)                                                                               \
    X(QRT_OK, 0, "done")                                                                           \
    X(QRT_E_FAILED, 1, "failed")                                                                   \
    X(QRT_E_NOMEM, 1, "out of memory")                                                             \
    X(QRT_E_LOCKED_MEMORY, 1, "memory cannot be locked")                                           \
    X(QRT_E_IO, 1, "input or output failed")                                                       \
    X(QRT_E_NOT_FOUND, 1, "not found")                                                             \
    X(QRT_E_EXISTS, 1, "exists already")                                                           \
    X(QRT_E_NEWER, 1, "made by a newer version")                                                   \
    X(QRT_E_WORKER, 1, "a worker process failed")                                                  \
    X(QRT_E_USAGE, 2, "wrong usage")                                                               \
    X(QRT_E_FORMAT, 2, "malformed")                                                                \
    X(QRT_E_RANGE, 2, "out of range")                                                              \
    X(QRT_E_QUORUM, 3, "quorum not met")                                                           \
    X(QRT_E_REFUSED, 4, "refused")                                                                 \
    X(QRT_E_TAMPERED, 5, "tampering found")                                                        \
    X(QRT_E_OVERDUE, 6, "overdue")                                                                 \
    X(QRT_E_BUSY, 7, "busy")                                                                       \
    X(QRT_E_INTERRUPTED, 130, "interrupted")

enum qrt_code {
#define QRT_CODE_ENUM(code, status, words) code,
    QRT_CODES(QRT_CODE_ENUM)
#undef QRT_CODE_ENUM
};

#define QRT_ERR_WHAT_BYTES 256

/* What went wrong, filled where it went wrong. `what` is printable text (any
 * foreign bytes in it are escaped already) and never holds a secret. */
struct qrt_err {
    enum qrt_code code;
    int os; /* errno, or 0 */
    char what[QRT_ERR_WHAT_BYTES];
};

#define QRT_MUST_USE        __attribute__((warn_unused_result))
#define QRT_PRINTF(fmt, at) __attribute__((format(printf, fmt, at)))

/* Fills *err (which may be NULL) and returns `code`, so that a failing
 * function ends with `return qrt_fail(err, …)`. The arguments are public. */
enum qrt_code qrt_fail(struct qrt_err *err, enum qrt_code code, const char *format, ...)
    QRT_PRINTF(3, 4);

/* The same, with errno's words after the text. */
enum qrt_code qrt_fail_os(struct qrt_err *err, enum qrt_code code, int os, const char *format, ...)
    QRT_PRINTF(4, 5);

/* Puts `context: ` before what *err already says; returns err->code. */
enum qrt_code qrt_err_prefix(struct qrt_err *err, const char *format, ...) QRT_PRINTF(2, 3);

#ifdef __clang_analyzer__
/* It does not look into variadic functions: that these return their code, it is told. */
#define qrt_fail(err, code, ...)        ((void)qrt_fail(err, code, __VA_ARGS__), (code))
#define qrt_fail_os(err, code, os, ...) ((void)qrt_fail_os(err, code, os, __VA_ARGS__), (code))
#endif

/* The words of a code ("quorum not met"), and the process exit code for it. */
const char *qrt_code_words(enum qrt_code code);
int qrt_code_exit(enum qrt_code code);

#endif
