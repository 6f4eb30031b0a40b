#include "card/sheet.h"

#include "base/clock.h"
#include "card/place.h"
#include <stdio.h>
#include <string.h>

/* The page is folded at its thirds, which lie at 79 and 178 mm of the body on
 * A4, at 82 and 175 mm on Letter: these three panels keep clear of both. */
#define TOP_MM    0.0
#define MIDDLE_MM 84.0
#define BOTTOM_MM 181.0

#define CODE_VERSION   10
#define CODE_MODULE_MM 1.0
#define CODE_SIDE_MM   65.0
#define ROW_MM         7.5

static const char *group_name(unsigned group)
{
    return group == QRT_SHEET_PASSWORD_GROUP ? "password group" : "MFA group";
}

static const char *cards(unsigned n)
{
    return n == 1 ? "card" : "cards";
}

static void front_head(struct qrt_drawing *drawing, const struct qrt_sheet_card *card)
{
    const double wide = 180 - CODE_SIDE_MM - 3;
    char date[QRT_TIME_CHARS + 1];
    qrt_clock_format(date, card->issued_unix_s);
    place_foreign(drawing, (struct place){0, TOP_MM, wide, 11.5}, 14, QRT_STYLE_BOLD, "",
                  card->organisation);
    place_text(drawing, (struct place){0, 12, wide, 11}, 22, QRT_STYLE_BOLD,
               card->group == QRT_SHEET_PASSWORD_GROUP ? "Password group" : "MFA group");
    place_textf(drawing, (struct place){0, 23, wide, 16}, 12, 0,
                "One share of the %s's half of a key. Nothing opens without the other half, "
                "which the %s keeps.",
                group_name(card->group), group_name(card->group ^ 1));
    place_textf(drawing, (struct place){0, 40, wide, 9}, 18, QRT_STYLE_BOLD, "Card %u of %u",
                card->number, card->of);
    place_textf(drawing, (struct place){0, 49, wide, 11}, 12, 0,
                "Needs %u %s of this group and %u of the %s.", card->needs_here,
                cards(card->needs_here), card->needs_other, group_name(card->group ^ 1));
    place_textf(drawing, (struct place){0, 60.5, wide, 5.5}, 12, 0, "Date: %.10s", date);
    place_foreign(drawing, (struct place){0, 66.5, wide, 10.5}, 12, 0, "Holder: ", card->role);
    place_code(drawing, 180 - CODE_SIDE_MM, TOP_MM, CODE_MODULE_MM, CODE_VERSION, card->payload);
    place_text(drawing, (struct place){180 - CODE_SIDE_MM, 66, CODE_SIDE_MM, 11}, 12,
               QRT_STYLE_CENTRE, "Do not photograph.\nDo not scan with a phone.");
}

static void front_words(struct qrt_drawing *drawing, const struct qrt_sheet_card *card)
{
    place_text(drawing, (struct place){0, MIDDLE_MM, 140, 6}, 12, 0,
               "The share in words, three to a row");
    place_text(drawing, (struct place){144, MIDDLE_MM, 36, 6}, 12, 0, "Check word");
    for (unsigned row = 0; row < QRT_SHEET_ROWS; row++) {
        double y_mm = MIDDLE_MM + 6.2 + row * ROW_MM;
        if (row % 2 == 0) {
            place_fill(drawing, (struct place){0, y_mm, 180, ROW_MM}, 232);
        }
        place_textf(drawing, (struct place){2, y_mm + 0.4, 7, 7}, 16,
                    QRT_STYLE_BOLD | QRT_STYLE_MONO, "%c", (int)('A' + row));
        for (unsigned i = 0; i < 3; i++) {
            double x_mm = 11 + 42.0 * i;
            place_textf(drawing, (struct place){x_mm, y_mm + 1.9, 8, 5}, 10, QRT_STYLE_RIGHT, "%u",
                        3 * row + i + 1);
            place_text(drawing, (struct place){x_mm + 10, y_mm + 0.4, 30, 7}, 16,
                       QRT_STYLE_BOLD | QRT_STYLE_MONO, card->words[3 * row + i]);
        }
        place_text(drawing, (struct place){144, y_mm + 0.4, 32, 7}, 16,
                   QRT_STYLE_BOLD | QRT_STYLE_MONO, card->checks[row]);
    }
    /* Parts the words from what checks them. */
    place_rule(drawing, (struct place){140, MIDDLE_MM + 6.2, 0, ROW_MM * QRT_SHEET_ROWS}, 0.3,
               false);
}

static void ruler(struct qrt_drawing *drawing, double x_mm, double y_mm)
{
    place_rule(drawing, (struct place){x_mm, y_mm, 100, 0}, 0.2, false);
    for (unsigned i = 0; i <= 10; i++) {
        place_rule(drawing, (struct place){x_mm + 10.0 * i, y_mm, 0, i % 5 == 0 ? 3 : 2}, 0.2,
                   false);
    }
    place_text(drawing, (struct place){x_mm, y_mm + 3.5, 108, 5.5}, 10, 0,
               "100 mm if printed at 100%, as it must be");
}

static void front_foot(struct qrt_drawing *drawing, const struct qrt_sheet_card *card)
{
    const double x = CODE_SIDE_MM + 5;
    const double wide = 180 - x;
    char vault[32];
    char genesis[96];
    place_groups(vault, sizeof vault, card->vault_id);
    place_groups(genesis, sizeof genesis, card->genesis);
    place_code(drawing, 0, BOTTOM_MM + 5.5, CODE_MODULE_MM, CODE_VERSION, card->payload);
    place_textf(drawing, (struct place){x, BOTTOM_MM, wide, 6}, 12,
                QRT_STYLE_BOLD | QRT_STYLE_SHRINK, "Serial %u, generation %u, edition %u",
                card->serial, card->generation, card->edition);
    place_text(drawing, (struct place){x, BOTTOM_MM + 7.5, 16, 6}, 12, 0, "Vault");
    place_text(drawing, (struct place){x + 16, BOTTOM_MM + 7.5, wide - 16, 6}, 12, QRT_STYLE_MONO,
               vault);
    place_text(drawing, (struct place){x, BOTTOM_MM + 15, wide, 6}, 12, 0, "Genesis fingerprint");
    place_text(drawing, (struct place){x, BOTTOM_MM + 21, wide, 11.5}, 12, QRT_STYLE_MONO, genesis);
    place_blank(drawing, (struct place){x, BOTTOM_MM + 36, wide, 6}, x + 40, "Bag number");
    place_blank(drawing, (struct place){x, BOTTOM_MM + 45, wide, 6}, x + 40, "Seal date");
    place_blank(drawing, (struct place){x, BOTTOM_MM + 54, 73, 6}, x + 40, "Witness initials");
    place_rule(drawing, (struct place){x + 77, BOTTOM_MM + 59.5, wide - 77, 0}, 0.2, false);
    ruler(drawing, x, BOTTOM_MM + 66);
}

static double passage(struct qrt_drawing *drawing, double y_mm, double high_mm, const char *heading,
                      const char *text)
{
    place_text(drawing, (struct place){0, y_mm, 180, 7}, 15, QRT_STYLE_BOLD, heading);
    place_text(drawing, (struct place){0, y_mm + 7.5, 180, high_mm - 7.5}, 12.5, 0, text);
    return y_mm + high_mm;
}

static void back(struct qrt_drawing *drawing, const struct qrt_sheet_card *card)
{
    bool password = card->group == QRT_SHEET_PASSWORD_GROUP;
    char what[512];
    snprintf(what, sizeof what,
             "One share of a key, on paper. The key opens a vault in which the passwords and MFA "
             "seeds of cloud root users lie sealed. This card alone opens nothing and tells "
             "nothing. It takes %u of the password group's cards and %u of the MFA group's, each "
             "brought by its own holder.",
             password ? card->needs_here : card->needs_other,
             password ? card->needs_other : card->needs_here);
    passage(drawing, TOP_MM, 39, "What this is", what);
    passage(drawing, 40, 37, "When to use it",
            "At an opening, a drill or a re-issue to which you were called, in a room with an "
            "operator and a witness whom you know. Call back on a number that you had before. "
            "Never read this card out, send it, copy it or lend it, whoever asks and however "
            "urgent it is.");

    place_text(drawing, (struct place){0, MIDDLE_MM, 180, 7}, 15, QRT_STYLE_BOLD,
               "How, in four steps");
    static const char *const steps[] = {
        "Look at the bag before you open it: its number and seal must be those on record. If "
        "not, stop and say so.",
        "Bring the card yourself to the computer of the vault. It has no network. Keep the card "
        "in your hand.",
        "Hold a code to the scanner, or type the words row by row. The check word tells whether "
        "a row was typed right. The computer says at once whether the card is accepted.",
        "Put the card in a new bag, have its number and the date written down and witnessed, and "
        "take it back to its safe.",
    };
    static const double y_mm[] = {9, 27.5, 46, 70};
    for (unsigned i = 0; i < 4; i++) {
        double y = MIDDLE_MM + y_mm[i];
        place_textf(drawing, (struct place){0, y, 8, 6}, 12.5, QRT_STYLE_BOLD, "%u", i + 1);
        place_text(drawing, (struct place){9, y, 171, 18}, 12.5, 0, steps[i]);
    }

    passage(
        drawing, BOTTOM_MM - 1, 40, "If the software is gone",
        "The 33 words are a share by the public standard SLIP-0039: two groups, both needed, no "
        "passphrase. Any program for that standard makes the 32-byte key of enough cards. "
        "Leave the check words out. Both codes say the same share and more, in Base32. The "
        "sealed sheets and Quorate's page Recover by hand tell how the key opens the rest.");
    passage(drawing, BOTTOM_MM + 40, 25, "Lost, torn or opened",
            "Tell an operator today, with the serial on the front. Bring a torn card with all its "
            "pieces. Never seal an opened bag again in silence.");
    place_text(drawing, (struct place){0, BOTTOM_MM + 69, 180, 7}, 14, QRT_STYLE_BOLD,
               "Do not photograph. Do not scan with a phone.");
}

static enum qrt_code check(const struct qrt_sheet_card *card, struct qrt_err *err)
{
    if (!place_is_hex(card->vault_id, 24) || !place_is_hex(card->genesis, 64)) {
        return qrt_fail(err, QRT_E_RANGE, "card: vault id or genesis is not hex of its length");
    }
    if (card->group > QRT_SHEET_MFA_GROUP || card->number < 1 || card->number > card->of ||
        card->needs_here < 1 || card->needs_here > card->of || card->needs_other < 1) {
        return qrt_fail(err, QRT_E_RANGE, "card: its group, number or thresholds contradict");
    }
    if (strlen(card->payload) != QRT_SHEET_SHARE_CHARS) {
        return qrt_fail(err, QRT_E_RANGE, "card: its code is not of %d characters",
                        QRT_SHEET_SHARE_CHARS);
    }
    return QRT_OK;
}

enum qrt_code qrt_sheet_card_describe(struct qrt_secret *description,
                                      const struct qrt_sheet_card *card, struct qrt_err *err)
{
    qrt_secret_wipe(description);
    enum qrt_code code = check(card, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, description,
                      &(struct qrt_sheet_head){.paper = card->paper,
                                               .practice = card->practice,
                                               .made_unix_s = card->issued_unix_s});
    place_page(&drawing);
    place_folds(&drawing);
    front_head(&drawing, card);
    front_words(&drawing, card);
    front_foot(&drawing, card);
    place_page(&drawing);
    place_folds(&drawing);
    back(&drawing, card);
    return qrt_drawing_end(&drawing, err);
}
