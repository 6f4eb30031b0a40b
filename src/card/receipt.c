#include "card/receipt.h"

#include "base/clock.h"
#include "card/code.h"
#include "card/place.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Folded once, at the middle of the page, which is that of the body: what is
 * read stands above, the code below. */
#define MIDDLE_MM 128.5
#define CODE_MM   133.0

#define MODULE_LARGE_MM 1.0
#define MODULE_SMALL_MM 0.8
#define CODE_HIGH_MM    (257 - CODE_MM)

static void cosigned_by(char *out, size_t size_bytes, const struct qrt_sheet_receipt *receipt)
{
    if (receipt->cosigners_len == 0) {
        snprintf(out, size_bytes, "nobody");
    } else if (receipt->cosigners_len == 1) {
        snprintf(out, size_bytes, "%.60s", receipt->cosigners[0]);
    } else {
        snprintf(out, size_bytes, "%.60s and %.60s", receipt->cosigners[0], receipt->cosigners[1]);
    }
}

static void row(struct qrt_drawing *drawing, double y_mm, double high_mm, unsigned style,
                const char *name, const char *value)
{
    place_text(drawing, (struct place){0, y_mm, 44, 6}, 12, 0, name);
    place_text(drawing, (struct place){45, y_mm, 135, high_mm}, 12, style | QRT_STYLE_SHRINK,
               value);
}

static void holder(struct qrt_drawing *drawing, const struct qrt_sheet_receipt *receipt)
{
    if (receipt->person == NULL || receipt->role == NULL) {
        place_blank(drawing, (struct place){0, 36, 88, 6}, 10, "For");
        place_blank(drawing, (struct place){92, 36, 88, 6}, 100, "as");
        return;
    }
    place_foreign(drawing, (struct place){0, 34, 180, 7}, 12, QRT_STYLE_BOLD, "For ",
                  receipt->person);
    place_foreign(drawing, (struct place){0, 40, 180, 6}, 12, 0, "as ", receipt->role);
}

static void above(struct qrt_drawing *drawing, const struct qrt_sheet_receipt *receipt)
{
    char date[QRT_TIME_CHARS + 1];
    char vault[32];
    char genesis[96];
    char root[96];
    char number[24];
    char signers[128];
    qrt_clock_format(date, receipt->issued_unix_s);
    place_groups(vault, sizeof vault, receipt->vault_id);
    place_groups(genesis, sizeof genesis, receipt->genesis);
    place_groups(root, sizeof root, receipt->root);
    cosigned_by(signers, sizeof signers, receipt);
    place_foreign(drawing, (struct place){0, 0, 180, 7}, 14, QRT_STYLE_BOLD, "",
                  receipt->organisation);
    place_text(drawing, (struct place){0, 8, 180, 11}, 22, QRT_STYLE_BOLD, "Receipt of the log");
    place_text(drawing, (struct place){0, 20, 180, 11}, 12, 0,
               "Bring it to the next session: it proves that nobody set the log back. It holds no "
               "secret. Keep it at home, away from the vault's computer.");
    holder(drawing, receipt);
    row(drawing, 48, 6, 0, "Vault", receipt->origin);
    row(drawing, 54, 6, QRT_STYLE_MONO, "Vault id", vault);
    row(drawing, 60, 6, 0, "Date", date);
    snprintf(number, sizeof number, "%" PRIu64, receipt->size);
    row(drawing, 68, 6, QRT_STYLE_BOLD, "Entries in the log", number);
    snprintf(number, sizeof number, "%" PRIu64, receipt->epoch);
    row(drawing, 74, 6, QRT_STYLE_BOLD, "Epoch", number);
    row(drawing, 80, 11, QRT_STYLE_MONO, "Root of the log", root);
    row(drawing, 93, 11, QRT_STYLE_MONO, "Genesis fingerprint", genesis);
    row(drawing, 106, 6, 0, "Cosigned by", signers);
}

static void fold(struct qrt_drawing *drawing)
{
    place_rule(drawing, (struct place){0, MIDDLE_MM, 4, 0}, 0.2, false);
    place_rule(drawing, (struct place){176, MIDDLE_MM, 4, 0}, 0.2, false);
}

static void below(struct qrt_drawing *drawing, const char *payload)
{
    unsigned version = place_version(strlen(payload));
    double module_mm = QRT_CODE_MODULES(version) * MODULE_LARGE_MM <= CODE_HIGH_MM
                           ? MODULE_LARGE_MM
                           : MODULE_SMALL_MM;
    double side_mm = QRT_CODE_MODULES(version) * module_mm;
    place_code(drawing, (180 - side_mm) / 2, CODE_MM, module_mm, version, payload);
}

static enum qrt_code check(const struct qrt_sheet_receipt *receipt, struct qrt_err *err)
{
    if (!place_is_hex(receipt->vault_id, 24) || !place_is_hex(receipt->genesis, 64) ||
        !place_is_hex(receipt->root, 64)) {
        return qrt_fail(err, QRT_E_RANGE,
                        "receipt: an id, root or genesis is no hex of its length");
    }
    if (receipt->cosigners_len > QRT_SHEET_RECEIPT_COSIGNERS_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "receipt: %zu cosigners", receipt->cosigners_len);
    }
    if (!place_is_code(receipt->payload, QRT_CODE_RECEIPT, QRT_SHEET_RECEIPT_CHARS_MAX)) {
        return qrt_fail(err, QRT_E_RANGE, "receipt: its code is none of a receipt, or too long");
    }
    return QRT_OK;
}

enum qrt_code qrt_sheet_receipt_describe(struct qrt_secret *description,
                                         const struct qrt_sheet_receipt *receipt,
                                         struct qrt_err *err)
{
    qrt_secret_wipe(description);
    enum qrt_code code = check(receipt, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, description,
                      &(struct qrt_sheet_head){.paper = receipt->paper,
                                               .practice = receipt->practice,
                                               .made_unix_s = receipt->issued_unix_s});
    place_page(&drawing);
    fold(&drawing);
    above(&drawing, receipt);
    below(&drawing, receipt->payload);
    return qrt_drawing_end(&drawing, err);
}
