#include "vault/bag.h"

#include "vault/state.h"
#include <string.h>

static const char *const words[] = {
#define QRT_SEAL_RESULT_WORD(constant, word) word,
    QRT_SEAL_RESULTS(QRT_SEAL_RESULT_WORD)};

const char *qrt_seal_result_word(enum qrt_seal_result result)
{
    return words[result];
}

bool qrt_seal_result_parse(enum qrt_seal_result *result, const char *word)
{
    for (unsigned i = 0; i < QRT_SEAL_RESULTS_LEN; i++) {
        if (strcmp(words[i], word) == 0) {
            *result = (enum qrt_seal_result)i;
            return true;
        }
    }
    return false;
}

/* Its value without regard to case; 0 for what is neither letter nor digit. The
 * C library's tables would depend on the locale. */
static char value_of(char c)
{
    bool counts = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : counts ? c : '\0';
}

bool qrt_bag_number_is(const char *number)
{
    size_t len = strlen(number);
    for (size_t i = 0; i < len; i++) {
        if (value_of(number[i]) == '\0' && strchr(" ./-", number[i]) == NULL) {
            return false;
        }
    }
    return len > 0 && len < QRT_BAG_BYTES && value_of(number[0]) != '\0' &&
           value_of(number[len - 1]) != '\0';
}

static const char *skip(const char *at)
{
    while (*at != '\0' && value_of(*at) == '\0') {
        at++;
    }
    return at;
}

bool qrt_bag_number_same(const char *a, const char *b)
{
    for (;; a++, b++) {
        a = skip(a);
        b = skip(b);
        if (value_of(*a) != value_of(*b)) {
            return false;
        }
        if (*a == '\0') {
            return true;
        }
    }
}

#define COUNT_DIGITS 4 /* a year has as many */

static bool is_of_word(char c)
{
    return value_of(c) != '\0' || (unsigned char)c >= 0x80;
}

/* Does the text begin with that number, and with nothing that goes on behind it? */
static bool begins(const char *text, const char *number)
{
    for (number = skip(number); *number != '\0'; number = skip(number + 1), text++) {
        text += strspn(text, " ./-");
        if (value_of(*text) != value_of(*number)) {
            return false;
        }
    }
    return !is_of_word(*text);
}

static bool stands_in(const char *number, const char *text)
{
    bool in = false;
    for (bool before = false; !in && *text != '\0'; before = is_of_word(*text), text++) {
        in = !before && value_of(*text) != '\0' && begins(text, number);
    }
    return in;
}

static bool is_telling(const char *number)
{
    size_t letters = 0;
    size_t digits = 0;
    for (number = skip(number); *number != '\0'; number = skip(number + 1)) {
        bool digit = *number >= '0' && *number <= '9';
        digits += digit ? 1 : 0;
        letters += digit ? 0 : 1;
    }
    return digits > (letters > 0 ? 0 : COUNT_DIGITS);
}

bool qrt_bag_number_in(const char *number, const char *text)
{
    return stands_in(number, text) && (is_telling(number) || stands_in("bag", text));
}
