#include "cli/cli.h"

#include "ceremony/fitness.h"
#include "ceremony/known_answers.h"
#include <stdio.h>

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
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s}", "name", check->name, "result",
                                        check->finding ? "finding" : "ok", "words", check->words));
    }
    return list;
}

static void print(const bool *holds, const struct qrt_fitness *fitness)
{
    size_t findings = 0;
    for (size_t i = 0; i < qrt_known_answers_count; i++) {
        printf("%-8s %s\n", holds[i] ? "ok" : "WRONG", qrt_known_answers[i].name);
    }
    for (size_t i = 0; i < fitness->len; i++) {
        const struct qrt_check *check = &fitness->checks[i];
        findings += check->finding;
        printf("%-8s %s: %s\n", check->finding ? "finding" : "ok", check->name, check->words);
    }
    puts(findings == 0
             ? "Next: rehearse in a practice vault, then found the real one with quorate init."
             : "Next: mend what was found. A practice vault only tells it; a real vault goes on "
               "only if its policy's machine_exceptions name it.");
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
