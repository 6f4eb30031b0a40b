/* What an opening is for, asked of a person. */
#ifndef QRT_CEREMONY_OPEN_OPEN_ASK_H
#define QRT_CEREMONY_OPEN_OPEN_ASK_H

#include "ceremony/open/open.h"

#define QRT_OPENING_STEPS 8 /* of docs/ceremonies/opening.md */

/* The texts of answers; the request borrows them. */
struct qrt_open_words {
    struct qrt_buf purpose;
    struct qrt_buf ticket;
    struct qrt_buf approver;
};

void qrt_open_words_free(struct qrt_open_words *words);

/* Step 2: asks for what the request lacks: purpose, ticket, approver, and what
 * is to be shown, which is otherwise all of password and code that the account
 * has in custody. QRT_E_INTERRUPTED. */
enum qrt_code qrt_open_ask(struct qrt_open_request *request, struct qrt_open_words *words,
                           const struct qrt_vault *vault, const struct qrt_ui *ui,
                           struct qrt_err *err) QRT_MUST_USE;

/* Is there an item of that kind, or a deposit that can become one? */
bool qrt_opening_may_have(const struct qrt_vault *vault, const char *account, const char *kind);

/* The pages of the other steps. */
void qrt_open_page_session(const struct qrt_vault *vault, const struct qrt_ui *ui);
void qrt_open_page_cards(const struct qrt_vault *vault, const struct qrt_ui *ui);
void qrt_open_page_deposit(const struct qrt_vault *vault, const struct qrt_ui *ui,
                           const char *what);
void qrt_open_page_release(const struct qrt_vault *vault, const struct qrt_ui *ui,
                           const struct qrt_handout *handout);
void qrt_open_page_close(const struct qrt_vault *vault, const struct qrt_ui *ui);

#endif
