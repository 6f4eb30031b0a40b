/* The founding ceremony (docs/ceremonies/founding.md). */
#ifndef QRT_CEREMONY_FOUND_H
#define QRT_CEREMONY_FOUND_H

#include "ceremony/ui.h"
#include "vault/vault.h"

/* One card as it was delivered. */
struct qrt_founded_card {
    uint32_t serial;
    enum qrt_group group;
    char custodian[QRT_ID_CHARS + 1];
    unsigned member_index;
    struct qrt_buf card;  /* where its sheet went */
    struct qrt_buf label; /* where its label went */
};

struct qrt_founded {
    struct qrt_founded_card cards[QRT_GROUPS * QRT_GROUP_MEMBERS_MAX];
    size_t cards_len;
};

void qrt_founded_free(struct qrt_founded *founded);
#define QRT_FOUNDED __attribute__((cleanup(qrt_founded_free))) struct qrt_founded

/* Founds a vault at `path` from a policy's bytes. Everything that is asked is
 * asked, and checked, before the first byte is written. QRT_E_FORMAT and
 * QRT_E_RANGE for the policy and credentials, QRT_E_USAGE for answers that are
 * missing, QRT_E_REFUSED for wrong codes. On success *vault is open; on
 * failure it is closed, and a founding that had begun is told to be abandoned
 * at the next opening. */
enum qrt_code qrt_found(struct qrt_founded *founded, struct qrt_vault *vault, const char *path,
                        const struct qrt_buf *policy_json, const struct qrt_ui *ui,
                        struct qrt_err *err) QRT_MUST_USE;

#endif
