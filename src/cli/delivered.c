#include "cli/delivered.h"

#include "cli/cli.h"
#include "cli/say.h"
#include <stdio.h>

json_t *qrt_delivered_json(const struct qrt_delivered *delivered)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < delivered->len; i++) {
        const struct qrt_delivered_card *card = &delivered->cards[i];
        json_array_append_new(
            list, json_pack("{s:I, s:s, s:s, s:I, s:s, s:s}", "serial", (json_int_t)card->serial,
                            "group", qrt_group_name(card->group), "custodian", card->custodian,
                            "member_index", (json_int_t)card->member_index, "card",
                            qrt_buf_str(&card->card), "label", qrt_buf_str(&card->label)));
    }
    return list;
}

void qrt_delivered_print(const struct qrt_delivered *delivered)
{
    for (size_t i = 0; i < delivered->len; i++) {
        const struct qrt_delivered_card *card = &delivered->cards[i];
        QRT_BUF sheet = {0};
        QRT_BUF label = {0};
        qrt_cli_say(stdout, "  card %u, %s group, %s: %s, label %s\n", card->serial,
                    qrt_group_words(card->group), card->custodian,
                    qrt_cli_shown(&sheet, qrt_buf_str(&card->card)),
                    qrt_cli_shown(&label, qrt_buf_str(&card->label)));
    }
}
