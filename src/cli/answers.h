/* The answers of a script: docs/formats/answers.md. */
#ifndef QRT_CLI_ANSWERS_H
#define QRT_CLI_ANSWERS_H

#include <jansson.h>
#include <quorate/err.h>

/* Refuses what no command takes: an unknown key at any level, a value of
 * another kind, an empty text. The error names the place and quotes nothing.
 * Whether an answer is the right one is for the ceremony to say. QRT_E_FORMAT,
 * QRT_E_RANGE. */
enum qrt_code qrt_answers_check(json_t *answers, struct qrt_err *err) QRT_MUST_USE;

/* The value at a dotted path, or NULL. Ids hold dots too: of the keys that the
 * path goes on with, the longest is meant. */
json_t *qrt_answers_find(json_t *answers, const char *path);

#endif
