#include "cli/cli.h"

#include "base/clock.h"
#include "ceremony/review/review.h"
#include "cli/say.h"
#include "cli/ui.h"
#include "vault/review.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listing {
    const struct qrt_vault *vault;
    json_t *rows; /* NULL: as a table */
    int64_t now_unix_s;
    size_t open;
    size_t all;
};

static bool add(void *ctx, const struct qrt_review_channel *channel)
{
    struct listing *listing = ctx;
    char due[QRT_TIME_CHARS + 1];
    char said[QRT_TIME_CHARS + 1] = "";
    const struct qrt_review_row *last = channel->last;
    struct qrt_review_state judged = qrt_review_judge(
        channel, &listing->vault->state, listing->vault->policy.drill_days, listing->now_unix_s);
    const char *state = judged.open || last == NULL ? "open" : last->result;
    qrt_clock_format(due, judged.due_unix_s);
    listing->all++;
    listing->open += judged.open ? 1 : 0;
    if (last != NULL) {
        qrt_clock_format(said, last->time_unix_s);
    }
    if (listing->rows == NULL) {
        printf("%-7s  due %.10s  %s  %s\n", state, due, channel->person, channel->channel);
        return true;
    }
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?}", "person", channel->person,
                            "channel", channel->channel, "state", state, "due", due, "result",
                            last == NULL ? NULL : last->result, "time", last == NULL ? NULL : said,
                            "asked", judged.asked == NULL ? NULL : judged.asked->cause);
    return json_array_append_new(listing->rows, row) == 0;
}

static enum qrt_code list(const struct qrt_cli *cli, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    enum qrt_code code = qrt_cli_open_vault(&vault, cli, err);
    if (code != QRT_OK) {
        return code;
    }
    struct listing listing = {
        .vault = &vault, .rows = cli->json ? json_array() : NULL, .now_unix_s = qrt_clock_unix_s()};
    qrt_review_each(&vault.state, add, &listing);
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:o, s:I}", "review", listing.rows, "open", (json_int_t)listing.open), err);
    }
    qrt_cli_say(stdout, "%zu of %zu open.\n%s", listing.open, listing.all,
                listing.open > 0 ? "Next: quorate review, with whom it concerns in the room.\n"
                                 : "");
    return qrt_cli_flush(err);
}

static enum qrt_code print(const struct qrt_cli *cli, const struct qrt_reviewed *reviewed,
                           struct qrt_err *err)
{
    if (!cli->json) {
        qrt_cli_say(stdout,
                    "Attested and signed: %zu.\nNext: quorate review list tells what is open.\n",
                    reviewed->len);
        return qrt_cli_flush(err);
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < reviewed->len; i++) {
        json_array_append_new(rows, json_pack("{s:s, s:s, s:s}", "person", reviewed->list[i].person,
                                              "channel", reviewed->list[i].channel, "result",
                                              reviewed->list[i].result));
    }
    return qrt_cli_print_json(json_pack("{s:o}", "signed", rows), err);
}

enum qrt_code qrt_cmd_review(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    bool listing = argc == 2 && strcmp(argv[1], "list") == 0;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (!listing && (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK)) {
        return code;
    }
    if (listing) {
        return list(cli, err);
    }
    struct qrt_reviewed *reviewed = calloc(1, sizeof *reviewed);
    if (reviewed == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "a review");
    }
    if ((code = qrt_performer_init(&performer, cli, NULL, 0, err)) == QRT_OK &&
        (code = qrt_cli_open_vault(&vault, cli, err)) == QRT_OK &&
        (code = qrt_review(reviewed, &vault, performer.ui, err)) == QRT_OK) {
        qrt_performer_free(&performer);
        code = print(cli, reviewed, err);
    }
    free(reviewed);
    return code;
}
