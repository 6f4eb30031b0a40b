/* Who together could take an account over: no person should be sufficient. */
#ifndef QRT_AUDIT_COALITION_H
#define QRT_AUDIT_COALITION_H

#include "audit/minimal.h"

enum qrt_takeover {
    QRT_TAKEOVER_CARDS,         /* password and MFA: what an opening gives */
    QRT_TAKEOVER_MAILBOX_MFA,   /* the password is reset by mail */
    QRT_TAKEOVER_MAILBOX_PHONE, /* the second factor is reset, too */
    QRT_TAKEOVERS,
};

/* "password and MFA", "mailbox and MFA", "mailbox and phone". */
const char *qrt_takeover_name(enum qrt_takeover takeover);

/* The minimal sets of people who reach it, up to size_max of them. Whoever has
 * the combination of a safe is taken to reach what lies in it, and a custodian
 * the own card, wherever it lies; MFA is a quorum of that group's cards, or one
 * registered device. */
void qrt_takeover_find(struct qrt_minimal *found, const struct qrt_facts *facts,
                       enum qrt_takeover takeover, unsigned size_max);

#endif
