#include "cli/cmd_session.h"

#include "base/clock.h"
#include "base/text.h"
#include "cli/screen.h"
#include "vault/sitting.h"
#include <stdio.h>
#include <string.h>

#define COLUMNS       80
#define SINCE_COLUMNS 18
#define NAME_COLUMN   28

static json_t *presence_json(const struct qrt_presence *presence)
{
    char since[QRT_TIME_CHARS + 1];
    bool thing = strcmp(presence->kind, QRT_THING) == 0;
    qrt_clock_format(since, presence->time_unix_s);
    return json_pack("{s:s, s:s, s:s, s:s*}", thing ? "thing" : "person", presence->name, "where",
                     presence->whereabouts, "since", since, "person",
                     thing ? presence->person : NULL);
}

static json_t *session_json(const struct qrt_vault *vault, const struct qrt_sitting *sitting)
{
    char opened[QRT_TIME_CHARS + 1];
    const struct qrt_presence *presence;
    if (sitting == NULL) {
        return json_pack("{s:b}", "open", 0);
    }
    json_t *people = json_array();
    json_t *things = json_array();
    for (size_t at = 0; (presence = qrt_state_next_presence(&vault->state, &at, NULL)) != NULL;) {
        json_array_append_new(strcmp(presence->kind, QRT_THING) == 0 ? things : people,
                              presence_json(presence));
    }
    qrt_clock_format(opened, sitting->time_unix_s);
    return json_pack("{s:b, s:I, s:s, s:I, s:b, s:o, s:o}", "open", 1, "index",
                     (json_int_t)(sitting->opened - (int64_t)vault->state.former_entries), "opened",
                     opened, "clock_offset_s", (json_int_t)sitting->clock_offset_s, "forgotten",
                     qrt_sitting_is_stale(sitting, qrt_clock_unix_s(), vault->log.last_time_unix_s),
                     "people", people, "things", things);
}

static void print_presence(const struct qrt_presence *presence)
{
    char since[QRT_TIME_CHARS + 1];
    QRT_BUF name = {0};
    QRT_BUF laid = {0};
    qrt_clock_format(since, presence->time_unix_s);
    qrt_text_escape(&name, presence->name, strlen(presence->name));
    if (presence->person[0] != '\0') {
        qrt_buf_printf(&name, ", %s %s",
                       qrt_presence_is(presence, QRT_HERE) ? "brought back by" : "with",
                       presence->person);
    }
    qrt_screen_wrap(&laid, qrt_buf_str(&name), COLUMNS, NAME_COLUMN);
    printf("%-10s%.10s %-*.5s%s\n",
           qrt_presence_is(presence, QRT_SETTLED) ? "excepted" : presence->whereabouts, since,
           NAME_COLUMN - 21, since + 11, qrt_buf_str(&laid));
}

enum qrt_code qrt_session_print(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                struct qrt_err *err)
{
    const struct qrt_sitting *sitting = qrt_state_sitting(&vault->state);
    const struct qrt_presence *presence;
    char opened[QRT_TIME_CHARS + 1];
    QRT_BUF outside = {0};
    if (cli->json) {
        return qrt_cli_print_json(session_json(vault, sitting), err);
    }
    if (sitting == NULL) {
        puts("No session is open.");
        return qrt_cli_flush(err);
    }
    qrt_clock_format(opened, sitting->time_unix_s);
    printf("The session is open since %.10s %.5s UTC.\n", opened, opened + 11);
    for (size_t at = 0; (presence = qrt_state_next_presence(&vault->state, &at, NULL)) != NULL;) {
        print_presence(presence);
    }
    size_t count = qrt_state_tell_outside(&outside, &vault->state);
    if (count > 0) {
        printf("Outside: %zu. The session is not closed before they are back, or an exception "
               "says\nthat they will not come.\n",
               count);
    }
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_session_show(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    return qrt_session_print(cli, &vault, err);
}
