/* The register: what else stands between somebody and an account, by name, and
 * the last value wins (docs/formats/register.md). All of it is public, and
 * foreign. */
#ifndef QRT_VAULT_REGISTER_H
#define QRT_VAULT_REGISTER_H

#include "vault/state.h"

#define QRT_REGISTER_VALUES_MAX 32
#define QRT_REGISTERS           9

/* What a key's value must look like. */
enum qrt_register_form {
    QRT_REG_TEXT,    /* UTF-8 of 1 to 200 bytes without control characters */
    QRT_REG_MASKED,  /* the same, with at most four digits */
    QRT_REG_MAIL,    /* an e-mail address */
    QRT_REG_READER,  /* a person's id, or an e-mail address */
    QRT_REG_PERSON,  /* a person's id */
    QRT_REG_ACCOUNT, /* an account's id */
    QRT_REG_DATE,    /* YYYY-MM-DD */
    QRT_REG_OFFSET,  /* +HH:MM or -HH:MM */
    QRT_REG_HOURS,   /* DAY[-DAY] HH:MM-HH:MM */
    QRT_REG_PLACE,   /* SITE/SAFE */
    QRT_REG_NODE,    /* [a-z0-9][a-z0-9._/-]{0,63} */
    QRT_REG_ID,
    QRT_REG_YES,
    QRT_REG_CONTACT, /* billing, operations, security */
    QRT_REG_DEVICE,  /* hardware, fido, virtual */
    QRT_REG_TRIGGER, /* leaver, service, software, suspicion */
};

enum {
    QRT_REG_NEEDED = 1,
    QRT_REG_MANY = 2,
};

struct qrt_register_key {
    const char *name;
    enum qrt_register_form form;
    unsigned flags;
    const char *words; /* for a person who is asked */
};

struct qrt_register {
    const char *name;
    enum qrt_register_form of_name;
    const struct qrt_register_key *keys;
    size_t keys_len;
};

const struct qrt_register *qrt_register_at(size_t i); /* below QRT_REGISTERS */
/* NULL if there is none of that name. */
const struct qrt_register *qrt_register_find(const char *name);

/* What is wrong with that name of a row, or NULL. */
const char *qrt_register_check_name(const struct qrt_register *reg, const struct qrt_state *state,
                                    const char *name);
/* What is wrong with a row's values, `KEY=VALUE` with an LF behind each, as a
 * text of *why, or NULL. No value at all takes the row away. */
const char *qrt_register_check(char why[static 128], const struct qrt_register *reg,
                               const struct qrt_state *state, const char *values);

/* The row of that name, or NULL; one whose values are "" was taken away. */
const struct qrt_register_row *qrt_register_row(const struct qrt_state *state, const char *reg,
                                                const char *name);
/* Steps through the values of a key: *at begins at 0. False behind the last;
 * the value is a view without an end. */
bool qrt_register_next(const struct qrt_register_row *row, const char *key, size_t *at,
                       struct qrt_span *value);
/* The first one, or none. */
bool qrt_register_get(const struct qrt_register_row *row, const char *key, struct qrt_span *value);

/* Parts of forms that were checked. Days since 1970; minutes ahead of UTC. */
int64_t qrt_register_date(struct qrt_span date);
int qrt_register_offset(struct qrt_span offset);
struct qrt_register_hours {
    unsigned first_day; /* 0: Monday */
    unsigned last_day;
    unsigned from_min;
    unsigned to_min;
};
struct qrt_register_hours qrt_register_hours(struct qrt_span hours);

#endif
