/* The accounts of an organisation, as `aws organizations list-accounts` prints
 * them (docs/formats/accounts.md). All of it is public and foreign. */
#ifndef QRT_VAULT_ORG_ACCOUNTS_H
#define QRT_VAULT_ORG_ACCOUNTS_H

#include "vault/state.h"
#include <jansson.h>
#include <quorate/err.h>
#include <stdbool.h>
#include <stddef.h>

#define QRT_ORG_BYTES_MAX    ((size_t)8 << 20)
#define QRT_ORG_ACCOUNTS_MAX 4096
#define QRT_ORG_ID_CHARS     12

struct qrt_org_account {
    const char *id;
    const char *email;
    const char *state;         /* as AWS says it */
    char name[QRT_NAME_BYTES]; /* without spaces at its ends */
    bool active;
};

/* A zeroed struct is an empty list; it owns what it points to. */
struct qrt_org_accounts {
    json_t *json; /* where the texts stand */
    struct qrt_org_account *list;
    size_t len;
    char management[QRT_ORG_ID_CHARS + 1]; /* whose organisation it is; "" of an empty list */
    bool complete;                         /* false: the list goes on elsewhere */
};

void qrt_org_accounts_free(struct qrt_org_accounts *accounts); /* leaves it zeroed */
#define QRT_ORG_ACCOUNTS __attribute__((cleanup(qrt_org_accounts_free))) struct qrt_org_accounts

/* Reads one answer of AWS. Members that it does not know it leaves alone; an
 * account, address or key that stands twice, accounts of two organisations and
 * values of another form it refuses. The error names the path. QRT_E_FORMAT,
 * QRT_E_RANGE, QRT_E_NOMEM; *accounts, whose former content is not freed, is
 * then zeroed. */
enum qrt_code qrt_org_accounts_parse(struct qrt_org_accounts *accounts, const void *bytes,
                                     size_t len_bytes, struct qrt_err *err) QRT_MUST_USE;

#endif
