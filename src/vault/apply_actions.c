#include "vault/applying.h"

#include "base/clock.h"
#include "base/text.h"
#include "vault/drill.h"
#include <stdio.h>
#include <string.h>

/* Numbered as they come, from 1. */
static uint64_t number_of(struct applying *a)
{
    char text[24];
    uint64_t number = 0;
    qrt_apply_text(a, "action", text, sizeof text);
    return qrt_text_u64(text, strlen(text), UINT32_MAX, &number) ? number : 0;
}

static bool parse_day(int64_t *unix_s, const char *day)
{
    char time[QRT_TIME_CHARS + 1];
    return strlen(day) == 10 && snprintf(time, sizeof time, "%sT00:00:00Z", day) > 0 &&
           qrt_clock_parse(time, QRT_TIME_CHARS, unix_s);
}

void qrt_apply_action_opened(struct applying *a)
{
    struct qrt_state *state = a->state;
    const struct qrt_drill *drill = qrt_state_drill_at_hand(state);
    uint64_t number = number_of(a);
    struct qrt_action *row = qrt_apply_row(a, &state->actions, sizeof *row);
    if (row == NULL) {
        return;
    }
    row->dirty = true;
    row->number = (int64_t)state->actions.len;
    row->opened = qrt_apply_place(a);
    row->closed = QRT_NEVER;
    row->intent = drill == NULL ? QRT_NEVER : drill->intent;
    qrt_apply_text(a, "owner", row->owner, sizeof row->owner);
    qrt_apply_text(a, "due", row->due, sizeof row->due);
    qrt_apply_text(a, "text", row->text, sizeof row->text);
    const struct qrt_person *owner = qrt_state_person(state, row->owner);
    if (number != state->actions.len) {
        FAULT(a, "the action is not numbered by one more than the one before");
    }
    if (owner == NULL || owner->gone != QRT_NEVER || !parse_day(&row->due_unix_s, row->due)) {
        FAULT(a, "an action without an owner of this log, or without a day when it is due");
    }
}

void qrt_apply_action_closed(struct applying *a)
{
    uint64_t number = number_of(a);
    if (number == 0 || number > a->state->actions.len ||
        QRT_ROW(a->state, actions, qrt_action, number - 1)->closed != QRT_NEVER) {
        FAULT(a, "there is no such action, or it was closed already");
        return;
    }
    struct qrt_action *row = QRT_ROW(a->state, actions, qrt_action, number - 1);
    row->dirty = true;
    row->closed = qrt_apply_place(a);
    qrt_apply_text(a, "text", row->done, sizeof row->done);
}
