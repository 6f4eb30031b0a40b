/* Seals checked: at a safe, bag by bag, with nothing opened. */
#ifndef QRT_CEREMONY_BAGS_SEALS_H
#define QRT_CEREMONY_BAGS_SEALS_H

#include "ceremony/session/session.h"
#include "vault/bag.h"

#define QRT_SEALS_MAX 512 /* in one sitting */

/* What somebody saw in the place of one bag. Texts may be NULL. */
struct qrt_seal_sight {
    const char *card;    /* its serial, or its label's code */
    const char *account; /* or whose device */
    const char *bag;     /* the number that stands on the bag; NULL: none is there, or none legible;
                          * without card and account, of the bag that should be there */
    const char *found;   /* "whole", "broken", "missing"; NULL is whole */
    const char *person;  /* who looked: an id */
};

/* The same, held against the log. */
struct qrt_seal_check {
    char bag[QRT_BAG_BYTES]; /* that should be there, as the log has it */
    char seen[QRT_BAG_BYTES];
    char person[QRT_ID_CHARS + 1];
    enum qrt_seal_result result;
};

struct qrt_seals {
    struct qrt_seal_check *list;
    size_t len;
    bool logged;
};

void qrt_seals_free(struct qrt_seals *seals);
#define QRT_SEALS __attribute__((cleanup(qrt_seals_free))) struct qrt_seals

/* Holds one sight against the log and adds it. A number that is another than the
 * last recorded is wrong-number, whatever was found. QRT_E_USAGE: no such card,
 * account, bag or person, a destroyed card's bag, a bag twice; QRT_E_REFUSED: a label of another
 * vault or of no card of it. */
enum qrt_code qrt_seals_add(struct qrt_seals *seals, const struct qrt_vault *vault,
                            const struct qrt_seal_sight *sight, struct qrt_err *err) QRT_MUST_USE;

/* Takes all that a script has under `seals`; QRT_E_USAGE if there is nothing. */
enum qrt_code qrt_seals_read(struct qrt_seals *seals, const struct qrt_vault *vault,
                             const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

/* Asks a person bag by bag, until an empty line; each page is a copy of `page`
 * under its own title. A number that is not the recorded one is read again by
 * somebody else before it counts, and what is not whole is asked for once more: a no
 * takes nothing, and asks for a bag again. */
enum qrt_code qrt_seals_ask(struct qrt_seals *seals, const struct qrt_vault *vault,
                            const struct qrt_ui *ui, const struct qrt_page *page,
                            struct qrt_err *err) QRT_MUST_USE;

/* Drafts a `seal-checked` for each. */
void qrt_seals_draft(struct qrt_session *session, const struct qrt_seals *seals);

/* QRT_E_REFUSED if one was not whole. */
enum qrt_code qrt_seals_verdict(const struct qrt_seals *seals, struct qrt_err *err) QRT_MUST_USE;

/* A session in which seals are checked: those added before, or all that are
 * asked for. QRT_E_REFUSED, and seals->logged, if one was not whole. */
enum qrt_code qrt_seals_check(struct qrt_seals *seals, struct qrt_vault *vault,
                              const struct qrt_ui *ui, struct qrt_err *err) QRT_MUST_USE;

#endif
