#include "card/wallet.h"

#include "base/clock.h"
#include "card/code.h"
#include "card/place.h"
#include <sodium.h>
#include <string.h>

/* Three panels of a bank card's size, one below the other. The first folds
 * back, the second and third fold onto each other: the code lies inside. */
#define WIDE_MM   85.6
#define HIGH_MM   54.0
#define LEFT_MM   ((180 - WIDE_MM) / 2)
#define TOP_MM    40.0
#define MARGIN_MM 3.0
#define TEXT_MM   (WIDE_MM - 2 * MARGIN_MM)

#define MODULE_MM    0.8
#define ROW_GROUPS   8
#define GROUP_CHARS  4
#define ROW_CHARS    (ROW_GROUPS * GROUP_CHARS)
#define ROW_MM       4.6
#define ROWS_TOP_MM  13.0
#define LETTERS_SIZE 9

static struct place at(unsigned panel, double y_mm, double high_mm)
{
    return (struct place){LEFT_MM + MARGIN_MM, TOP_MM + panel * HIGH_MM + y_mm, TEXT_MM, high_mm};
}

static void outline(struct qrt_drawing *drawing)
{
    for (unsigned i = 0; i <= 3; i++) {
        bool cut = i == 0 || i == 3;
        place_rule(drawing, (struct place){LEFT_MM, TOP_MM + i * HIGH_MM, WIDE_MM, 0},
                   cut ? 0.3 : 0.1, cut);
    }
    place_rule(drawing, (struct place){LEFT_MM, TOP_MM, 0, 3 * HIGH_MM}, 0.3, true);
    place_rule(drawing, (struct place){LEFT_MM + WIDE_MM, TOP_MM, 0, 3 * HIGH_MM}, 0.3, true);
    const struct place beside = {LEFT_MM + WIDE_MM + 2, TOP_MM + HIGH_MM - 2.5, 40, 5};
    place_text(drawing, beside, 9, 0, "fold back");
    place_text(drawing,
               (struct place){beside.x_mm, beside.y_mm + HIGH_MM, beside.wide_mm, beside.high_mm},
               9, 0, "fold forward");
}

static void cover(struct qrt_drawing *drawing, const struct qrt_sheet_wallet *wallet)
{
    char vault[32];
    char date[QRT_TIME_CHARS + 1];
    place_groups(vault, sizeof vault, wallet->vault_id);
    qrt_clock_format(date, wallet->issued_unix_s);
    place_foreign(drawing, at(0, 2.5, 7.5), 9, QRT_STYLE_BOLD, "", wallet->organisation);
    if (wallet->practice) {
        /* The stamp in the margin is cut off. */
        place_text(drawing, at(0, 30.4, 5), 11, QRT_STYLE_BOLD | QRT_STYLE_RIGHT, "PRACTICE");
    }
    place_foreign(drawing, at(0, 10.5, 6.5), 14, QRT_STYLE_BOLD, "Badge of ", wallet->person);
    place_foreign(drawing, at(0, 17.5, 4.2), 9, 0, "Role: ", wallet->roles);
    place_foreign(drawing, at(0, 22, 4.2), 9, 0, "Vault: ", wallet->origin);
    place_text(drawing, at(0, 26.2, 4.2), 9, QRT_STYLE_MONO, vault);
    place_textf(drawing, (struct place){LEFT_MM + MARGIN_MM, TOP_MM + 30.4, 40, 4.2}, 9, 0,
                "Date: %.10s", date);
    place_text(drawing, at(0, 35.5, 8), 9, 0,
               "It cosigns the log at the end of a session. It opens nothing.");
    place_text(drawing, at(0, 44.5, 8), 9, 0,
               "Lost or copied? Tell an operator today: this badge is made void, and you get a new "
               "one.");
}

/* In letters, for the day when the code cannot be scanned. */
static void letters(struct qrt_drawing *drawing, const char *payload)
{
    place_text(drawing, at(1, 2.5, 4.2), 9, QRT_STYLE_BOLD, "If the code cannot be scanned");
    place_text(drawing, at(1, 7, 4.2), 9, 0, "type this in one line; blanks do not count:");
    place_textf(drawing, at(1, ROWS_TOP_MM, ROW_MM), LETTERS_SIZE, QRT_STYLE_MONO, "%.*s",
                QRT_CODE_HEAD_CHARS, payload);
    const char *rest = payload + QRT_CODE_HEAD_CHARS;
    size_t left = strlen(rest);
    char row[ROW_CHARS + ROW_GROUPS];
    for (unsigned i = 1; left > 0; i++) {
        size_t used = 0;
        size_t chars = left < ROW_CHARS ? left : ROW_CHARS;
        for (size_t j = 0; j < chars; j++) {
            if (j > 0 && j % GROUP_CHARS == 0) {
                row[used++] = ' ';
            }
            row[used++] = rest[j];
        }
        row[used] = '\0';
        place_text(drawing, at(1, ROWS_TOP_MM + i * ROW_MM, ROW_MM), LETTERS_SIZE, QRT_STYLE_MONO,
                   row);
        rest += chars;
        left -= chars;
    }
    sodium_memzero(row, sizeof row);
}

static void inside(struct qrt_drawing *drawing, const struct qrt_sheet_wallet *wallet)
{
    unsigned version = place_version(strlen(wallet->payload));
    double side_mm = QRT_CODE_MODULES(version) * MODULE_MM;
    double code_mm = LEFT_MM + WIDE_MM - side_mm - 1;
    double y_mm = TOP_MM + 2 * HIGH_MM;
    place_code(drawing, code_mm, y_mm + (HIGH_MM - side_mm) / 2, MODULE_MM, version,
               wallet->payload);
    place_text(drawing,
               (struct place){LEFT_MM + MARGIN_MM, y_mm + 3, code_mm - LEFT_MM - MARGIN_MM, 49}, 9,
               QRT_STYLE_SHRINK,
               "Keep it folded.\n\nShow it to the vault's computer only, at a session's close.\n\n"
               "Do not photograph. Do not scan with a phone.");
}

static enum qrt_code check(const struct qrt_sheet_wallet *wallet, struct qrt_err *err)
{
    if (!place_is_hex(wallet->vault_id, 24)) {
        return qrt_fail(err, QRT_E_RANGE, "wallet card: vault id is not 24 hex digits");
    }
    if (!place_is_code(wallet->payload, QRT_CODE_BADGE, QRT_SHEET_WALLET_CHARS_MAX)) {
        return qrt_fail(err, QRT_E_RANGE, "wallet card: its code is none of a badge");
    }
    return QRT_OK;
}

enum qrt_code qrt_sheet_wallet_describe(struct qrt_secret *description,
                                        const struct qrt_sheet_wallet *wallet, struct qrt_err *err)
{
    qrt_secret_wipe(description);
    enum qrt_code code = check(wallet, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, description,
                      &(struct qrt_sheet_head){.paper = wallet->paper,
                                               .practice = wallet->practice,
                                               .made_unix_s = wallet->issued_unix_s});
    place_page(&drawing);
    place_text(&drawing, (struct place){0, 0, 180, 9}, 18, QRT_STYLE_BOLD, "Your badge");
    place_text(&drawing, (struct place){0, 11, 180, 17}, 12, 0,
               "Cut it out along the dashed line. Fold the upper part back, then the lower part "
               "forward, so that the code lies inside. Keep it in your wallet and bring it to "
               "each session.");
    outline(&drawing);
    cover(&drawing, wallet);
    letters(&drawing, wallet->payload);
    inside(&drawing, wallet);
    return qrt_drawing_end(&drawing, err);
}
