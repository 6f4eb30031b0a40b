#include "audit/overlap.h"

#include "vault/register.h"
#include <stdio.h>
#include <string.h>

/* What a thing in a safe is; bits, to say what it is kept apart from. */
enum kind {
    NOTHING = 0,
    PASSWORD_CARD = 1,
    MFA_CARD = 2,
    DEVICE = 4,
    PHONE = 8,
};

static unsigned kind_of_card(const struct qrt_state *state, int64_t serial)
{
    enum qrt_group group;
    const struct qrt_card_row *card = qrt_state_card(state, (uint64_t)serial);
    return card == NULL || !qrt_group_parse(&group, card->group_name) ||
                   !qrt_state_card_is_live(state, card)
               ? NOTHING
           : group == QRT_GROUP_PASSWORD ? PASSWORD_CARD
                                         : MFA_CARD;
}

static unsigned apart_from(unsigned kind)
{
    return kind == PASSWORD_CARD ? MFA_CARD | DEVICE | PHONE
           : kind == MFA_CARD    ? PASSWORD_CARD | PHONE
           : kind == DEVICE      ? PASSWORD_CARD
                                 : NOTHING;
}

static bool find_in_bags(struct qrt_buf *why, const struct qrt_state *state, const char *site,
                         const char *safe, unsigned apart)
{
    for (size_t i = 0; i < state->bags.len; i++) {
        const struct qrt_bag *bag = QRT_ROW(state, bags, qrt_bag, i);
        unsigned kind = bag->account[0] != '\0' ? DEVICE : kind_of_card(state, bag->serial);
        if (strcmp(bag->site, site) != 0 || strcmp(bag->safe, safe) != 0 || (kind & apart) == 0 ||
            !qrt_state_bag_is_last(state, bag)) {
            continue;
        }
        if (kind == DEVICE) {
            qrt_buf_printf(why, "the device of account %s lies there, in bag %s", bag->account,
                           bag->bag);
        } else {
            qrt_buf_printf(why, "card %lld, of the %s group, lies there, in bag %s",
                           (long long)bag->serial, kind == MFA_CARD ? "MFA" : "password", bag->bag);
        }
        return true;
    }
    return false;
}

static bool find_in_register(struct qrt_buf *why, const struct qrt_state *state, const char *site,
                             const char *safe, unsigned apart)
{
    char place[2 * QRT_ID_CHARS + 2];
    snprintf(place, sizeof place, "%s/%s", site, safe);
    for (size_t i = 0; i < state->registers.len; i++) {
        const struct qrt_register_row *row = QRT_ROW(state, registers, qrt_register_row, i);
        unsigned kind = strcmp(row->reg, "phone") == 0    ? PHONE
                        : strcmp(row->reg, "device") == 0 ? DEVICE
                                                          : NOTHING;
        struct qrt_span where;
        if ((kind & apart) != 0 && row->value[0] != '\0' && qrt_register_get(row, "safe", &where) &&
            qrt_span_is(where, place)) {
            qrt_buf_printf(why, "the %s %s lies there, by the register", row->reg, row->name);
            return true;
        }
    }
    return false;
}

bool qrt_overlap_find(struct qrt_buf *why, const struct qrt_state *state, const char *site,
                      const char *safe, const struct qrt_bag_content *content)
{
    unsigned apart =
        apart_from(content->serial != 0 ? kind_of_card(state, content->serial) : (unsigned)DEVICE);
    return find_in_bags(why, state, site, safe, apart) ||
           find_in_register(why, state, site, safe, apart);
}
