#include "cli/cli.h"

#include "audit/coverage.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "ceremony/drill.h"
#include "cli/cards_json.h"
#include "cli/no_quorum.h"
#include "cli/sheets.h"
#include "cli/ui.h"
#include "report/drill.h"
#include "report/drill_json.h"
#include "vault/drill.h"
#include <stdio.h>
#include <string.h>

static enum qrt_code print_drilled(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                   const struct qrt_drilled *drilled, struct qrt_err *err)
{
    const struct qrt_drill *drill = qrt_state_drill(&vault->state, drilled->intent);
    bool clean = qrt_drill_is_clean(&vault->state, drill);
    if (cli->json) {
        json_t *json = qrt_drill_json(&vault->state, drill);
        if (json != NULL) {
            json_object_set_new(json, "presented", qrt_cards_json(&drilled->gather));
        }
        return qrt_cli_print_json(json, err);
    }
    QRT_BUF path = {0};
    int64_t seconds = qrt_drill_quorum_s(drill);
    printf("The drill is done%s. Time to quorum: %lld min %lld s.\nNext: each card goes into a new "
           "bag; `quorate --vault %s drill list` tells of all drills.\n",
           clean ? ", and it was clean" : ", with something to improve", (long long)(seconds / 60),
           (long long)(seconds % 60), qrt_cli_shown(&path, cli->vault));
    return qrt_cli_flush(err);
}

static enum qrt_code drill(struct qrt_cli *cli, struct qrt_drill_request *request, int argc,
                           char **argv, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_DRILLED drilled = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, argv + 1, (size_t)argc - 1, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    code = qrt_drill(&drilled, &vault, request, performer.ui, err);
    qrt_performer_free(&performer);
    if ((code == QRT_E_QUORUM || code == QRT_E_REFUSED) && drilled.gather.vault != NULL) {
        struct qrt_err ignored;
        (void)!qrt_cli_print_no_quorum(cli, &drilled.gather, "The drill has no quorum.", &ignored);
    }
    return code == QRT_OK ? print_drilled(cli, &vault, &drilled, err) : code;
}

static enum qrt_code drill_full(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    return drill(cli, &(struct qrt_drill_request){.level = "full"}, argc, argv, err);
}

static enum qrt_code drill_group(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_drill_request request = {.level = "group"};
    enum qrt_group ignored;
    enum qrt_code code = qrt_cli_option(&request.group, &argc, argv, "--group", err);
    if (code == QRT_OK && (request.group == NULL || !qrt_group_parse(&ignored, request.group))) {
        code = qrt_fail(err, QRT_E_USAGE, "--group: password or mfa");
    }
    return code == QRT_OK ? drill(cli, &request, argc, argv, err) : code;
}

static void print_row(const struct qrt_state *state, const struct qrt_drill *drill, size_t number)
{
    char time[QRT_TIME_CHARS + 1];
    int64_t seconds = qrt_drill_quorum_s(drill);
    const struct qrt_ceremony *ceremony = qrt_drill_ceremony(state, drill);
    qrt_clock_format(time, drill->begun_unix_s);
    printf("%4zu  %.10s  %-5s  %-8s  %-8s", number, time, drill->level, drill->group_name,
           ceremony->outcome == QRT_NEVER ? "under way" : ceremony->result);
    if (seconds != QRT_NEVER) {
        printf("  quorum after %lld min %lld s", (long long)(seconds / 60),
               (long long)(seconds % 60));
    }
    puts(qrt_drill_is_clean(state, drill) ? "  clean" : "");
}

static enum qrt_code list(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK) {
        return code;
    }
    json_t *rows = cli->json ? json_array() : NULL;
    for (size_t i = 0; i < vault.state.drills.len; i++) {
        const struct qrt_drill *drill = QRT_ROW(&vault.state, drills, qrt_drill, i);
        if (cli->json) {
            json_array_append_new(rows, qrt_drill_json(&vault.state, drill));
        } else {
            print_row(&vault.state, drill, i + 1);
        }
    }
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:o}", "drills", rows), err);
    }
    puts(vault.state.drills.len == 0
             ? "There was no drill yet.\nNext: quorate drill full, or a drill "
               "of each group."
             : "Next: quorate status tells when the next one is due.");
    return qrt_cli_flush(err);
}

static void print_next(const struct qrt_coverage_row *row)
{
    char last[QRT_TIME_CHARS + 1] = "never     ";
    QRT_BUF place = {0};
    if (row->last != QRT_NEVER) {
        qrt_clock_format(last, row->last_unix_s);
    }
    if (row->bag != NULL) {
        QRT_BUF words = {0};
        qrt_buf_printf(&words, "%s, %s, bag %s", row->bag->site, row->bag->safe, row->bag->bag);
        qrt_text_escape(&place, qrt_buf_str(&words), words.len_bytes);
    }
    printf("  %s  ", row->picked ? "COMES" : "     ");
    if (row->serial > 0) {
        printf("card %-4lld ", (long long)row->serial);
    }
    printf("%-8s  %-16s  last %.10s, missed %zu%s  %s\n", row->group, row->person, last,
           row->missed, row->covered ? "" : ", NOT COVERED", qrt_buf_str(&place));
}

/* The picking list of the next drill. */
static enum qrt_code next(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
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
    printf("The next drill is due %.10s%s. Each card and person at least once in %d drills.\n\n"
           "Cards, in the order in which they are best drilled:\n",
           due, due_unix_s < now_unix_s ? ": OVERDUE" : "", QRT_COVERAGE_DRILLS);
    for (size_t i = 0; i < coverage.cards_len; i++) {
        print_next(&coverage.cards[i]);
    }
    puts("\nPeople:");
    for (size_t i = 0; i < coverage.people_len; i++) {
        print_next(&coverage.people[i]);
    }
    puts("\nNext: quorate drill full, or a drill of each group, with those who come.");
    return qrt_cli_flush(err);
}

/* To paper or a folder where one is named; else as JSON, of which the sheet is made. */
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
    printf("Sheet: %s\nNext: whoever was there signs it; it is kept for the auditor.\n",
           qrt_cli_shown(&path, qrt_buf_str(&where)));
    return qrt_cli_flush(err);
}

static enum qrt_code report(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
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
    return code == QRT_OK && (!puts_sheet || cli->json) ? qrt_cli_print_json(json_incref(json), err)
                                                        : code;
}

enum qrt_code qrt_cmd_drill(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {{"group", drill_group},
                                            {"full", drill_full},
                                            {"next", next},
                                            {"list", list},
                                            {"report", report}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
