/* What the files of new cards share. */
#ifndef QRT_CEREMONY_CARDS_CARDS_PARTS_H
#define QRT_CEREMONY_CARDS_CARDS_PARTS_H

#include "ceremony/cards/cards.h"

/* What every sheet of this vault says. */
struct qrt_cards_heading {
    char vault_id[2 * QRT_VAULT_ID_BYTES + 1];
    char genesis[2 * QRT_HASH_BYTES + 1];
    int64_t now_unix_s;
};

/* The card at that place of the list. */
struct qrt_new_card *qrt_cards_at(const struct qrt_cards *cards, size_t at);

/* Its sheet (secret), and the label of its bag, for quorate-print; inited here. */
enum qrt_code qrt_cards_describe(struct qrt_secret *description, const struct qrt_cards *cards,
                                 const struct qrt_new_card *new,
                                 const struct qrt_cards_heading *heading,
                                 struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cards_describe_label(struct qrt_secret *description,
                                       const struct qrt_cards *cards,
                                       const struct qrt_new_card *new,
                                       const struct qrt_cards_heading *heading,
                                       struct qrt_err *err) QRT_MUST_USE;

/* With a person, for the card at that place: called to the printer before the
 * sheets are delivered; afterwards the card is read back and bagged. */
enum qrt_code qrt_cards_call(const struct qrt_cards *cards, size_t at,
                             const struct qrt_handing *handing, struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cards_hand(struct qrt_cards *cards, size_t at, const struct qrt_handing *handing,
                             struct qrt_err *err) QRT_MUST_USE;

#endif
