/* One card judged: what is it, and does it count? */
#ifndef QRT_CEREMONY_CARDS_JUDGE_H
#define QRT_CEREMONY_CARDS_JUDGE_H

#include "ceremony/cards/gather.h"

/* A card and its share: secret, kept off the stack. */
struct qrt_reading {
    struct qrt_card card;
    struct qrt_slip39_share share;
};

/* Which of the texts presented is the card? Both its codes say the same. Fills
 * *reading, and what *judged says of reading it. */
enum qrt_card_reason qrt_judge_read(struct qrt_reading *reading, const struct qrt_presented *card,
                                    struct qrt_judged *judged);

/* Holds what was read against the log and against the cards that count already:
 * vault, generation, edition, signature, commitment, void, other group,
 * duplicate, same person, suspect, in this order. Fills judged->serial. Who is
 * asked about one card alone is not refused a suspect one: judged->suspect says
 * that it is. */
enum qrt_card_reason qrt_judge(const struct qrt_gather *gather, const struct qrt_reading *reading,
                               struct qrt_judged *judged);

#endif
