/* An embedding program: splits a secret 2 of 3 as standard SLIP-0039 shares,
 * writes one as words, reads it back, and combines two.
 *
 *   cc embed.c $(pkg-config --cflags --libs --static quorate) -o embed
 *
 * The secret is a known one, so it is not in guarded memory here; yours is
 * (quorate/secret.h). */
#include <quorate/slip39.h>
#include <stdio.h>
#include <string.h>

static int fail(const struct qrt_err *err)
{
    fprintf(stderr, "embed: %s: %s\n", qrt_code_words(err->code), err->what);
    return 1;
}

int main(void)
{
    static const uint8_t secret[16] = "sixteen letters!";
    struct qrt_slip39_plan plan = {
        .extendable = true,
        .group_threshold = 1,
        .group_count = 1,
        .groups = {{.member_threshold = 2, .member_count = 3}},
    };
    struct qrt_slip39_share shares[3];
    uint8_t group_shares[sizeof secret];
    struct qrt_err err = {0};
    if (qrt_slip39_split(shares, group_shares, &plan, secret, sizeof secret, NULL, 0, &err) !=
        QRT_OK) {
        return fail(&err);
    }

    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t words_count;
    char text[QRT_SLIP39_WORDS_MAX * (QRT_SLIP39_WORD_CHARS + 1)];
    size_t text_len;
    struct qrt_slip39_share brought[2] = {shares[0]};
    if (qrt_slip39_share_encode(words, &words_count, &shares[2], &err) != QRT_OK ||
        qrt_slip39_text_encode(text, sizeof text, &text_len, words, words_count, &err) != QRT_OK ||
        qrt_slip39_text_decode(words, &words_count, text, text_len, &err) != QRT_OK ||
        qrt_slip39_share_decode(&brought[1], words, words_count, &err) != QRT_OK) {
        return fail(&err);
    }

    uint8_t combined[sizeof secret];
    size_t combined_len;
    if (qrt_slip39_combine(combined, sizeof combined, &combined_len, brought, 2, NULL, 0, &err) !=
        QRT_OK) {
        return fail(&err);
    }
    if (combined_len != sizeof secret || memcmp(combined, secret, sizeof secret) != 0) {
        fputs("embed: another secret came back\n", stderr);
        return 1;
    }
    printf("2 of 3 shares of %zu words gave the secret back.\n", words_count);
    return 0;
}
