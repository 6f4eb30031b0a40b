#include "cli/cli.h"

#include "base/clock.h"
#include "base/text.h"
#include "ceremony/review/walk.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

#define NAME_COLUMNS 21

static void hex_of(char hex[static 2 * QRT_HASH_BYTES + 1], const struct qrt_runbook *runbook)
{
    uint8_t digest[QRT_HASH_BYTES];
    qrt_runbook_digest(digest, runbook);
    qrt_text_hex(hex, digest, sizeof digest);
}

static json_t *walk_json(const struct qrt_walk *walk)
{
    char time[QRT_TIME_CHARS + 1];
    qrt_clock_format(time, walk->time_unix_s);
    return json_pack("{s:s, s:s?, s:I, s:I, s:s}", "runbook", walk->runbook, "account",
                     walk->account[0] == '\0' ? NULL : walk->account, "step",
                     (json_int_t)walk->step, "steps", (json_int_t)walk->steps, "time", time);
}

static void print_walk(const struct qrt_walk *walk)
{
    char time[QRT_TIME_CHARS + 1];
    qrt_clock_format(time, walk->time_unix_s);
    printf("Under way: %s%s%s, step %lld of %lld on %.10s\n", walk->runbook,
           walk->account[0] == '\0' ? "" : " for account ", walk->account, (long long)walk->step,
           (long long)walk->steps, time);
}

/* The walks that have not ended, in JSON if there is a list. */
static void each_walk(const struct qrt_vault *vault, json_t *list)
{
    for (size_t i = 0; i < vault->state.walks.len; i++) {
        const struct qrt_walk *walk = QRT_ROW(&vault->state, walks, qrt_walk, i);
        if (walk->ended != QRT_NEVER) {
            continue;
        }
        if (list != NULL) {
            json_array_append_new(list, walk_json(walk));
        } else {
            print_walk(walk);
        }
    }
}

static json_t *runbooks_json(void)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < QRT_RUNBOOKS; i++) {
        char hex[2 * QRT_HASH_BYTES + 1];
        struct qrt_runbook runbook = qrt_runbook_at(i);
        struct qrt_span title = qrt_runbook_title(&runbook);
        hex_of(hex, &runbook);
        json_array_append_new(rows,
                              json_pack("{s:s, s:s%, s:I, s:s}", "name", runbook.name, "title",
                                        title.data, title.len_bytes, "steps",
                                        (json_int_t)qrt_runbook_steps(&runbook), "digest", hex));
    }
    return rows;
}

static enum qrt_code list(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code = qrt_cli_no_more_arguments(argc, argv, err);
    if (code == QRT_OK && cli->vault != NULL) {
        code = qrt_cli_open_vault(&vault, cli, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    if (cli->json) {
        json_t *walks = json_array();
        each_walk(&vault, walks);
        return qrt_cli_print_json(
            json_pack("{s:o, s:o}", "runbooks", runbooks_json(), "walks", walks), err);
    }
    for (size_t i = 0; i < QRT_RUNBOOKS; i++) {
        char hex[2 * QRT_HASH_BYTES + 1];
        struct qrt_runbook runbook = qrt_runbook_at(i);
        struct qrt_span title = qrt_runbook_title(&runbook);
        hex_of(hex, &runbook);
        qrt_cli_say(stdout, "%-*s%.*s (%u steps)\n    %s\n", NAME_COLUMNS, runbook.name,
                    (int)title.len_bytes, title.data, qrt_runbook_steps(&runbook), hex);
    }
    each_walk(&vault, NULL);
    qrt_cli_say(stdout, "Next: quorate runbook show NAME\n");
    return qrt_cli_flush(err);
}

static enum qrt_code show(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    char hex[2 * QRT_HASH_BYTES + 1];
    struct qrt_runbook runbook;
    enum qrt_code code = qrt_cli_no_more_options(argc, argv, err);
    if (code != QRT_OK) {
        return code;
    }
    if (argc != 2 || !qrt_runbook_find(&runbook, argv[1])) {
        return qrt_fail(err, QRT_E_USAGE,
                        "runbook show takes NAME; quorate runbook list has the names");
    }
    hex_of(hex, &runbook);
    if (cli->json) {
        struct qrt_span title = qrt_runbook_title(&runbook);
        return qrt_cli_print_json(json_pack("{s:s, s:s%, s:s, s:s}", "name", runbook.name, "title",
                                            title.data, title.len_bytes, "digest", hex, "text",
                                            runbook.text),
                                  err);
    }
    fputs(runbook.text, stdout);
    return qrt_cli_flush(err);
}

static enum qrt_code print_walked(const struct qrt_cli *cli, const struct qrt_walk_request *request,
                                  const struct qrt_walked *walked, struct qrt_err *err)
{
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:s, s:s?, s:I, s:I, s:I, s:b}", "runbook",
                                            request->runbook, "account", request->account,
                                            "recorded", (json_int_t)walked->recorded, "step",
                                            (json_int_t)walked->step, "steps",
                                            (json_int_t)walked->steps, "ended", walked->ended),
                                  err);
    }
    printf("%s: steps recorded now: %u.\n", request->runbook, walked->recorded);
    if (walked->ended) {
        qrt_cli_say(
            stdout,
            "The walk has ended.\nNext: quorate status tells what is due or in conflict.\n");
    } else if (walked->step == 0) {
        puts("No walk has begun.");
    } else {
        qrt_cli_say(stdout,
                    "The walk is at step %u of %u.\nNext: quorate runbook walk %s%s%s goes on.\n",
                    walked->step, walked->steps, request->runbook,
                    request->account == NULL ? "" : " --account ",
                    request->account == NULL ? "" : request->account);
    }
    return qrt_cli_flush(err);
}

static enum qrt_code walk(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_walk_request request = {.anew = qrt_cli_flag(&argc, argv, "--anew")};
    struct qrt_walked walked;
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&request.account, &argc, argv, "--account", err)) != QRT_OK ||
        (code = qrt_cli_option(&request.case_id, &argc, argv, "--case", err)) != QRT_OK ||
        (code = qrt_cli_option(&request.end, &argc, argv, "--end", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2) {
        return qrt_fail(err, QRT_E_USAGE, "runbook walk takes NAME");
    }
    if (request.anew && request.end != NULL) {
        return qrt_fail(err, QRT_E_USAGE, "--anew: not with --end");
    }
    request.runbook = argv[1];
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_walk(&walked, &vault, &request, performer.ui, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    return print_walked(cli, &request, &walked, err);
}

enum qrt_code qrt_cmd_runbook(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {{"list", list}, {"show", show}, {"walk", walk}};
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
