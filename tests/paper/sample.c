#include "paper/sample.h"

#include <string.h>

static const char *fill(char *out, const char *prefix, size_t chars)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    size_t at = strlen(prefix);
    memcpy(out, prefix, at);
    for (unsigned state = 7; at < chars; at++) {
        state = state * 1103515245U + 12345U;
        out[at] = alphabet[state >> 16 & 31];
    }
    out[chars] = '\0';
    return out;
}

const char *sample_payload(void)
{
    static char text[QRT_SHEET_SHARE_CHARS + 1];
    return fill(text, "QUORATE1:S:", QRT_SHEET_SHARE_CHARS);
}

const char *sample_label_payload(void)
{
    static char text[QRT_SHEET_LABEL_CHARS + 1];
    return fill(text, "QUORATE1:B:", QRT_SHEET_LABEL_CHARS);
}

struct qrt_sheet_card sample_card(void)
{
    struct qrt_sheet_card card = {
        .organisation = "Example Organisation, Cloud Security",
        .group = QRT_SHEET_PASSWORD_GROUP,
        .number = 2,
        .of = 3,
        .needs_here = 2,
        .needs_other = 2,
        .vault_id = "0123456789abcdef01234567",
        .generation = 1,
        .edition = 1,
        .serial = 2,
        .issued_unix_s = 1767225600,
        .role = "Head of Finance, Zürich",
        .genesis = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        .payload = sample_payload(),
    };
    for (unsigned i = 0; i < QRT_SHEET_WORDS; i++) {
        card.words[i] = i % 3 == 0 ? "academic" : i % 3 == 1 ? "wireless" : "mama";
    }
    for (unsigned i = 0; i < QRT_SHEET_ROWS; i++) {
        card.checks[i] = i % 2 == 0 ? "umbrella" : "yoga";
    }
    return card;
}

struct qrt_sheet_label sample_label(void)
{
    return (struct qrt_sheet_label){
        .vault_id = "0123456789abcdef01234567",
        .generation = 1,
        .edition = 1,
        .serial = 2,
        .role = "Head of Finance, Zürich",
        .issued_unix_s = 1767225600,
        .payload = sample_label_payload(),
    };
}

void sample_make_long(struct qrt_sheet_card *card, struct qrt_sheet_label *label)
{
    card->organisation = "The Extraordinarily Long-Named Example Organisation of Many Words for "
                         "Cloud Security, Custody and Assurance, Limited Partnership";
    card->group = QRT_SHEET_MFA_GROUP;
    card->number = card->of = card->needs_here = card->needs_other = 16;
    card->generation = card->edition = 65535;
    card->serial = 4294967295U;
    card->role = "Deputy Head of the Department of Treasury, Risk and Internal Controls, "
                 "Northern Region";
    for (unsigned i = 0; i < QRT_SHEET_WORDS; i++) {
        card->words[i] = "wildlife";
    }
    label->generation = label->edition = 65535;
    label->serial = 4294967295U;
    label->role = card->role;
}
