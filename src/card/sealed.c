#include "card/sealed.h"

#include "base/clock.h"
#include "card/code.h"
#include "card/place.h"
#include "card/sheet.h"
#include <string.h>

#define HEADER_VERSION   9
#define HEADER_MODULE_MM 0.8
#define HEADER_SIDE_MM   (QRT_CODE_MODULES(HEADER_VERSION) * HEADER_MODULE_MM)

/* Two by two below the header, each in a cell of its own. */
#define PAGE_ITEMS     4
#define CELLS_TOP_MM   56.0
#define CELL_WIDE_MM   90.0
#define CELL_HIGH_MM   100.0
#define ITEM_MODULE_MM 0.85

static void header(struct qrt_drawing *drawing, const struct qrt_sheet_sealed *sealed,
                   unsigned page)
{
    const double wide = 180 - HEADER_SIDE_MM - 3;
    bool password = sealed->group == QRT_SHEET_PASSWORD_GROUP;
    char date[QRT_TIME_CHARS + 1];
    char vault[32];
    qrt_clock_format(date, sealed->issued_unix_s);
    place_groups(vault, sizeof vault, sealed->vault_id);
    place_code(drawing, 180 - HEADER_SIDE_MM, 0, HEADER_MODULE_MM, HEADER_VERSION, sealed->header);
    place_text(drawing, (struct place){180 - HEADER_SIDE_MM, HEADER_SIDE_MM, HEADER_SIDE_MM, 5}, 9,
               QRT_STYLE_CENTRE, "header");
    place_foreign(drawing, (struct place){0, 0, wide, 6}, 12, 0, "", sealed->organisation);
    place_textf(drawing, (struct place){0, 6.5, wide, 9}, 18, QRT_STYLE_BOLD,
                "Sealed %s, page %u of %u", password ? "passwords" : "MFA seeds", page,
                sealed->pages);
    place_textf(drawing, (struct place){0, 16.5, wide, 16}, 11, 0,
                "Useless without a quorum of both groups (%u %s of the password group and %u of "
                "the MFA group). Keep it beside, not inside, the sealed bag.",
                sealed->needs_password, sealed->needs_password == 1 ? "card" : "cards",
                sealed->needs_mfa);
    place_foreign(drawing, (struct place){0, 34, wide, 5.5}, 11, 0, "Vault: ", sealed->origin);
    place_textf(drawing, (struct place){0, 39.5, wide, 5.5}, 11, QRT_STYLE_SHRINK, "Id: %s", vault);
    place_textf(drawing, (struct place){0, 45, wide, 5.5}, 11, 0, "Generation %u, date %.10s",
                sealed->generation, date);
}

static void cell(struct qrt_drawing *drawing, const struct qrt_sheet_sealed_item *item,
                 unsigned place)
{
    const unsigned column = place % 2;
    const unsigned row = place / 2;
    const double x = column * CELL_WIDE_MM;
    const double y = CELLS_TOP_MM + row * CELL_HIGH_MM;
    unsigned version = place_version(strlen(item->payload));
    double side_mm = QRT_CODE_MODULES(version) * ITEM_MODULE_MM;
    place_foreign(drawing, (struct place){x + 3, y, CELL_WIDE_MM - 6, 5.5}, 12, QRT_STYLE_BOLD, "",
                  item->account);
    place_textf(drawing, (struct place){x + 3, y + 5.5, CELL_WIDE_MM - 6, 5}, 10, QRT_STYLE_SHRINK,
                "%.20s, serial %u, generation %u", item->kind, item->serial, item->generation);
    place_code(drawing, x + (CELL_WIDE_MM - side_mm) / 2, y + 11, ITEM_MODULE_MM, version,
               item->payload);
}

static enum qrt_code check(const struct qrt_sheet_sealed *sealed, struct qrt_err *err)
{
    if (!place_is_hex(sealed->vault_id, 24) || sealed->group > QRT_SHEET_MFA_GROUP) {
        return qrt_fail(err, QRT_E_RANGE, "sealed sheet: vault id or group is malformed");
    }
    if (!place_is_code(sealed->header, QRT_CODE_SHEET, QRT_SHEET_SEALED_HEADER_MAX)) {
        return qrt_fail(err, QRT_E_RANGE, "sealed sheet: its header is none, or too long");
    }
    if (sealed->items_len < 1 || sealed->items_len > QRT_SHEET_SEALED_ITEMS_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "sealed sheet: %zu items", sealed->items_len);
    }
    if (sealed->first_page < 1 ||
        sealed->pages + 1 < sealed->first_page + QRT_SHEET_SEALED_PAGES(sealed->items_len)) {
        return qrt_fail(err, QRT_E_RANGE, "sealed sheet: its pages are misnumbered");
    }
    for (size_t i = 0; i < sealed->items_len; i++) {
        if (!place_is_code(sealed->items[i].payload, QRT_CODE_ITEM, QRT_SHEET_SEALED_CHARS_MAX)) {
            return qrt_fail(err, QRT_E_RANGE, "sealed sheet, item %zu: no item's code, or too long",
                            i + 1);
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_sheet_sealed_describe(struct qrt_secret *description,
                                        const struct qrt_sheet_sealed *sealed, struct qrt_err *err)
{
    qrt_secret_wipe(description);
    enum qrt_code code = check(sealed, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, description,
                      &(struct qrt_sheet_head){.paper = sealed->paper,
                                               .practice = sealed->practice,
                                               .made_unix_s = sealed->issued_unix_s});
    for (size_t i = 0; i < sealed->items_len; i++) {
        if (i % PAGE_ITEMS == 0) {
            place_page(&drawing);
            header(&drawing, sealed, sealed->first_page + (unsigned)(i / PAGE_ITEMS));
        }
        cell(&drawing, &sealed->items[i], i % PAGE_ITEMS);
    }
    return qrt_drawing_end(&drawing, err);
}
