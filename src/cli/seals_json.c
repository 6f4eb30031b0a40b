#include "cli/seals_json.h"

#include <stdio.h>

static json_t *check_json(const struct qrt_state *state, const struct qrt_seal_check *check)
{
    const struct qrt_bag *bag = qrt_state_bag(state, check->bag);
    bool device = bag->account[0] != '\0';
    return json_pack("{s:s, s:o, s:s?, s:s, s:s?, s:s?}", "bag", check->bag, "serial",
                     device ? json_null() : json_integer((json_int_t)bag->serial), "account",
                     device ? bag->account : NULL, "result", qrt_seal_result_word(check->result),
                     "seen", check->seen[0] != '\0' ? check->seen : NULL, "person",
                     check->person[0] != '\0' ? check->person : NULL);
}

json_t *qrt_seals_json(const struct qrt_seals *seals, const struct qrt_state *state)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < seals->len; i++) {
        json_array_append_new(rows, check_json(state, &seals->list[i]));
    }
    return rows;
}

bool qrt_seals_print(const struct qrt_seals *seals, const struct qrt_state *state)
{
    bool suspect = false;
    for (size_t i = 0; i < seals->len; i++) {
        const struct qrt_seal_check *check = &seals->list[i];
        const struct qrt_bag *bag = qrt_state_bag(state, check->bag);
        if (bag->account[0] != '\0') {
            printf("%s, the device of account %s: ", check->bag, bag->account);
        } else {
            suspect = suspect || check->result != QRT_SEAL_WHOLE;
            printf("%s, card %lld: ", check->bag, (long long)bag->serial);
        }
        printf("%s%s%s\n", qrt_seal_result_word(check->result),
               check->seen[0] != '\0' ? ", it says " : "", check->seen);
    }
    return suspect;
}
