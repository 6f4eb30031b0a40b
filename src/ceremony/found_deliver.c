#include "ceremony/founding.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "card/label.h"
#include "card/rows.h"
#include "card/sheet.h"
#include "worker/calls.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* A card's words and code as text, in guarded memory. */
struct lettering {
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    uint16_t rows[QRT_ROWS_WORDS];
    char text[QRT_ROWS_WORDS][QRT_SLIP39_WORD_CHARS + 1];
    char code[QRT_CARD_TEXT_CHARS + 1];
    struct qrt_slip39_share share;
};

/* What every sheet of this vault says. */
struct heading {
    char vault_id[25];
    char genesis[65];
    int64_t now_unix_s;
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
                                        const struct heading *heading, enum qrt_paper paper)
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

static enum qrt_code describe_card(struct qrt_secret *description,
                                   const struct qrt_founding *founding, const struct qrt_card *card,
                                   const struct heading *heading, unsigned number,
                                   const char *custodian, struct qrt_err *err)
{
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
        card_sheet(&founding->policy, card->group, heading, founding->ui->paper);
    sheet.number = number;
    sheet.generation = card->generation;
    sheet.edition = card->edition;
    sheet.serial = card->serial;
    sheet.role = custodian;
    sheet.payload = l->code;
    for (size_t i = 0; i < QRT_SHEET_WORDS; i++) {
        sheet.words[i] = l->text[i / 3 * 4 + i % 3];
    }
    for (size_t i = 0; i < QRT_SHEET_ROWS; i++) {
        sheet.checks[i] = l->text[i * 4 + 3];
    }
    return qrt_sheet_card_describe(description, &sheet, err);
}

static enum qrt_code describe_label(struct qrt_secret *description,
                                    const struct qrt_founding *founding,
                                    const struct qrt_card *card, const struct heading *heading,
                                    const char *custodian, struct qrt_err *err)
{
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
        .role = custodian,
        .issued_unix_s = heading->now_unix_s,
        .payload = text,
        .paper = founding->ui->paper,
        .practice = founding->policy.practice,
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

enum qrt_code qrt_founding_try_sheet(const struct qrt_founding *founding, struct qrt_err *err)
{
    struct heading heading = {.now_unix_s = 0};
    const struct qrt_policy *policy = &founding->policy;
    char code_text[QRT_CARD_TEXT_CHARS + 1];
    memset(code_text, 'A', QRT_CARD_TEXT_CHARS);
    code_text[QRT_CARD_TEXT_CHARS] = '\0';
    memset(heading.vault_id, '0', sizeof heading.vault_id - 1);
    memset(heading.genesis, '0', sizeof heading.genesis - 1);
    struct qrt_sheet_card sheet = card_sheet(policy, QRT_GROUP_MFA, &heading, founding->ui->paper);
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

static enum qrt_code deliver_sheet(const struct qrt_founding *founding, struct qrt_buf *where,
                                   const char *kind, uint32_t serial,
                                   const struct qrt_secret *description, struct qrt_err *err)
{
    QRT_SECRET pdf = {0};
    char name[48];
    snprintf(name, sizeof name, "%s-%03u.pdf", kind, serial);
    enum qrt_code code = qrt_print_pdf(&pdf, description, err);
    return code == QRT_OK ? founding->ui->deliver(founding->ui->ctx, where, name, &pdf, err) : code;
}

static enum qrt_code deliver_card(struct qrt_founding *founding, struct qrt_founded_card *done,
                                  const struct qrt_card *card, const struct heading *heading,
                                  unsigned number, struct qrt_err *err)
{
    const char *custodian = founding->policy.groups[card->group].custodians[number - 1];
    QRT_SECRET description = {0};
    done->serial = card->serial;
    done->group = card->group;
    done->member_index = card->member_index;
    snprintf(done->custodian, sizeof done->custodian, "%s", custodian);
    enum qrt_code code =
        describe_card(&description, founding, card, heading, number, custodian, err);
    if (code == QRT_OK) {
        code = deliver_sheet(founding, &done->card, "card", card->serial, &description, err);
    }
    if (code == QRT_OK) {
        code = describe_label(&description, founding, card, heading, custodian, err);
    }
    if (code == QRT_OK) {
        code = deliver_sheet(founding, &done->label, "label", card->serial, &description, err);
    }
    if (code == QRT_OK) {
        code = qrt_founding_deliver_wallet(founding, custodian, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_draft *draft = qrt_session_draft(&founding->session, QRT_EV_CARD_ISSUED);
    qrt_draft_u64(draft, "serial", card->serial);
    return qrt_session_commit(&founding->session, err);
}

enum qrt_code qrt_founding_deliver(struct qrt_founding *founding, struct qrt_founded *founded,
                                   struct qrt_err *err)
{
    struct qrt_card *cards = (struct qrt_card *)(void *)founding->cards.data;
    struct heading heading = {.now_unix_s = qrt_session_now(&founding->session)};
    unsigned number[QRT_GROUPS] = {0};
    qrt_text_hex(heading.vault_id, founding->vault->log.vault_id, 12);
    qrt_text_hex(heading.genesis, founding->vault->log.fingerprint, QRT_HASH_BYTES);
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < founding->cards_len; i++) {
        unsigned place = number[cards[i].group]++;
        const struct qrt_founding_hand hand = {
            .card = &cards[i],
            .custodian = founding->policy.groups[cards[i].group].custodians[place],
            .number = i + 1};
        bool person = founding->ui->person;
        if ((code = qrt_interrupt_check(err)) != QRT_OK ||
            (person && (code = qrt_founding_call(founding, &hand, err)) != QRT_OK)) {
            return code;
        }
        code = deliver_card(founding, &founded->cards[i], &cards[i], &heading, place + 1, err);
        founded->cards_len++;
        if (code == QRT_OK && person) {
            code = qrt_founding_hand(founding, &hand, err);
        }
        /* It is on paper now, and nowhere else. */
        sodium_memzero(&cards[i], sizeof cards[i]);
    }
    return code == QRT_OK ? qrt_founding_deliver_wallet(founding, NULL, err) : code;
}
