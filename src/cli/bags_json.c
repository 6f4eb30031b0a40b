#include "cli/bags_json.h"

#include "base/clock.h"
#include "vault/sitting.h"

const char *qrt_bag_state_word(const struct qrt_state *state, const struct qrt_bag *bag)
{
    return !qrt_state_bag_is_last(state, bag) ? "former"
           : bag->opened != QRT_NEVER         ? "opened"
                                              : "sealed";
}

json_t *qrt_bag_json(const struct qrt_state *state, const struct qrt_bag *bag)
{
    char since[QRT_TIME_CHARS + 1];
    char checked[QRT_TIME_CHARS + 1];
    bool device = bag->account[0] != '\0';
    const struct qrt_presence *outside = qrt_state_bag_out(state, bag);
    qrt_clock_format(since, bag->placed_unix_s);
    qrt_clock_format(checked, bag->checked_unix_s);
    return json_pack("{s:s, s:o, s:s?, s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?}", "bag", bag->bag,
                     "serial", device ? json_null() : json_integer((json_int_t)bag->serial),
                     "account", device ? bag->account : NULL, "site", bag->site, "safe", bag->safe,
                     "since", since, "state", qrt_bag_state_word(state, bag), "checked",
                     bag->checked == QRT_NEVER ? NULL : checked, "result",
                     bag->checked == QRT_NEVER ? NULL : bag->result, "outside",
                     outside != NULL ? outside->person : NULL);
}
