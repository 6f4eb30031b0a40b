#include "card/trial.h"

#include "base/clock.h"
#include "card/place.h"

#define RULER_MM 100

static void ruler(struct qrt_drawing *drawing, double y_mm)
{
    place_rule(drawing, (struct place){0, y_mm, RULER_MM, 0}, 0.3, false);
    for (unsigned at_mm = 0; at_mm <= RULER_MM; at_mm += 10) {
        double high_mm = at_mm % 50 == 0 ? 6 : 3;
        place_rule(drawing, (struct place){at_mm, y_mm - high_mm, 0, high_mm}, 0.3, false);
    }
    place_text(drawing, (struct place){0, y_mm + 2, 120, 8}, 12, 0,
               "This line must be 100 mm long, from first to last mark.");
}

enum qrt_code qrt_sheet_trial_describe(struct qrt_secret *description,
                                       const struct qrt_sheet_trial *trial, struct qrt_err *err)
{
    struct qrt_drawing drawing;
    char now[QRT_TIME_CHARS + 1];
    qrt_secret_wipe(description);
    qrt_clock_format(now, trial->made_unix_s);
    qrt_drawing_begin(
        &drawing, description,
        &(struct qrt_sheet_head){.paper = trial->paper, .made_unix_s = trial->made_unix_s});
    place_page(&drawing);
    place_text(&drawing, (struct place){0, 0, 180, 12}, 24, QRT_STYLE_BOLD, "Trial sheet");
    place_textf(&drawing, (struct place){0, 14, 180, 8}, 12, QRT_STYLE_SHRINK, "Printer %s, %s",
                trial->printer, now);
    place_text(&drawing, (struct place){0, 28, 180, 8}, 14, 0,
               "This sheet holds no secret. Check it before the ceremony goes on:");
    ruler(&drawing, 52);
    place_text(&drawing, (struct place){0, 70, 180, 8}, 12, 0,
               "If it is shorter or longer, the printer scales: have it print at 100%.");
    place_text(&drawing, (struct place){0, 80, 180, 8}, 12, 0,
               "If these words are pale, streaked or blurred, change the toner.");
    place_text(&drawing, (struct place){0, 90, 180, 8}, 12, 0,
               "If a second sheet came out, printing on both sides is not set as you want it.");
    return qrt_drawing_end(&drawing, err);
}
