/* What the files of the opening ceremony share. */
#ifndef QRT_CEREMONY_OPEN_OPENING_H
#define QRT_CEREMONY_OPEN_OPENING_H

#include "ceremony/cards/paper_items.h"
#include "ceremony/open/open.h"
#include "ceremony/open/open_ask.h"
#include "ceremony/session/session.h"
#include "crypto/totp.h"
#include "vault/item_text.h"

struct qrt_opening {
    struct qrt_opened *opened;
    struct qrt_open_request *request;
    struct qrt_open_request asked;
    struct qrt_open_words words;
    struct qrt_session session;
    struct qrt_paper_items paper;
    bool cards_logged;
    struct qrt_secret password;
    struct qrt_totp totp;
    struct qrt_secret texts[QRT_ITEM_TEXTS];
};

/* What can be shown, and the item that it comes from. */
struct qrt_show {
    unsigned bit;
    const char *name;
    const char *kind; /* of the item it comes from */
    enum qrt_secret_kind secret;
    const char *who;
};

#define QRT_SHOWS 6
extern const struct qrt_show qrt_shows[QRT_SHOWS]; /* the texts last, as in qrt_item_texts */
#define QRT_SHOWS_BEFORE_TEXTS (QRT_SHOWS - QRT_ITEM_TEXTS)

/* Step 2: from a person what the command line lacks. A request that cannot be
 * met is known before anything is written. QRT_E_USAGE. */
enum qrt_code qrt_opening_ask(struct qrt_opening *opening, struct qrt_err *err) QRT_MUST_USE;

/* What the sealed sheets given are good for; what the vault has lost must be on
 * them. QRT_E_REFUSED. */
enum qrt_code qrt_opening_check_paper(struct qrt_opening *opening,
                                      struct qrt_err *err) QRT_MUST_USE;

/* Between the quorum and the release: what becomes of the deposits, committed.
 * QRT_E_NOT_FOUND where then something of what was asked for is not there. */
enum qrt_code qrt_opening_adopt(struct qrt_opening *opening, struct qrt_err *err) QRT_MUST_USE;

/* The item that is shown: the latest, or the one before it, if that is asked. */
const struct qrt_item_row *qrt_opening_item(const struct qrt_opening *opening, const char *kind);

/* Drafts what was said of each card, once. */
void qrt_opening_draft_cards(struct qrt_opening *opening);

/* Step 7: all at once to a script; to a person one by one, each on its page. */
enum qrt_code qrt_opening_release(struct qrt_opening *opening, uint64_t *shown_s,
                                  struct qrt_err *err) QRT_MUST_USE;

/* Step 8: closes after the release; `broken` if not all of it went out. Some of
 * it may have: the log says shown either way. */
enum qrt_code qrt_opening_hide(struct qrt_opening *opening, uint64_t shown_s, bool broken,
                               struct qrt_err *err) QRT_MUST_USE;

#endif
