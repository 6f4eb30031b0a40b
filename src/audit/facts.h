/* What governance is judged by: plain facts, public, and no more than the
 * questions of this room need. Whoever makes them owns what they point to. */
#ifndef QRT_AUDIT_FACTS_H
#define QRT_AUDIT_FACTS_H

#include <quorate/err.h>
#include <quorate/group.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRT_MEMBERS_MAX    256 /* people, or sites */
#define QRT_FACT_CARDS_MAX 64  /* of the editions in force */
#define QRT_NOWHERE        SIZE_MAX
#define QRT_SLOT_MIN       15  /* a week is cut into so many minutes each … */
#define QRT_WEEK_SLOTS     672 /* … which makes so many, from Monday 00:00 UTC */
#define QRT_WEEK_WORDS     11

/* A set of numbers below QRT_MEMBERS_MAX. Zeroed: empty. */
struct qrt_members {
    uint64_t bits[QRT_MEMBERS_MAX / 64];
};

void qrt_members_add(struct qrt_members *set, size_t member);
void qrt_members_remove(struct qrt_members *set, size_t member);
bool qrt_members_has(const struct qrt_members *set, size_t member);
void qrt_members_join(struct qrt_members *set, const struct qrt_members *other);
size_t qrt_members_count(const struct qrt_members *set);
/* The smallest member from `from` on; QRT_MEMBERS_MAX if there is none. */
size_t qrt_members_next(const struct qrt_members *set, size_t from);

struct qrt_fact_person {
    const char *id;
    const char *name;
    bool gone;                          /* has left: what they had counts for a takeover only */
    bool rostered;                      /* it is known when they can be reached: */
    uint64_t reachable[QRT_WEEK_WORDS]; /* a bit for each slot */
};

/* A live card of the edition in force. */
struct qrt_fact_card {
    enum qrt_group group;
    uint32_t serial;
    size_t custodian; /* a person */
    size_t safe;      /* where it lies, or QRT_NOWHERE: not known */
    size_t site;      /* of that safe, else of its custodian, or QRT_NOWHERE */
    bool missing;     /* whoever looked last did not find its bag */
};

struct qrt_fact_safe {
    const char *name; /* site/safe */
    bool known;       /* it is known who has the combination: */
    struct qrt_members holders;
};

enum qrt_channel_kind {
    QRT_CHANNEL_MAILBOX,
    QRT_CHANNEL_PHONE,
    QRT_CHANNEL_DEVICE, /* a hardware token or another second factor */
    QRT_CHANNELS,
};

/* A way to an account besides its cards. */
struct qrt_fact_channel {
    enum qrt_channel_kind kind;
    const char *name;
    struct qrt_members holders; /* who can use it */
    size_t safe;                /* where it lies, or QRT_NOWHERE */
};

struct qrt_facts {
    const struct qrt_fact_person *people;
    size_t people_len; /* at most QRT_MEMBERS_MAX */
    const struct qrt_fact_card *cards;
    size_t cards_len; /* at most QRT_FACT_CARDS_MAX */
    const struct qrt_fact_safe *safes;
    size_t safes_len;
    const struct qrt_fact_channel *channels;
    size_t channels_len;
    const char *const *sites;
    size_t sites_len; /* at most QRT_MEMBERS_MAX */
    unsigned threshold[QRT_GROUPS];
};

/* Is it known to be there for a quorum: neither missing, nor with a custodian who
 * has left? For a takeover it may be had all the same. */
bool qrt_fact_card_is_there(const struct qrt_facts *facts, const struct qrt_fact_card *card);
/* How many cards of the group are; all of them, missing ones and leavers' too. */
size_t qrt_fact_cards_there(const struct qrt_facts *facts, enum qrt_group group);
size_t qrt_fact_cards_live(const struct qrt_facts *facts, enum qrt_group group);

/* "mailbox", "phone", "device". */
const char *qrt_channel_kind_name(enum qrt_channel_kind kind);

#endif
