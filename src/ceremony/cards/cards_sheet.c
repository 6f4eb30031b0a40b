#include "ceremony/cards/cards_parts.h"

#include "base/text.h"
#include "card/label.h"
#include "card/rows.h"
#include "card/sheet.h"
#include "worker/calls.h"
#include <string.h>

/* A card's words and code as text, in guarded memory. */
struct lettering {
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    uint16_t rows[QRT_ROWS_WORDS];
    char text[QRT_ROWS_WORDS][QRT_SLIP39_WORD_CHARS + 1];
    char code[QRT_CARD_TEXT_CHARS + 1];
    struct qrt_slip39_share share;
};

static enum qrt_code letter_card(struct lettering *l, const struct qrt_card *card,
                                 struct qrt_err *err)
{
    enum qrt_card_reason reason;
    size_t count = 0;
    enum qrt_code code;
    if ((code = qrt_card_text(l->code, card, err)) != QRT_OK ||
        (code = qrt_card_get_share(&l->share, &reason, card, err)) != QRT_OK ||
        (code = qrt_slip39_share_encode(l->words, &count, &l->share, err)) != QRT_OK) {
        return code;
    }
    qrt_rows_add(l->rows, l->words);
    for (size_t i = 0; i < QRT_ROWS_WORDS; i++) {
        (void)qrt_slip39_word(l->text[i], l->rows[i]);
    }
    return QRT_OK;
}

/* A card's sheet but for what is its own. */
static struct qrt_sheet_card card_sheet(const struct qrt_policy *policy, enum qrt_group group,
                                        const struct qrt_cards_heading *heading,
                                        enum qrt_paper paper)
{
    return (struct qrt_sheet_card){
        .organisation = policy->organization,
        .group = group,
        .of = policy->groups[group].count,
        .needs_here = policy->groups[group].threshold,
        .needs_other = policy->groups[1 - group].threshold,
        .vault_id = heading->vault_id,
        .issued_unix_s = heading->now_unix_s,
        .genesis = heading->genesis,
        .paper = paper,
        .practice = policy->practice,
    };
}

enum qrt_code qrt_cards_describe(struct qrt_secret *description, const struct qrt_cards *cards,
                                 const struct qrt_new_card *new,
                                 const struct qrt_cards_heading *heading, struct qrt_err *err)
{
    const struct qrt_card *card = &new->card;
    QRT_SECRET block = {0};
    enum qrt_code code = qrt_secret_init(&block, sizeof(struct lettering), err);
    if (code != QRT_OK) {
        return code;
    }
    struct lettering *l = (struct lettering *)(void *)block.data;
    if ((code = letter_card(l, card, err)) != QRT_OK) {
        return code;
    }
    struct qrt_sheet_card sheet =
        card_sheet(cards->policy, card->group, heading, cards->session->ui->paper);
    sheet.number = new->place;
    sheet.generation = card->generation;
    sheet.edition = card->edition;
    sheet.serial = card->serial;
    sheet.role = new->custodian;
    sheet.payload = l->code;
    for (size_t i = 0; i < QRT_SHEET_WORDS; i++) {
        sheet.words[i] = l->text[i / 3 * 4 + i % 3];
    }
    for (size_t i = 0; i < QRT_SHEET_ROWS; i++) {
        sheet.checks[i] = l->text[i * 4 + 3];
    }
    return qrt_sheet_card_describe(description, &sheet, err);
}

enum qrt_code qrt_cards_describe_label(struct qrt_secret *description,
                                       const struct qrt_cards *cards,
                                       const struct qrt_new_card *new,
                                       const struct qrt_cards_heading *heading, struct qrt_err *err)
{
    const struct qrt_card *card = &new->card;
    struct qrt_label label = {
        .generation = card->generation, .edition = card->edition, .serial = card->serial};
    char text[QRT_LABEL_TEXT_CHARS + 1];
    memcpy(label.vault_id, card->vault_id, sizeof label.vault_id);
    enum qrt_code code = qrt_card_commit(label.commitment, card, err);
    if (code == QRT_OK) {
        code = qrt_label_text(text, &label, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_sheet_label sheet = {
        .vault_id = heading->vault_id,
        .generation = card->generation,
        .edition = card->edition,
        .serial = card->serial,
        .role = new->custodian,
        .issued_unix_s = heading->now_unix_s,
        .payload = text,
        .paper = cards->session->ui->paper,
        .practice = cards->policy->practice,
    };
    return qrt_sheet_label_describe(description, &sheet, err);
}

/* The longest id of those who will hold cards. */
static const char *longest_custodian(const struct qrt_policy *policy)
{
    const char *longest = "";
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        for (unsigned i = 0; i < policy->groups[group].count; i++) {
            const char *id = policy->groups[group].custodians[i];
            longest = strlen(id) > strlen(longest) ? id : longest;
        }
    }
    return longest;
}

enum qrt_code qrt_cards_try_sheet(const struct qrt_policy *policy, const struct qrt_ui *ui,
                                  struct qrt_err *err)
{
    struct qrt_cards_heading heading = {.now_unix_s = 0};
    char code_text[QRT_CARD_TEXT_CHARS + 1];
    memset(code_text, 'A', QRT_CARD_TEXT_CHARS);
    code_text[QRT_CARD_TEXT_CHARS] = '\0';
    memset(heading.vault_id, '0', sizeof heading.vault_id - 1);
    memset(heading.genesis, '0', sizeof heading.genesis - 1);
    struct qrt_sheet_card sheet = card_sheet(policy, QRT_GROUP_MFA, &heading, ui->paper);
    sheet.number = sheet.of;
    sheet.generation = sheet.edition = 1;
    sheet.serial = 1;
    sheet.role = longest_custodian(policy);
    sheet.payload = code_text;
    for (size_t i = 0; i < QRT_SHEET_WORDS; i++) {
        sheet.words[i] = "academic";
    }
    for (size_t i = 0; i < QRT_SHEET_ROWS; i++) {
        sheet.checks[i] = "academic";
    }
    QRT_SECRET description = {0};
    QRT_SECRET pdf = {0};
    enum qrt_code code = qrt_sheet_card_describe(&description, &sheet, err);
    if (code == QRT_OK) {
        code = qrt_print_pdf(&pdf, &description, err);
    }
    /* Nothing else in it is the policy's. */
    return code == QRT_E_RANGE ? qrt_fail(err, code, "organization: it does not fit a card") : code;
}
