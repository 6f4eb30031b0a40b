/* Promise: whatever is done to the cards, exactly the right subsets open. All
 * thresholds and numbers of either group up to a limit, and every subset of its
 * cards, old and new, judged as an opening judges them. */
#ifndef QRT_TESTS_SUBSETS_H
#define QRT_TESTS_SUBSETS_H

#include "unit/hand_vault.h"

#include <quorate/slip39.h>

/* The other group, whose quorum comes with every subset. */
#define OTHER_T 2
#define OTHER_N 2

extern unsigned members_max; /* that limit: 5, or a test's first argument */
extern unsigned long mixtures_tried;
extern unsigned long rebuilds_tried;
extern struct hand_vault hand;

/* What holds of the subsets of a group's cards. Cards are bits, in the order in
 * which they were made. */
struct trial {
    unsigned group;
    unsigned good;            /* these count … */
    enum qrt_card_reason why; /* … and the others are refused for this */
    unsigned threshold;
    unsigned first_other; /* from which on a quorum of the other group's cards comes along */
    bool others_count;
    const uint8_t *key; /* that a quorum makes */
    /* What try_subsets finds itself. */
    size_t at[HAND_CARDS_MAX];
    unsigned len;
    uint8_t halves[QRT_GROUPS][32];
};

/* The shares of one split: of a threshold of one it is one. */
struct split {
    struct qrt_slip39_share shares[QRT_GROUP_MEMBERS_MAX];
    unsigned t;
    unsigned n;
    uint8_t half[32];
};

/* The vault: that group t of n, the other OTHER_T of OTHER_N. */
void make(unsigned group, unsigned t, unsigned n);

/* The codes of all cards that were made, as gather_some and try_subsets present them. */
void write_texts(void);

/* The group's cards, in the order in which they were made. */
unsigned cards_of(size_t at[HAND_CARDS_MAX], unsigned group);

/* Of those cards. */
void shares_of(struct qrt_slip39_share *shares, const size_t *at, unsigned count);

/* Presents those cards, of the bits in the subset. */
void gather_some(struct qrt_gather *gather, const size_t *at, unsigned subset, unsigned groups);

/* With groups of such shapes, and nothing else. */
void policy_of(struct qrt_policy *policy, unsigned group, unsigned t, unsigned n);

/* Every subset of the group's cards, judged as an opening judges them. */
void try_subsets(struct trial *trial);

/* Of these cards, which one group has of one edition. */
void split_of(struct split *split, const size_t *at, unsigned t, unsigned n);

/* Without our rules, by the shares alone: for each index none, the old or the
 * new one. */
void mix(const struct split *old, const struct split *new);

/* What was tried so far. */
void tell_tried(void);

#endif
