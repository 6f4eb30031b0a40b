/* The commit protocol of docs/formats/log-key.md, step by step, over the
 * model's world; and the faults that can be planted in it. */
#ifndef MODEL_PROTOCOL_H
#define MODEL_PROTOCOL_H

#include "world.h"

enum fault {
    SIGN_EARLY,      /* sign before log.key holds the commit */
    SHOW_EARLY,      /* acknowledge before log.key holds the commit */
    NO_FOLDER_SYNC,  /* no directory fsync when log.key is replaced */
    NO_FILE_SYNC,    /* no fsync of the temporary */
    OVERWRITE_EARLY, /* overwrite the old log.key before the directory is synced */
    NO_STEP_1,       /* log.key never holds the commit */
    STEP_3_FIRST,    /* log.key moves on before the database is written */
    SYNCHRONOUS_OFF, /* SQLite syncs nothing */
    NO_OPENING_SYNC, /* judge what the kernel holds and the disk may not */
    NO_PARENT_SYNC,  /* a founding does not sync the directory above */
    PLAY_ALWAYS,     /* play a journal though no commit is in flight */
    PLAY_UNTRIED,    /* play a journal without trying it on a copy */
    HEADS_ALONE,     /* look at the last checkpoint, not at every row */
    REPLACE_PENDING, /* drop a commit in flight for a new one */
    NO_MARK,         /* put a lost commit back, and say nothing */
    COSIGN_UNTOLD,   /* a cosignature goes into the database, and log.key has none of it */
    FAULTS,
};

extern int planted; /* enum fault, or FAULTS for none */

/* Where rows that a journal does not hold stay as they are: a journal of other
 * commits than the database's last may still happen to leave a whole database. */
extern bool stray_journal_fits;

/* A file system that cannot exchange two files. */
extern bool only_renames;

enum verdict {
    NO_VAULT, /* exit 1: nothing there, or a file is gone */
    OPEN,
    WAITING, /* a commit is in flight or lost, and no badge is here to complete it */
    TAMPERED,
};

struct outcome {
    enum verdict verdict;
    bool completed, put_back;
    unsigned head; /* of the database, when open */
};

/* Opens; with a badge completes what is in flight. */
struct outcome protocol_open(struct world *w, bool badge);

/* One commit on a log opened with a badge. True if it was acknowledged. */
bool protocol_commit(struct world *w, unsigned head);

/* The last commit is cosigned by somebody, after it. */
bool protocol_cosign(struct world *w, unsigned head);

/* The first commit. False if the directory is not empty. */
bool protocol_found(struct world *w);

/* The program ends of itself. */
void protocol_close(struct world *w);

/* Is the database whole as a reader sees it? Its head in *head. */
bool protocol_whole(const struct world *w, unsigned *head);

#endif
