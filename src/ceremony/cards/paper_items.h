/* Sealed sheets given to an opening: held against the log, and what the vault
 * has lost put back from them. All of it is public. */
#ifndef QRT_CEREMONY_CARDS_PAPER_ITEMS_H
#define QRT_CEREMONY_CARDS_PAPER_ITEMS_H

#include "ceremony/session/session.h"
#include "vault/item_code.h"

struct qrt_paper_items {
    const struct qrt_vault *vault; /* borrowed, as is the account */
    const struct qrt_ui *ui;
    const char *account;
    size_t sheets_len;          /* how many were given */
    struct qrt_item_code *list; /* those that are the log's, each once */
    size_t len;
    char why[QRT_ERR_WHAT_BYTES]; /* the first refusal that concerns the account, or "" */
};

void qrt_paper_items_free(struct qrt_paper_items *items);

/* Reads the codes of the sheets; each that is refused is told with its place
 * and reason, and spoils nothing. A sheet whose header is refused is set aside
 * whole. The account is the one to be opened. QRT_E_NOMEM. */
enum qrt_code qrt_paper_items_take(struct qrt_paper_items *items, const struct qrt_vault *vault,
                                   const struct qrt_presented *sheets, size_t sheets_len,
                                   const char *account, const struct qrt_ui *ui,
                                   struct qrt_err *err) QRT_MUST_USE;

bool qrt_paper_items_has(const struct qrt_paper_items *items, const struct qrt_item_row *item);

/* Does the vault have the account's items of these kinds, or else a sheet? And,
 * where sheets were given, do they have any of them? QRT_E_REFUSED if not. */
enum qrt_code qrt_paper_items_suffice(const struct qrt_paper_items *items, const char *const *kinds,
                                      size_t kinds_len, struct qrt_err *err) QRT_MUST_USE;

/* Drafts, for the session's next commit, the ciphertexts that the vault has
 * lost and the sheets have, each with an exception that says so. */
enum qrt_code qrt_paper_items_draft(const struct qrt_paper_items *items,
                                    struct qrt_session *session, struct qrt_err *err) QRT_MUST_USE;

#endif
