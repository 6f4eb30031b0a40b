#include "ceremony/session/thing.h"

#include "base/text.h"
#include "vault/sitting.h"
#include <string.h>

void qrt_thing_name(struct qrt_buf *name, const struct qrt_state *state, const char *thing)
{
    const struct qrt_bag *bag = qrt_state_bag_of_thing(state, thing);
    const struct qrt_presence *presence;
    if (bag != NULL) {
        qrt_buf_printf(name, QRT_BAG_WORD "%s", bag->bag);
        return;
    }
    for (size_t at = 0; (presence = qrt_state_next_presence(state, &at, NULL)) != NULL;) {
        if (strcmp(presence->kind, QRT_THING) == 0 && qrt_text_same_name(presence->name, thing)) {
            qrt_buf_text(name, presence->name);
            return;
        }
    }
    qrt_buf_text(name, thing);
}

void qrt_thing_tell(struct qrt_buf *out, const struct qrt_state *state, const char *thing)
{
    const struct qrt_bag *bag = qrt_state_bag_of_thing(state, thing);
    qrt_text_escape(out, thing, strlen(thing));
    if (bag == NULL || !qrt_state_bag_is_last(state, bag)) {
        return;
    }
    if (bag->account[0] != '\0') {
        qrt_buf_printf(out, ", with the device of account %s,", bag->account);
    } else {
        qrt_buf_printf(out, ", with card %lld,", (long long)bag->serial);
    }
}

enum qrt_code qrt_thing_is_simple(const struct qrt_state *state, const char *thing,
                                  struct qrt_err *err)
{
    const struct qrt_bag *bag = qrt_state_bag_in_thing(state, thing);
    return bag == NULL
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "the thing: bag %s is on record: name it alone, \"%s\"",
                          bag->bag, bag->bag);
}

enum qrt_code qrt_thing_bag_is_in(const struct qrt_state *state, const struct qrt_bag *bag,
                                  struct qrt_err *err)
{
    const struct qrt_presence *presence = qrt_state_bag_outside(state, bag);
    return presence == NULL ? QRT_OK
                            : qrt_fail(err, QRT_E_USAGE,
                                       "bag %s: it is outside, with %s; quorate session back first",
                                       bag->bag, presence->person);
}
