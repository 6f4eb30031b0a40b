#include "cli/cli.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/say.h"
#include "cli/screen.h"
#include "report/governance.h"
#include <stdio.h>
#include <string.h>

#define COLUMNS 80
#define INDENT  4

static void print_line(const char *text)
{
    QRT_BUF escaped = {0};
    QRT_BUF laid = {0};
    qrt_text_escape(&escaped, text, strlen(text));
    qrt_screen_wrap(&laid, qrt_buf_str(&escaped), COLUMNS, INDENT);
    printf("%*s%s\n", INDENT - 2, "", qrt_buf_str(&laid));
}

static void print_answers(const json_t *report, const char *key, const char *title,
                          const char *none)
{
    size_t i;
    const json_t *answer;
    json_array_foreach(json_object_get(report, key), i, answer)
    {
        const json_t *sets = json_object_get(answer, "sets");
        const json_t *complete = json_object_get(answer, "complete_to");
        size_t n;
        const json_t *set;
        printf("\n%s: %s\n", title, json_string_value(json_object_get(answer, "of")));
        json_array_foreach(sets, n, set)
        {
            QRT_BUF words = {0};
            qrt_governance_words(&words, set);
            print_line(qrt_buf_str(&words));
        }
        if (json_array_size(sets) == 0) {
            print_line(none);
        }
        if (complete != NULL) {
            printf("  These are all of up to %lld; there are larger ones.\n",
                   (long long)json_integer_value(complete));
        }
    }
}

static void print_hours(const json_t *report)
{
    size_t i;
    const json_t *group;
    json_array_foreach(json_object_get(report, "hours"), i, group)
    {
        size_t n;
        const json_t *stretch;
        QRT_BUF words = {0};
        const json_t *stretches = json_object_get(group, "without_quorum_utc");
        json_array_foreach(stretches, n, stretch)
        {
            qrt_buf_printf(&words, "%s%s to %s", n == 0 ? "" : ", ",
                           json_string_value(json_object_get(stretch, "from")),
                           json_string_value(json_object_get(stretch, "to")));
        }
        printf("\nHours of the week, in UTC, without a quorum: %s\n",
               json_string_value(json_object_get(group, "group")));
        print_line(words.len_bytes == 0 ? "none" : qrt_buf_str(&words));
    }
}

static void print_group(const json_t *group)
{
    json_int_t threshold = json_integer_value(json_object_get(group, "threshold"));
    json_int_t cards = json_integer_value(json_object_get(group, "cards"));
    json_int_t there = json_integer_value(json_object_get(group, "there"));
    printf("  %s group: %lld of %lld cards",
           qrt_group_words_of(json_string_value(json_object_get(group, "group"))),
           (long long)threshold, (long long)cards);
    if (there < cards) {
        printf(", %lld of them there", (long long)there);
    }
    puts(there < threshold ? ": too few for a quorum"
         : json_is_true(json_object_get(group, "none_to_spare"))
             ? ": every one is needed, one absence locks the vault"
             : "");
}

static enum qrt_code print_page(const json_t *report, struct qrt_err *err)
{
    const json_t *status = json_object_get(report, "status");
    size_t i;
    const json_t *group;
    printf("Governance of %s\n", json_string_value(json_object_get(status, "vault")));
    json_array_foreach(json_object_get(report, "groups"), i, group)
    {
        print_group(group);
    }
    printf("  Rules of separation that are broken: %zu\n",
           json_array_size(json_object_get(report, "separation")));
    print_answers(report, "takeover", "Who together could reach", "nobody, by what is known");
    print_answers(report, "loss_of_people", "Whose absence ends the quorum", "nobody's");
    print_answers(report, "loss_of_sites", "Which sites' loss ends the quorum",
                  "none, by what is known");
    print_hours(report);
    qrt_cli_say(stdout, "\nNext: quorate status tells what is due and in conflict.\n");
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_report(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    QRT_JSON report = NULL;
    enum qrt_code code;
    if (argc != 2 || strcmp(argv[1], "governance") != 0) {
        return qrt_fail(err, QRT_E_USAGE, "report takes governance");
    }
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_governance_report(&report, &vault, qrt_clock_unix_s(), err)) != QRT_OK) {
        return code;
    }
    return cli->json ? qrt_cli_print_json(json_incref(report), err) : print_page(report, err);
}
