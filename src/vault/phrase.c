#include "vault/phrase.h"

#include "crypto/sign.h"
#include <quorate/slip39.h>
#include <sodium.h>

enum qrt_code qrt_phrase_generate(struct qrt_secret *phrase, struct qrt_err *err)
{
    QRT_SECRET draws = {0};
    QRT_SECRET words = {0};
    enum qrt_code code = qrt_secret_init(&draws, QRT_PHRASE_WORDS * sizeof(uint16_t), err);
    if (code == QRT_OK) {
        code = qrt_secret_init(&words, QRT_SLIP39_WORD_CHARS + 1, err);
    }
    if (code == QRT_OK) {
        code = qrt_secret_init(phrase, QRT_PHRASE_WORDS * (QRT_SLIP39_WORD_CHARS + 1), err);
    }
    if (code != QRT_OK) {
        return code;
    }
    uint16_t *draw = (uint16_t *)(void *)draws.data;
    char *word = (char *)words.data;
    qrt_random(draw, draws.size_bytes);
    for (size_t i = 0; code == QRT_OK && i < QRT_PHRASE_WORDS; i++) {
        size_t len = qrt_slip39_word(word, draw[i] & 1023);
        code = i == 0 ? QRT_OK : qrt_secret_append(phrase, " ", 1, err);
        if (code == QRT_OK) {
            code = qrt_secret_append(phrase, word, len, err);
        }
    }
    return code;
}

enum qrt_code qrt_phrase_check(const struct qrt_secret *phrase, struct qrt_err *err)
{
    if (phrase->len_bytes < QRT_PHRASE_MIN_CHARS) {
        return qrt_fail(err, QRT_E_USAGE, "a passphrase needs at least %d characters",
                        QRT_PHRASE_MIN_CHARS);
    }
    for (size_t i = 0; i < phrase->len_bytes; i++) {
        if (phrase->data[i] < 0x20 || phrase->data[i] > 0x7e) {
            return qrt_fail(err, QRT_E_USAGE,
                            "a passphrase: character %zu is not one that every keyboard has",
                            i + 1);
        }
    }
    if (phrase->data[0] == ' ' || phrase->data[phrase->len_bytes - 1] == ' ') {
        return qrt_fail(err, QRT_E_USAGE, "a passphrase: a space at its start or end");
    }
    return QRT_OK;
}
