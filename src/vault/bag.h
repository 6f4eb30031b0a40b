/* Bags: their numbers, and how they are found. */
#ifndef QRT_VAULT_BAG_H
#define QRT_VAULT_BAG_H

#include <stdbool.h>

/* X(constant, word): how a bag is found in its safe; the words are those of the
 * log and of the command's output. */
#define QRT_SEAL_RESULTS(X)                                                                        \
    X(QRT_SEAL_WHOLE, "whole")               /* there, and nobody opened it */                     \
    X(QRT_SEAL_BROKEN, "broken")             /* there, and torn, cut, or closed anew */            \
    X(QRT_SEAL_WRONG_NUMBER, "wrong-number") /* another bag lies in its place */                   \
    X(QRT_SEAL_MISSING, "missing")

enum qrt_seal_result {
#define QRT_SEAL_RESULT_ENUM(constant, word) constant,
    QRT_SEAL_RESULTS(QRT_SEAL_RESULT_ENUM)
#undef QRT_SEAL_RESULT_ENUM
        QRT_SEAL_RESULTS_LEN,
};

const char *qrt_seal_result_word(enum qrt_seal_result result);
/* False, *result untouched, for a word that is none. */
bool qrt_seal_result_parse(enum qrt_seal_result *result, const char *word);

/* 1 to 32 ASCII letters and digits, and space, dot, dash and slash between
 * them: what is printed on bags, and nothing that looks like it and is not. */
bool qrt_bag_number_is(const char *number);
/* Are they one bag's? As people read them off: without regard to case and to
 * what stands between the letters and digits. Public. */
bool qrt_bag_number_same(const char *a, const char *b);
/* Does a text speak of that bag: does its number, read so, stand in it by
 * itself? One that may as well be a word, a year or a count (no letters and
 * less than five digits, or no digit) only beside the word bag. Public. */
bool qrt_bag_number_in(const char *number, const char *text);

#endif
