/* The seam between a ceremony and whoever performs it: a person at a terminal,
 * or a script that holds the answers. */
#ifndef QRT_CEREMONY_UI_H
#define QRT_CEREMONY_UI_H

#include "base/bytes.h"
#include <quorate/err.h>
#include <quorate/secret.h>

/* One thing asked. The key names it in answers ("badges.operator-1"); a
 * missing answer is QRT_E_USAGE with that name, or, if optional,
 * QRT_E_NOT_FOUND. */
struct qrt_question {
    const char *key;
    const char *words;
    bool optional;
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
    const char *reason; /* or NULL */
    const char *why;    /* the place and cause in words, or "" */
};

struct qrt_ui {
    void *ctx;
    enum qrt_code (*ask_line)(void *ctx, struct qrt_buf *out, const struct qrt_question *question,
                              struct qrt_err *err);
    /* *out is inited by the call. */
    enum qrt_code (*ask_secret)(void *ctx, struct qrt_secret *out,
                                const struct qrt_question *question, struct qrt_err *err);
    /* How many items a list of answers has ("receipts"). */
    size_t (*count)(void *ctx, const char *key);
    /* The name of the item at that index in a list of answers that has names
     * ("badges"); QRT_E_NOT_FOUND. */
    enum qrt_code (*member)(void *ctx, struct qrt_buf *out, const char *key, size_t index,
                            struct qrt_err *err);
    /* Tells a line to the people in the room. */
    void (*tell)(void *ctx, const char *line);
    /* Can sheets be handed over? Asked before anything is written. */
    enum qrt_code (*ready_to_deliver)(void *ctx, struct qrt_err *err);
    /* Hands a finished sheet over; `where` gets the place it went to. */
    enum qrt_code (*deliver)(void *ctx, struct qrt_buf *where, const char *name,
                             const struct qrt_secret *pdf, struct qrt_err *err);
    /* The next card; QRT_E_NOT_FOUND when no more come. */
    enum qrt_code (*next_card)(void *ctx, struct qrt_presented *card, struct qrt_err *err);
    void (*answer_card)(void *ctx, const struct qrt_verdict *verdict);
    /* Can secrets be handed out at all? Asked before anything is written; a
     * practice vault takes more kinds of places. */
    enum qrt_code (*ready_to_release)(void *ctx, bool practice, struct qrt_err *err);
    /* Hands secrets out: a JSON object in guarded memory. */
    enum qrt_code (*release)(void *ctx, const struct qrt_secret *json, struct qrt_err *err);
};

void qrt_presented_wipe(struct qrt_presented *card);
#define QRT_PRESENTED __attribute__((cleanup(qrt_presented_wipe))) struct qrt_presented

#endif
