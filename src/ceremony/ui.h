/* The seam between a ceremony and whoever performs it: a person at a terminal,
 * or a script that holds the answers. Ceremonies are written once, over this. */
#ifndef QRT_CEREMONY_UI_H
#define QRT_CEREMONY_UI_H

#include "base/bytes.h"
#include "crypto/totp.h"
#include "worker/description.h"
#include <quorate/card.h>
#include <quorate/err.h>
#include <quorate/secret.h>

/* One thing asked. The key names it in answers ("badges.operator-1"), the
 * words on a screen. A missing answer is QRT_E_USAGE with that name, or, if
 * optional, QRT_E_NOT_FOUND. */
struct qrt_question {
    const char *key;
    const char *words;
    bool optional;
    bool picture; /* a person may give a secret as the path of a picture of its code */
};

/* What a person reads before they act: one page a step. All of it is public,
 * and foreign text in it is escaped already. */
struct qrt_page {
    const char *ceremony;
    bool practice;
    unsigned step;
    unsigned of; /* 0: it is none of a row of steps */
    const char *title;
    const char *who;   /* acts */
    const char *what;  /* they do; paragraphs parted by an empty line */
    const char *wrong; /* what can go wrong, and what then; or NULL */
    const char *stop;  /* how to stop safely */
};

enum qrt_secret_kind {
    QRT_SECRET_PASSPHRASE,   /* of a new badge */
    QRT_SECRET_WALLET,       /* a new badge's wallet code */
    QRT_SECRET_NEW_PASSWORD, /* of an account, generated: to be set there */
    QRT_SECRET_PASSWORD,     /* of an account, opened */
    QRT_SECRET_CODE,         /* of an account's MFA device: the present one and the next */
    QRT_SECRET_SEED,         /* of that device itself */
    QRT_SECRET_TEXT,         /* lines: what is kept of a device, of questions, a note */
};

/* A secret on its way out to whom it belongs. */
struct qrt_handout {
    enum qrt_secret_kind kind;
    const char *name;                /* of a text: device, questions, note */
    const char *owner;               /* a person's or an account's id */
    const char *who;                 /* types it or writes it down, in words */
    const struct qrt_secret *secret; /* text; of codes NULL … */
    const struct qrt_totp *totp;     /* … since they are made of this, when they are shown */
    int64_t clock_offset_s;          /* attested time minus the machine's */
};

/* A card as it was presented: the texts of its codes, or typed words. */
struct qrt_presented {
    const char *name;        /* of the file or prompt; public */
    const char *how;         /* "code" or "words" */
    const char *unreadable;  /* why nothing could be read, or NULL */
    struct qrt_secret bytes; /* texts, a NUL behind each */
    size_t texts;
    bool damaged; /* one of the card's two codes could not be read */
};

struct qrt_verdict {
    const char *name;
    uint32_t serial;    /* 0: unknown */
    const char *result; /* accepted, damaged, refused */
    enum qrt_card_reason reason;
    const char *why; /* the place and cause in words, or "" */
};

struct qrt_ui {
    void *ctx;
    /* A person sits before it. Then pages are read, a wrong answer may be given
     * again, and a secret is shown to an eye when its turn comes; a script gets
     * all secrets of a ceremony at once, when they are in the log. */
    bool person;
    /* Sheets go to a printer, and never into files. */
    bool prints;
    enum qrt_paper paper; /* of the sheets that are handed over */

    enum qrt_code (*ask_line)(void *ctx, struct qrt_buf *out, const struct qrt_question *question,
                              struct qrt_err *err);
    /* *out is inited by the call, and has room for a NUL behind the text. */
    enum qrt_code (*ask_secret)(void *ctx, struct qrt_secret *out,
                                const struct qrt_question *question, struct qrt_err *err);
    /* The name of the item at that index in a list of answers that has names
     * ("badges"); QRT_E_NOT_FOUND. */
    enum qrt_code (*member)(void *ctx, struct qrt_buf *out, const char *key, size_t index,
                            struct qrt_err *err);
    /* Tells a line to the people in the room. */
    void (*tell)(void *ctx, const char *line);

    /* Can sheets be handed over? Asked before anything is written. A printer
     * that keeps what it printed will do only if that is taken. */
    enum qrt_code (*ready_to_deliver)(void *ctx, bool keeping_taken, struct qrt_err *err);
    /* Hands a finished sheet over; `where` gets the place it went to. */
    enum qrt_code (*deliver)(void *ctx, struct qrt_buf *where, const char *name,
                             const struct qrt_secret *pdf, struct qrt_err *err);

    /* The next card; QRT_E_NOT_FOUND when no more come. `enough`: none is missing. */
    enum qrt_code (*next_card)(void *ctx, struct qrt_presented *card, bool enough,
                               struct qrt_err *err);
    void (*answer_card)(void *ctx, const struct qrt_verdict *verdict);

    /* Can secrets be handed out at all? Asked before anything is written; a
     * practice vault takes more kinds of places. */
    enum qrt_code (*ready_to_release)(void *ctx, bool practice, struct qrt_err *err);
    /* Hands secrets out. *shown_s is for how long they stood there. */
    enum qrt_code (*release)(void *ctx, uint64_t *shown_s, const struct qrt_handout *handouts,
                             size_t handouts_len, struct qrt_err *err);

    /* Of a person only. */
    void (*page)(void *ctx, const struct qrt_page *page);
    /* Tells what was wrong with an answer; true if it may be given again. */
    bool (*again)(void *ctx, enum qrt_code code, const struct qrt_err *err);
    /* Waits for Enter. */
    enum qrt_code (*wait)(void *ctx, const char *words, struct qrt_err *err);
    enum qrt_code (*confirm)(void *ctx, bool *yes, const char *words, struct qrt_err *err);
    /* One of the options, by its number; *choice is 0 for the first. */
    enum qrt_code (*choose)(void *ctx, size_t *choice, const char *words,
                            const char *const *options, size_t options_len, struct qrt_err *err);
    /* The same; Enter alone is QRT_E_NOT_FOUND. */
    enum qrt_code (*choose_or_back)(void *ctx, size_t *choice, const char *words,
                                    const char *const *options, size_t options_len,
                                    struct qrt_err *err);
};

void qrt_presented_wipe(struct qrt_presented *card);
#define QRT_PRESENTED __attribute__((cleanup(qrt_presented_wipe))) struct qrt_presented

/* May the answer that brought this error be given again? Never by a script. */
bool qrt_ui_again(const struct qrt_ui *ui, enum qrt_code code, const struct qrt_err *err);
/* Shows a page, to a person. */
void qrt_ui_page(const struct qrt_ui *ui, const struct qrt_page *page);
/* The same where lines, each ended by LF, follow what is to be done, maybe more
 * than a screen holds: as many pages as they need, and Enter between them. The
 * last is left for what the caller asks. Public, and escaped. */
enum qrt_code qrt_ui_pages(const struct qrt_ui *ui, const struct qrt_page *page, const char *lines,
                           struct qrt_err *err) QRT_MUST_USE;

#endif
