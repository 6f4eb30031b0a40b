#include "ceremony/session/minutes_write.h"

#include "base/clock.h"
#include "base/json.h"
#include "ceremony/session/minutes_collect.h"
#include "vault/sitting.h"
#include <string.h>

static json_t *present_json(const struct qrt_session *session)
{
    json_t *ids = json_array();
    for (const char *line = qrt_buf_str(&session->present); *line != '\0';
         line = strchr(line, '\n') + 1) {
        json_array_append_new(ids, json_stringn(line, strcspn(line, "\n")));
    }
    return ids;
}

static json_t *line_json(const struct qrt_collecting *c, const struct qrt_kept_line *line)
{
    char time[QRT_TIME_CHARS + 1];
    qrt_clock_format(time, line->unix_s);
    return json_pack("{s:I, s:s, s:s, s:s}", "index", (json_int_t)line->index, "time", time,
                     "actor", qrt_collected_text(c, line->actor), "text",
                     qrt_collected_text(c, line->text));
}

/* A session of one command is told by its ceremony; the log has the rest. */
static enum qrt_code add_happened(json_t *minutes, const struct qrt_session *session,
                                  struct qrt_err *err)
{
    __attribute__((cleanup(qrt_collecting_free))) struct qrt_collecting *c = NULL;
    const struct qrt_state *state = &session->vault->state;
    const struct qrt_sitting *sitting = qrt_state_sitting(state);
    char opened[QRT_TIME_CHARS + 1];
    uint64_t first = (uint64_t)sitting->opened - state->former_entries;
    enum qrt_code code = qrt_minutes_collect_open(&c, session->vault, first, session->drafts,
                                                  session->drafts_len, err);
    if (code != QRT_OK) {
        return code;
    }
    json_t *happened = json_array();
    for (size_t i = 0; i < c->lines_len; i++) {
        json_array_append_new(happened, line_json(c, &c->lines[i]));
    }
    qrt_clock_format(opened, sitting->time_unix_s);
    json_object_set_new(minutes, "opened", json_string(opened));
    json_object_set_new(minutes, "first", json_integer((json_int_t)first));
    json_object_set_new(minutes, "happened", happened);
    return json_object_set_new(minutes, "left_out", json_integer((json_int_t)c->left_out)) == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_NOMEM, "the minutes");
}

enum qrt_code qrt_minutes_write(struct qrt_buf *out, const struct qrt_session *session,
                                const char *ceremony, const char *result, struct qrt_err *err)
{
    const struct qrt_log *log = &session->vault->log;
    char now[QRT_TIME_CHARS + 1];
    qrt_clock_format(now, qrt_session_now(session));
    QRT_JSON minutes =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:o}", "format", "quorate/minutes/v1", "vault",
                  log->origin, "ceremony", ceremony, "result", result, "size",
                  (json_int_t)log->head.size, "closed", now, "present", present_json(session));
    enum qrt_code code = QRT_OK;
    if (minutes == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the minutes");
    }
    if (session->joined && (code = add_happened(minutes, session, err)) != QRT_OK) {
        return code;
    }
    return qrt_json_write(out, json_incref(minutes), JSON_COMPACT, err);
}
