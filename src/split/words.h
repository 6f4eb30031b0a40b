/* The word list of SLIP-0039 and its checksum, RS1024. */
#ifndef QRT_SPLIT_WORDS_H
#define QRT_SPLIT_WORDS_H

#include <quorate/slip39.h>

#define QRT_WORDS        1024
#define QRT_RS1024_WORDS 3 /* of the checksum */

/* Lower case, sorted, zeros behind a word; a word of eight letters has none. */
extern const char qrt_words_list[QRT_WORDS][QRT_SLIP39_WORD_CHARS];

/* Writes the three checksum words (secret) behind `words_count` words. */
void qrt_rs1024_append(uint16_t *words, size_t words_count, bool extendable);

/* Whether the last three of these words (secret) are the others' checksum. */
bool qrt_rs1024_holds(const uint16_t *words, size_t words_count, bool extendable);

#endif
