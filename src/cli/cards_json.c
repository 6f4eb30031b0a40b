#include "cli/cards_json.h"

#include "base/bytes.h"
#include "base/text.h"
#include <string.h>

json_t *qrt_cards_json(const struct qrt_gather *gather)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < gather->judged_len; i++) {
        const struct qrt_judged *judged = &gather->judged[i];
        bool fine = judged->reason == QRT_CARD_FINE;
        QRT_BUF name = {0};
        qrt_text_escape(&name, judged->name, strlen(judged->name));
        json_t *row =
            json_pack("{s:s, s:o, s:s}", "file", qrt_buf_str(&name), "serial",
                      judged->serial != 0 ? json_integer(judged->serial) : json_null(), "result",
                      !fine             ? "refused"
                      : judged->damaged ? "damaged"
                                        : "accepted");
        if (row != NULL && !fine) {
            json_object_set_new(row, "reason", json_string(qrt_card_reason_word(judged->reason)));
        }
        if (row != NULL && judged->suspect) {
            json_object_set_new(row, "suspect", json_true());
        }
        json_array_append_new(list, row);
    }
    return list;
}
