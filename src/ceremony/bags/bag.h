/* Bags sealed and moved. */
#ifndef QRT_CEREMONY_BAGS_BAG_H
#define QRT_CEREMONY_BAGS_BAG_H

#include "audit/overlap.h"
#include "ceremony/ui.h"
#include "vault/vault.h"

/* What the command line says; NULL or 0 is asked of a person. All borrowed. */
struct qrt_bag_request {
    const char *number;
    struct qrt_bag_content content; /* of a bag that is sealed */
    const char *site;
    const char *safe;
    const char *const *witnesses;
    size_t witnesses_len;
    bool accept_overlap; /* put where something lies from which it is to be kept apart */
};

/* Seals a card, or an account's device, in a new bag; the bag before it is then
 * a former one. QRT_E_USAGE: a number that is none or served before, no such card
 * or account, a place that the policy does not have or where it must not lie, no
 * such witness; and those of a session. All of it is checked before a badge is
 * asked for. */
enum qrt_code qrt_bag_seal(struct qrt_vault *vault, const struct qrt_bag_request *request,
                           const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* Moves the bag of that number to another safe, likewise. */
enum qrt_code qrt_bag_move(struct qrt_vault *vault, const struct qrt_bag_request *request,
                           const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
