#include "vault/leak.h"

#include "split/words.h"
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define SEED_CHARS     16 /* of Base32, at least */
#define PASSWORD_CHARS 8  /* AWS takes none that is shorter */
#define LONG_CHARS     16 /* a token without symbols that nobody remembers */
#define DIGITS         5  /* more than a masked number has */
#define GROUP_CHARS    4  /* in which long secrets are shown */
#define PIN_DIGITS     4
#define PHONE_DIGITS   7
#define WORDS_IN_A_ROW 3
#define HEAD_CHARS     4 /* of a listed word, which no other has */
#define HEADS_IN_A_ROW 5

/* Listed, or the first letters of one that is. */
static bool is_listed(const char *word, size_t len, bool head)
{
    for (size_t i = 0; len <= QRT_SLIP39_WORD_CHARS && i < QRT_WORDS; i++) {
        if (strncasecmp(qrt_words_list[i], word, len) == 0 &&
            (len == QRT_SLIP39_WORD_CHARS || qrt_words_list[i][len] == '\0' ||
             (head && len >= HEAD_CHARS))) {
            return true;
        }
    }
    return false;
}

/* A row of a card, or a passphrase that was made here. */
static bool has_card_words(const char *text)
{
    unsigned run = 0;
    unsigned heads = 0;
    while (*text != '\0') {
        size_t len = 0;
        while (isalpha((unsigned char)text[len])) {
            len++;
        }
        if (len > 0) {
            run = is_listed(text, len, false) ? run + 1 : 0;
            heads = is_listed(text, len, true) ? heads + 1 : 0;
        }
        if (run == WORDS_IN_A_ROW || heads == HEADS_IN_A_ROW) {
            return true;
        }
        text += len;
        text += *text != '\0' && len == 0 ? 1 : 0;
    }
    return false;
}

/* What a run of characters without a blank is made of. */
struct token {
    size_t chars;
    bool lower, upper, digit;
    bool mark;   /* that stands in names and addresses */
    bool symbol; /* any other */
    bool other;  /* not ASCII, or not to be seen */
    bool base32;
};

static void add_char(struct token *token, char c)
{
    bool mark = strchr("-_./:@,+=", c) != NULL;
    token->chars++;
    token->lower = token->lower || islower((unsigned char)c);
    token->upper = token->upper || isupper((unsigned char)c);
    token->digit = token->digit || isdigit((unsigned char)c);
    token->mark = token->mark || mark;
    token->symbol = token->symbol || (ispunct((unsigned char)c) && !mark);
    token->other = token->other || !isgraph((unsigned char)c);
    token->base32 =
        token->base32 && (isalpha((unsigned char)c) || (c >= '2' && c <= '7') || c == '=');
}

static const char *judge(const struct token *token)
{
    unsigned classes = (token->lower ? 1U : 0) + (token->upper ? 1U : 0) + (token->digit ? 1U : 0) +
                       (token->symbol ? 1U : 0);
    if (token->base32 && token->chars >= SEED_CHARS && token->lower != token->upper &&
        (token->upper || token->digit)) {
        return "an MFA seed";
    }
    bool tangled =
        token->symbol ? token->chars >= PASSWORD_CHARS : token->chars >= LONG_CHARS && !token->mark;
    return classes >= 3 && tangled && !token->other ? "a password" : NULL;
}

static const char *judge_tokens(const char *text)
{
    while (*text != '\0') {
        struct token token = {.base32 = true};
        for (; *text != '\0' && *text != ' '; text++) {
            add_char(&token, *text);
        }
        const char *found = judge(&token);
        if (found != NULL) {
            return found;
        }
        text += *text == ' ' ? 1 : 0;
    }
    return NULL;
}

/* All of it as one, where it is written in groups of four. */
static const char *judge_groups(const char *text)
{
    struct token all = {.base32 = true};
    while (*text != '\0') {
        size_t len = strcspn(text, " -");
        for (size_t i = 0; i < len; i++) {
            add_char(&all, text[i]);
        }
        if (len > GROUP_CHARS || (len < GROUP_CHARS && text[len] != '\0')) {
            return NULL;
        }
        text += len + (text[len] != '\0' ? 1 : 0);
    }
    return judge(&all);
}

/* A code, a PIN, or a number in full; a date is none of them. */
static bool is_number(const char *text)
{
    unsigned digits = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if (!isdigit((unsigned char)*p) && strchr(" +-()./", *p) == NULL) {
            return false;
        }
        digits += isdigit((unsigned char)*p) ? 1 : 0;
    }
    bool date = strlen(text) == 10 && text[4] == '-' && text[7] == '-' && digits == 8;
    return digits >= DIGITS && !date;
}

/* The digits from there on, and what stands between them. */
static unsigned count_digits(const char *text)
{
    unsigned digits = 0;
    for (; *text != '\0' && (isdigit((unsigned char)*text) || strchr(" -()./", *text)); text++) {
        digits += isdigit((unsigned char)*text) ? 1 : 0;
    }
    return digits;
}

/* A number of a phone as it is dialled from abroad, within a text; but the plus of
 * an address stands behind a letter. */
static bool has_phone(const char *text)
{
    for (const char *plus = strchr(text, '+'); plus != NULL; plus = strchr(plus + 1, '+')) {
        bool begins = plus == text || !isalnum((unsigned char)plus[-1]);
        if (begins && count_digits(plus + 1) >= PHONE_DIGITS) {
            return true;
        }
    }
    return false;
}

/* The word, and somewhere behind it digits that are no year. */
static bool has_pin(const char *text)
{
    const char *pin = text;
    while ((pin = strpbrk(pin, "Pp")) != NULL) {
        bool begins = pin == text || !isalnum((unsigned char)pin[-1]);
        bool word = strncasecmp(pin, "pin", 3) == 0 || strncasecmp(pin, "puk", 3) == 0;
        pin++;
        if (!begins || !word || isalnum((unsigned char)pin[2])) {
            continue;
        }
        for (const char *p = pin; *p != '\0'; p++) {
            size_t digits = isalnum((unsigned char)p[-1]) ? 0 : strspn(p, "0123456789");
            bool year = digits == 4 && strncmp(p, "20", 2) == 0;
            if (digits >= PIN_DIGITS && !year) {
                return true;
            }
        }
    }
    return false;
}

const char *qrt_leak_find(const char *text)
{
    if (strcasestr(text, "otpauth:") != NULL) {
        return "an MFA seed";
    }
    if (strcasestr(text, "QUORATE1:") != NULL) {
        return "a code of a card or badge";
    }
    if (has_card_words(text)) {
        return "words of a card or a passphrase";
    }
    if (is_number(text) || has_phone(text) || has_pin(text)) {
        return "a code, a PIN or a number in full";
    }
    const char *found = judge_tokens(text);
    return found != NULL ? found : judge_groups(text);
}
