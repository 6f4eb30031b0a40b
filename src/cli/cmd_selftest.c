#include "cli/cli.h"

#include "ceremony/machine/fitness.h"
#include "ceremony/machine/known_answers.h"
#include "cli/say.h"
#include <stdio.h>
#include <string.h>

#define COLUMNS 78
#define INDENT  9

static json_t *answers_json(const bool *holds)
{
    json_t *list = json_array();
    for (size_t i = 0; i < qrt_known_answers_count; i++) {
        json_array_append_new(list, json_pack("{s:s, s:s}", "name", qrt_known_answers[i].name,
                                              "result", holds[i] ? "ok" : "wrong"));
    }
    return list;
}

static json_t *machine_json(const struct qrt_fitness *fitness)
{
    json_t *list = json_array();
    for (size_t i = 0; i < fitness->len; i++) {
        const struct qrt_check *check = &fitness->checks[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s*}", "name", check->name,
                                              "result", check->finding ? "finding" : "ok", "words",
                                              check->words, "remedy", check->remedy));
    }
    return list;
}

/* Words on lines of at most 78 columns; what `first` holds stands on the first,
 * and the text begins at column INDENT of each. */
static void print_wrapped(const char *first, const char *text)
{
    int column = printf("%-*s", INDENT, first);
    while (*text != '\0') {
        int len = (int)strcspn(text, " ");
        if (column > INDENT && column + 1 + len > COLUMNS) {
            column = printf("\n%*s", INDENT, "") - 1;
        }
        column += printf("%s%.*s", column > INDENT ? " " : "", len, text);
        text += len + (text[len] == ' ');
    }
    puts("");
}

static void print(const bool *holds, const struct qrt_fitness *fitness)
{
    size_t findings = 0;
    QRT_BUF right = {0};
    for (size_t i = 0; i < qrt_known_answers_count; i++) {
        if (holds[i]) {
            qrt_buf_printf(&right, "%s%s", right.len_bytes > 0 ? ", " : "",
                           qrt_known_answers[i].name);
        } else {
            print_wrapped("WRONG", qrt_known_answers[i].name);
        }
    }
    print_wrapped("ok", qrt_buf_str(&right));
    for (size_t i = 0; i < fitness->len; i++) {
        const struct qrt_check *check = &fitness->checks[i];
        QRT_BUF line = {0};
        findings += check->finding;
        qrt_buf_printf(&line, "%s: %s", check->name, check->words);
        print_wrapped(check->finding ? "FINDING" : "ok", qrt_buf_str(&line));
        if (check->finding) {
            print_wrapped("  do:", check->remedy);
        }
    }
    if (findings == 0) {
        qrt_cli_say(
            stdout,
            "\nThis machine is fit. Next: rehearse in a practice vault, then found the real one\n"
            "with quorate init.\n");
    } else {
        printf("\n%zu thing%s to mend on this machine. Mend, then run quorate selftest again. A\n"
               "practice vault goes on meanwhile; a real one only if its policy names what was\n"
               "found in machine_exceptions.\n",
               findings, findings == 1 ? "" : "s");
    }
}

enum qrt_code qrt_cmd_selftest(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    enum qrt_code code = qrt_cli_no_more_options(argc, argv, err);
    if (code != QRT_OK) {
        return code;
    }
    if (argc != 1) {
        return qrt_fail(err, QRT_E_USAGE, "selftest takes nothing");
    }
    bool holds[32] = {false};
    const char *wrong = NULL;
    for (size_t i = 0; i < qrt_known_answers_count; i++) {
        holds[i] = qrt_known_answers[i].holds();
        wrong = holds[i] ? wrong : qrt_known_answers[i].name;
    }
    struct qrt_surroundings here;
    struct qrt_fitness fitness;
    qrt_surroundings_here(&here);
    qrt_fitness_look(&fitness, &here);
    qrt_fitness_try_workers(&fitness);
    if (cli->json) {
        code = qrt_cli_print_json(json_pack("{s:o, s:o}", "known_answers", answers_json(holds),
                                            "machine", machine_json(&fitness)),
                                  err);
    } else {
        print(holds, &fitness);
        code = qrt_cli_flush(err);
    }
    if (code == QRT_OK && wrong != NULL) {
        code = qrt_fail(err, QRT_E_FAILED, "%s gives a wrong answer: trust nothing here", wrong);
    }
    return code;
}
