#include "report/status.h"

#include "base/clock.h"

static json_t *row_json(const struct qrt_concern *row)
{
    char due[QRT_TIME_CHARS + 1];
    bool dated = row->due_unix_s != QRT_NO_DAY;
    qrt_clock_format(due, dated ? row->due_unix_s : 0);
    return json_pack("{s:s, s:s, s:s*, s:s}", "state", qrt_concern_state_name(row->state), "what",
                     row->what, "due", dated ? due : NULL, "text", row->text);
}

json_t *qrt_status_json(const struct qrt_status *status, const struct qrt_vault *vault,
                        int64_t now_unix_s)
{
    json_t *rows = json_array();
    char now[QRT_TIME_CHARS + 1];
    qrt_clock_format(now, now_unix_s);
    for (size_t i = 0; i < status->len; i++) {
        json_array_append_new(rows, row_json(&status->list[i]));
    }
    return json_pack("{s:s, s:b, s:s, s:I, s:I, s:I, s:I, s:I, s:o}", "vault", vault->log.origin,
                     "practice", vault->state.practice, "time", now, "entries",
                     (json_int_t)vault->log.head.size, "overdue",
                     (json_int_t)status->count[QRT_CONCERN_OVERDUE], "conflict",
                     (json_int_t)status->count[QRT_CONCERN_CONFLICT], "open",
                     (json_int_t)status->count[QRT_CONCERN_OPEN], "due",
                     (json_int_t)status->count[QRT_CONCERN_DUE], "rows", rows);
}
