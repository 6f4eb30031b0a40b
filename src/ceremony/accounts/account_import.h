/* An organisation's accounts, taken into the vault by one commit. */
#ifndef QRT_CEREMONY_ACCOUNTS_ACCOUNT_IMPORT_H
#define QRT_CEREMONY_ACCOUNTS_ACCOUNT_IMPORT_H

#include "ceremony/ui.h"
#include "vault/org_accounts.h"
#include "vault/vault.h"

/* What becomes of a listed account. */
enum qrt_import_fate {
    QRT_IMPORT_ADDED,
    QRT_IMPORT_UNCHANGED, /* the vault has it so */
    QRT_IMPORT_CHANGED, /* the vault has it under another name or address: a change is called for */
    QRT_IMPORT_SKIPPED, /* not active at AWS, and not in the vault */
    QRT_IMPORT_INACTIVE, /* not active at AWS, and not closed in the vault */
    QRT_IMPORT_CLOSED,   /* active at AWS, and closed in the vault */
    QRT_IMPORT_TAKEN,    /* not in the vault, where another account has its address: left out */
    QRT_IMPORT_FATES
};

struct qrt_account_import {
    const struct qrt_org_accounts *listed; /* borrowed */
    const char *strategy;                  /* or NULL: removed, and vaulted for the management's */
    enum qrt_import_fate *fates;           /* one for each listed account */
    size_t counts[QRT_IMPORT_FATES];
};

void qrt_account_import_free(struct qrt_account_import *import);

/* Fills the fates, and adds what is to be added, all or nothing; without any,
 * nothing is written and no badge is asked for. Addresses that another account
 * of the vault has are told. QRT_E_USAGE for a strategy that is none. */
enum qrt_code qrt_account_import(struct qrt_account_import *import, struct qrt_vault *vault,
                                 const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
