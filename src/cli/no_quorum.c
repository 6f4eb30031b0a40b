#include "cli/no_quorum.h"

#include "base/text.h"
#include "cli/cards_json.h"
#include "cli/say.h"
#include <stdio.h>
#include <string.h>

/* Of the groups whose quorum it was for. */
static json_t *missing_json(const struct qrt_gather *gather)
{
    json_t *missing = json_object();
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        if ((gather->groups & 1U << group) != 0) {
            json_object_set_new(missing, qrt_group_name(group),
                                json_integer(qrt_gather_missing(gather, group)));
        }
    }
    return missing;
}

void qrt_cli_print_judged(const struct qrt_gather *gather)
{
    for (size_t i = 0; i < gather->judged_len; i++) {
        const struct qrt_judged *judged = &gather->judged[i];
        QRT_BUF name = {0};
        qrt_text_escape(&name, judged->name, strlen(judged->name));
        if (judged->serial != 0) {
            qrt_buf_printf(&name, ", card %u", judged->serial);
        }
        if (judged->reason == QRT_CARD_FINE) {
            qrt_cli_say(stdout, "  %s: accepted\n", qrt_buf_str(&name));
        } else {
            qrt_cli_say(stdout, "  %s: %s (%s)\n", qrt_buf_str(&name),
                        qrt_card_reason_said(judged->reason), qrt_card_reason_word(judged->reason));
        }
    }
}

enum qrt_code qrt_cli_print_no_quorum(const struct qrt_cli *cli, const struct qrt_gather *gather,
                                      const char *what, struct qrt_err *err)
{
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:o, s:o}", "missing", missing_json(gather), "cards",
                                            qrt_cards_json(gather)),
                                  err);
    }
    QRT_BUF missing = {0};
    qrt_gather_tell_missing(&missing, gather);
    qrt_cli_say(stdout, "%s Needed: %s.\n", what, qrt_buf_str(&missing));
    qrt_cli_print_judged(gather);
    return qrt_cli_flush(err);
}
