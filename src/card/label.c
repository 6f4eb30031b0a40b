#include "card/label.h"

#include "base/text.h"
#include "card/place.h"
#include <string.h>

#define CODE_VERSION   6
#define CODE_MODULE_MM 1.0
#define CODE_SIDE_MM   49.0

static void draw(struct qrt_drawing *drawing, const struct qrt_sheet_label *label)
{
    const double x = CODE_SIDE_MM + 6;
    const double wide = 180 - x - 3;
    char vault[32];
    place_groups(vault, sizeof vault, label->vault_id);
    place_code(drawing, 2, 17, CODE_MODULE_MM, CODE_VERSION, label->payload);
    place_text(drawing, (struct place){6, 4, 110, 10}, 20, QRT_STYLE_BOLD, "Check, do not open");
    if (label->practice) {
        /* The stamp in the margin is cut off. */
        place_text(drawing, (struct place){116, 4, 60, 10}, 20, QRT_STYLE_BOLD | QRT_STYLE_RIGHT,
                   "PRACTICE");
    }
    place_textf(drawing, (struct place){x, 20, wide, 6}, 12, QRT_STYLE_BOLD | QRT_STYLE_SHRINK,
                "Serial %u, generation %u, edition %u", label->serial, label->generation,
                label->edition);
    place_text(drawing, (struct place){x, 28, 16, 6}, 12, 0, "Vault");
    place_text(drawing, (struct place){x + 16, 28, wide - 16, 6}, 12, QRT_STYLE_MONO, vault);
    place_foreign(drawing, (struct place){x, 35.5, wide, 10.5}, 12, 0, "Holder: ", label->role);
    static const char *const lines[] = {"Bag number", "Seal date", "Site", "Safe"};
    for (unsigned i = 0; i < 4; i++) {
        place_blank(drawing, (struct place){x, 48 + 9.0 * i, wide, 6}, x + 30, lines[i]);
    }
    static const struct place frame[] = {
        {0, 0, 180, 0}, {0, 84, 180, 0}, {0, 0, 0, 84}, {180, 0, 0, 84}};
    for (unsigned i = 0; i < 4; i++) {
        place_rule(drawing, frame[i], 0.2, true);
    }
    place_text(drawing, (struct place){0, 86, 180, 6}, 10, 0,
               "Cut along the dashed line and fix it outside the bag. It holds no secret.");
}

enum qrt_code qrt_sheet_label_describe(struct qrt_secret *description,
                                       const struct qrt_sheet_label *label, struct qrt_err *err)
{
    qrt_secret_wipe(description);
    uint8_t vault_id[12];
    if (!qrt_text_unhex(vault_id, sizeof vault_id, label->vault_id, strlen(label->vault_id))) {
        return qrt_fail(err, QRT_E_RANGE, "label: vault id is not 24 hex digits");
    }
    if (strlen(label->payload) != QRT_SHEET_LABEL_CHARS) {
        return qrt_fail(err, QRT_E_RANGE, "label: its code is not of %d characters",
                        QRT_SHEET_LABEL_CHARS);
    }
    struct qrt_drawing drawing;
    qrt_drawing_begin(&drawing, description,
                      &(struct qrt_sheet_head){.paper = label->paper,
                                               .practice = label->practice,
                                               .made_unix_s = label->issued_unix_s});
    place_page(&drawing);
    draw(&drawing, label);
    return qrt_drawing_end(&drawing, err);
}
