/* Who and what must be kept apart. */
#ifndef QRT_AUDIT_SEPARATION_H
#define QRT_AUDIT_SEPARATION_H

#include "audit/facts.h"

enum qrt_separation {
    QRT_APART_GROUPS,        /* a person holds cards of both groups */
    QRT_APART_SAFE,          /* a safe holds cards of both groups */
    QRT_APART_SAFE_CHANNEL,  /* a phone in a safe with a card, or a device with a password card */
    QRT_APART_MAILBOX_PHONE, /* a person has both a mailbox and a phone */
    QRT_APART_COMBINATIONS,  /* a person opens safes with cards of either group */
};

/* One finding: who (two ids where one person stands under two names, else the
 * same twice), or which safe; and the channel, if it is about one. Indices into
 * the facts; what does not apply is QRT_NOWHERE. */
struct qrt_apart {
    enum qrt_separation rule;
    size_t person;
    size_t other;
    size_t safe;
    size_t channel;
};

/* Finds all, up to `max` of them; returns how many were written. People are one
 * and the same if their names are, after NFKC, case folding, and white space
 * trimmed and squeezed. QRT_E_NOMEM. */
enum qrt_code qrt_separation_find(struct qrt_apart *found, size_t *found_len, size_t max,
                                  const struct qrt_facts *facts, struct qrt_err *err) QRT_MUST_USE;

#endif
