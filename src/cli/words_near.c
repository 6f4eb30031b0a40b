#include "cli/words_near.h"

#include "split/words.h"
#include <stdbool.h>
#include <string.h>

#define LETTERS_MIN 4

static size_t word_len(uint16_t index)
{
    return strnlen(qrt_words_list[index], QRT_SLIP39_WORD_CHARS);
}

/* Does one slip, or none, make one of these of the other? */
static bool is_near(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t same = 0;
    while (same < a_len && same < b_len && a[same] == b[same]) {
        same++;
    }
    const char *a_rest = a + same;
    const char *b_rest = b + same;
    a_len -= same;
    b_len -= same;
    if (a_len == b_len) {
        if (a_len < 2) {
            return true;
        }
        bool swapped = a_rest[0] == b_rest[1] && a_rest[1] == b_rest[0];
        return memcmp(a_rest + 1, b_rest + 1, a_len - 1) == 0 ||
               (swapped && memcmp(a_rest + 2, b_rest + 2, a_len - 2) == 0);
    }
    if (a_len == b_len + 1) {
        return memcmp(a_rest + 1, b_rest, b_len) == 0;
    }
    return b_len == a_len + 1 && memcmp(a_rest, b_rest + 1, a_len) == 0;
}

/* Is some beginning of the word near? */
static bool begins_near(const char *letters, size_t len_chars, uint16_t index)
{
    size_t len = word_len(index);
    for (size_t part = len_chars - 1; part <= len_chars + 1 && part < len; part++) {
        if (is_near(letters, len_chars, qrt_words_list[index], part)) {
            return true;
        }
    }
    return false;
}

size_t qrt_words_near(uint16_t near[static QRT_NEAR_MAX], const char *letters, size_t len_chars)
{
    size_t count = 0;
    if (len_chars < LETTERS_MIN) {
        return 0;
    }
    for (unsigned pass = 0; pass < 2; pass++) {
        for (uint16_t i = 0; i < QRT_WORDS && count < QRT_NEAR_MAX; i++) {
            bool whole = is_near(letters, len_chars, qrt_words_list[i], word_len(i));
            if (pass == 0 ? whole : !whole && begins_near(letters, len_chars, i)) {
                near[count++] = i;
            }
        }
    }
    return count;
}
