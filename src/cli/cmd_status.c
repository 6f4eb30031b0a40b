#include "cli/cli.h"

#include "base/clock.h"
#include "base/text.h"
#include "cli/say.h"
#include "cli/screen.h"
#include "report/status.h"
#include <stdio.h>
#include <string.h>

#define COLUMNS      80
#define DATE_COLUMNS 12
#define WHAT_COLUMNS 12

static void print_row(const struct qrt_concern *row)
{
    char due[QRT_TIME_CHARS + 1] = "";
    QRT_BUF text = {0};
    QRT_BUF laid = {0};
    if (row->due_unix_s != QRT_NO_DAY) {
        qrt_clock_format(due, row->due_unix_s);
    }
    qrt_text_escape(&text, row->text, strlen(row->text));
    qrt_screen_wrap(&laid, qrt_buf_str(&text), COLUMNS, DATE_COLUMNS + WHAT_COLUMNS);
    printf("%-*.10s%-*s%s\n", DATE_COLUMNS, due, WHAT_COLUMNS, row->what, qrt_buf_str(&laid));
}

/* What ends a row of that subject, or NULL where that is not one command. */
static const char *command_for(const char *what)
{
    static const struct {
        const char *what;
        const char *command;
    } commands[] = {
        {"action", "action close"},
        {"card", "card list"},
        {"bag", "bag seal"},
        {"badge", "badge new"},
        {"contact", "register set"},
        {"copy", "register set copy"},
        {"credential", "account list"},
        {"dependency", "register set"},
        {"deposit", "account list"},
        {"device", "register set device"},
        {"drill", "drill next"},
        {"mailbox", "register set mailbox"},
        {"phone", "register set phone"},
        {"receipt", "receipt print"},
        {"reissue", "reissue"},
        {"rekey", "rekey"},
        {"review", "review list"},
        {"roster", "register set roster"},
        {"runbook", "runbook list"},
        {"safe", "register set safe"},
        {"session", "session close"},
    };
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].what, what) == 0) {
            return commands[i].command;
        }
    }
    return NULL;
}

static void print_next(const struct qrt_vault *vault, const struct qrt_status *status)
{
    const char *what = status->len == 0 ? "" : status->list[0].what;
    const char *command = command_for(what);
    bool makes_cards = strcmp(what, "reissue") == 0 || strcmp(what, "rekey") == 0;
    if (makes_cards && qrt_state_pending_key(&vault->state) != NULL) {
        qrt_cli_say(
            stdout,
            "Next: a re-key is pending, and nothing changes meanwhile. Prove its new cards:\n"
            "quorate card prove; or give it up: quorate rekey abandon\n");
    } else if (command != NULL) {
        printf("Next, for the first row: quorate %s\n", command);
    } else if (status->len > 0) {
        qrt_cli_say(stdout, "Next: what stands first, then the rest in order.\n");
    }
}

static enum qrt_code print_page(const struct qrt_vault *vault, const struct qrt_status *status,
                                int64_t now_unix_s, struct qrt_err *err)
{
    static const char *const titles[QRT_CONCERN_STATES] = {
        "OVERDUE", "IN CONFLICT with the rules of custody", "OPEN: not known, or not done yet",
        "DUE"};
    char now[QRT_TIME_CHARS + 1];
    qrt_clock_format(now, now_unix_s);
    printf("%s%s\n%.10s %.5s UTC, %llu entries in the log\n", vault->log.origin,
           vault->state.practice ? ", PRACTICE" : "", now, now + 11,
           (unsigned long long)vault->log.head.size);
    for (size_t i = 0; i < status->len; i++) {
        if (i == 0 || status->list[i].state != status->list[i - 1].state) {
            printf("\n%s\n", titles[status->list[i].state]);
        }
        print_row(&status->list[i]);
    }
    printf("\n%zu overdue, %zu in conflict, %zu open, %zu due.\n",
           status->count[QRT_CONCERN_OVERDUE], status->count[QRT_CONCERN_CONFLICT],
           status->count[QRT_CONCERN_OPEN], status->count[QRT_CONCERN_DUE]);
    print_next(vault, status);
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_status(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    QRT_STATUS status = {0};
    int64_t now_unix_s = qrt_clock_unix_s();
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_status_judge(&status, &vault, now_unix_s, err)) != QRT_OK ||
        (code = cli->json ? qrt_cli_print_json(qrt_status_json(&status, &vault, now_unix_s), err)
                          : print_page(&vault, &status, now_unix_s, err)) != QRT_OK) {
        return code;
    }
    size_t overdue = status.count[QRT_CONCERN_OVERDUE];
    return overdue == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_OVERDUE, "overdue: %zu; the status names them", overdue);
}
