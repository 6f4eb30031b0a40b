#include "cli/cmd_drill.h"

#include "audit/coverage.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/say.h"
#include "cli/sheets.h"
#include "report/drill.h"
#include "report/drill_json.h"
#include <stdio.h>
#include <string.h>

/* One line; of a card, a person or a bag. */
static void print_next(const struct qrt_coverage_row *row)
{
    char last[QRT_TIME_CHARS + 1] = "never";
    QRT_BUF place = {0};
    if (row->last != QRT_NEVER) {
        qrt_clock_format(last, row->last_unix_s);
    }
    if (row->bag != NULL) {
        QRT_BUF words = {0};
        qrt_buf_printf(&words, "%s, %s, bag %s", row->bag->site, row->bag->safe, row->bag->bag);
        if (row->bag->account[0] != '\0') {
            qrt_buf_printf(&words, ", the device of %s", row->bag->account);
        }
        qrt_text_escape(&place, qrt_buf_str(&words), words.len_bytes);
    }
    printf("  %-5s  ", row->picked ? "NEXT" : "");
    if (row->serial > 0) {
        printf("card %-4lld ", (long long)row->serial);
    }
    qrt_cli_say(stdout, "%-8s  %-16s  last %-10.10s  missed %zu%s%s%s\n", row->group, row->person,
                last, row->missed, row->covered ? "" : ", NOT COVERED",
                row->bag != NULL ? "  " : "", qrt_buf_str(&place));
}

static void print_all(const char *heading, const struct qrt_coverage_row *rows, size_t rows_len)
{
    if (rows_len > 0) {
        puts(heading);
    }
    for (size_t i = 0; i < rows_len; i++) {
        print_next(&rows[i]);
    }
}

/* The picking list of the next drill. */
enum qrt_code qrt_cmd_drill_next(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    QRT_COVERAGE coverage = {0};
    int64_t now_unix_s = qrt_clock_unix_s();
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_coverage_make(&coverage, &vault.state, err)) != QRT_OK) {
        return code;
    }
    int64_t due_unix_s = qrt_coverage_due_unix_s(&vault.state, vault.policy.drill_days);
    if (cli->json) {
        return qrt_cli_print_json(qrt_coverage_json(&coverage, due_unix_s, now_unix_s), err);
    }
    char due[QRT_TIME_CHARS + 1];
    qrt_clock_format(due, due_unix_s);
    qrt_cli_say(
        stdout,
        "The next drill is due %.10s%s. Each card, person and bag at least once in %d drills.\n",
        due, due_unix_s < now_unix_s ? ": OVERDUE" : "", QRT_COVERAGE_DRILLS);
    print_all("\nCards, in the order in which they are best drilled:", coverage.cards,
              coverage.cards_len);
    print_all("\nPeople:", coverage.people, coverage.people_len);
    print_all("\nBags, for a drill of seals:", coverage.bags, coverage.bags_len);
    qrt_cli_say(
        stdout,
        "\nNext: quorate drill full, or a drill of each group, with those marked NEXT; quorate "
        "drill seals at the safes marked so.\n");
    return qrt_cli_flush(err);
}

/* To paper, or to a folder. */
static enum qrt_code put_report(const struct qrt_cli *cli, struct qrt_sheets *sheets,
                                const json_t *report, size_t number, struct qrt_err *err)
{
    QRT_SECRET description = {0};
    QRT_BUF where = {0};
    QRT_BUF path = {0};
    char name[48];
    snprintf(name, sizeof name, "drill-%zu.pdf", number);
    enum qrt_code code = qrt_sheet_drill_describe(&description, report, sheets->paper, err);
    if (code == QRT_OK) {
        code = qrt_sheets_put(&where, sheets, name, &description, err);
    }
    if (code != QRT_OK || cli->json) {
        return code;
    }
    qrt_cli_say(stdout,
                "Sheet: %s\nNext: whoever was there signs it; it is kept for the auditor.\n",
                qrt_cli_shown(&path, qrt_buf_str(&where)));
    return qrt_cli_flush(err);
}

static void say_grades(const json_t *drill, const char *key, const char *who)
{
    size_t i;
    json_t *graded;
    json_array_foreach(json_object_get(drill, key), i, graded)
    {
        const char *name;
        const char *grade;
        json_int_t serial = 0;
        if (json_unpack(graded, "{s:s, s:s, s?I}", who, &name, "grade", &grade, "serial",
                        &serial) != 0) {
            continue;
        }
        if (serial > 0) {
            printf("  card %-4lld ", (long long)serial);
        }
        printf("%s%s: %s\n", serial > 0 ? "" : "  ", name, grade);
    }
}

static void say_actions(const json_t *report)
{
    size_t i;
    json_t *action;
    json_array_foreach(json_object_get(report, "actions"), i, action)
    {
        json_int_t number;
        const char *owner;
        const char *due;
        const char *state;
        const char *what;
        QRT_BUF text = {0};
        if (json_unpack(action, "{s:I, s:s, s:s, s:s, s:s}", "action", &number, "owner", &owner,
                        "due", &due, "state", &state, "text", &what) == 0) {
            qrt_text_escape(&text, what, strlen(what));
            qrt_cli_say(stdout, "  action %lld, %s, %s, due %s: %s\n", (long long)number, state,
                        owner, due, qrt_buf_str(&text));
        }
    }
}

/* What a person wants of it; all of it is on the sheet, and in the JSON. */
static enum qrt_code say_report(const json_t *report, struct qrt_err *err)
{
    json_t *drill = json_object_get(report, "drill");
    size_t i;
    const json_t *finding;
    json_int_t number;
    const char *level;
    const char *group = json_string_value(json_object_get(drill, "group"));
    const char *result = json_string_value(json_object_get(drill, "result"));
    const char *time;
    int clean;
    if (json_unpack(drill, "{s:I, s:s, s:s, s:b}", "number", &number, "level", &level, "time",
                    &time, "clean", &clean) != 0) {
        return qrt_fail(err, QRT_E_FORMAT, "drill report: not as it is made");
    }
    qrt_cli_say(stdout, "Drill %lld of %.10s, %s%s%s: %s, %s\n", (long long)number, time, level,
                group == NULL ? "" : ", ", group == NULL ? "" : group,
                result == NULL ? "not ended" : result,
                clean ? "clean" : "with something to improve");
    say_grades(drill, "cards", "custodian");
    say_grades(drill, "people", "person");
    json_array_foreach(json_object_get(report, "findings"), i, finding)
    {
        QRT_BUF text = {0};
        const char *what = json_string_value(finding);
        qrt_text_escape(&text, what, strlen(what));
        qrt_cli_say(stdout, "  %s\n", qrt_buf_str(&text));
    }
    say_actions(report);
    qrt_cli_say(stdout, "Next: print it to be signed, with --printer NAME or --sheets DIR; --json "
                        "has all of it.\n");
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_drill_report(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_SHEETS sheets = {0};
    QRT_VAULT vault = {0};
    QRT_JSON json = NULL;
    uint64_t number = 0;
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_sheets_options(&sheets, cli, &argc, argv, true, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc > 2 || (argc == 2 && (!qrt_text_u64(argv[1], strlen(argv[1]), UINT32_MAX, &number) ||
                                   number == 0))) {
        return qrt_fail(err, QRT_E_USAGE, "drill report takes the drill's NUMBER, or none");
    }
    if ((code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    if (vault.state.drills.len == 0 || number > vault.state.drills.len) {
        return qrt_fail(err, QRT_E_USAGE, "drill report: there is no such drill in the log");
    }
    number = argc == 2 ? number : vault.state.drills.len;
    if ((code = qrt_drill_report(&json, &vault, (size_t)number, qrt_clock_unix_s(), err)) !=
        QRT_OK) {
        return code;
    }
    bool puts_sheet = sheets.folder != NULL || sheets.printer != NULL;
    if (puts_sheet) {
        code = put_report(cli, &sheets, json, (size_t)number, err);
    }
    if (code != QRT_OK || (puts_sheet && !cli->json)) {
        return code;
    }
    return cli->json ? qrt_cli_print_json(json_incref(json), err) : say_report(json, err);
}
