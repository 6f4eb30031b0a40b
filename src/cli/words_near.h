/* Which words of the list somebody may have meant. */
#ifndef QRT_CLI_WORDS_NEAR_H
#define QRT_CLI_WORDS_NEAR_H

#include <stddef.h>
#include <stdint.h>

#define QRT_NEAR_MAX 6

/* Finds words one slip away from these letters (secret, lower case): a letter
 * too many, too few or another, or two neighbours exchanged. Whole words come
 * first, then words that begin so, each in the order of the list. Writes up to
 * QRT_NEAR_MAX indices (secret) and returns how many; of fewer than four
 * letters nothing is said. Its time depends on the letters, which is no matter
 * while a person types them; it copies them nowhere. */
size_t qrt_words_near(uint16_t near[static QRT_NEAR_MAX], const char *letters, size_t len_chars);

#endif
