/* The model's world: a vault's directory of four names on a disk that may
 * forget whatever was not synced, and beside it what a bystander knows: which
 * texts a key has signed, and which commits were acknowledged. */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include <stdbool.h>
#include <stdint.h>

/* A commit is known by a number, its text; 0 stands for the empty log. The key
 * that signs a text is the one that the text before it announced. A cosignature
 * that somebody adds to the last commit is a text too, behind that: the database
 * changes by it as it does by a commit, but no key of the log signs. */
enum { TEXTS = 8 };

enum name { KEY, TMP, DB, JNL, NAMES };

/* What a cell of a file holds. A file of a key has one cell; a database two
 * pages, each a text's number or 0 if it is not there yet; a journal a header
 * and its records. */
enum { TORN = 15 };
enum { KEY_EMPTY, KEY_WHOLE, KEY_ZEROS };
enum { HEADER_EMPTY, HEADER_OPEN, HEADER_FULL }; /* open: it counts no records yet */
enum { RECORDS_NONE, RECORDS_WHOLE };

enum record { RECORD_NONE, RECORD_PENDING, RECORD_KEPT, RECORD_RESTORING, RECORD_COSIGNING };

struct key {
    uint8_t record; /* enum record */
    uint8_t head;
    uint8_t text; /* of the record */
    uint8_t mark; /* a commit was put back, and no entry says so */
};

struct inode {
    uint8_t cell[2];   /* as programs read it */
    uint16_t maybe[2]; /* a bit for each value that the disk may hold */
    struct key key;
    uint8_t before, after; /* of a journal: the pages that it holds, the commit it belongs to */
};

/* A change of the directory that is not synced yet. */
struct change {
    uint8_t kind; /* enum change_kind */
    uint8_t name, inode;
    uint8_t other; /* of REPLACE: what TMP is then */
};
enum change_kind { BIND = 1, UNBIND, REPLACE };

enum { INODES = 8, CHANGES = 6, NOTHING = 0 }; /* inode 0 is none */

/* What an attacker has put by: the files as a program would have read them. */
struct copy {
    uint8_t there[NAMES];
    struct inode file[NAMES];
};

struct world {
    struct inode inode[INODES];
    uint8_t now[NAMES], synced[NAMES];
    struct change change[CHANGES];
    uint8_t changes;
    uint8_t folder; /* 0: none; 1: made, its parent not synced; 2: there */
    uint8_t parent[TEXTS];
    uint8_t cosignatures; /* bits of texts that are one */
    struct copy copy;
    uint8_t copied;

    /* What the bystander knows: bits of texts. */
    uint8_t signed_texts, acknowledged, naming; /* naming: says that a commit was put back */
    uint8_t owed;                               /* a commit was put back, and it must be told */
    uint8_t attacked, key_back;
    uint8_t row, copies, puts; /* interruptions in a row; acts of the attacker */
};

/* Between two steps: the search looks in. */
void world_moment(struct world *w);

/* Files. Each is one step, after which the machine may stop. */
unsigned world_create(struct world *w, enum name name);
void world_write(struct world *w, unsigned inode, unsigned cell, unsigned value);
void world_sync(struct world *w, unsigned inode);
void world_unlink(struct world *w, enum name name);
void world_replace_key(struct world *w, bool exchanges);
void world_sync_folder(struct world *w);
extern unsigned world_held; /* an inode that the program keeps open, or none */

/* Calls `each` for every state in which the disk may be after the power went. */
void world_power_cut(const struct world *w, void (*each)(const struct world *after));

/* Drops what nobody can reach, and orders what is left, so that equal worlds
 * are equal bytes. */
void world_tidy(struct world *w);

/* A bit for each text that anything in the world still names. */
uint8_t world_texts_in_use(const struct world *w);

/* A number for a new commit behind a text, 0 if all of the first `world_texts`
 * are taken. */
extern unsigned world_texts;
unsigned world_text_new(struct world *w, unsigned parent, bool cosignature);

/* The commit of a text: itself, or the one that it cosigns. */
unsigned world_commit_of(const struct world *w, unsigned text);

/* Whether a text stands in the history that ends with another. */
bool world_in_history(const struct world *w, unsigned text, unsigned head);

/* One line of what the world looks like, for people. */
void world_print(const struct world *w);

/* Notes a step of the program for --program. */
void world_told(const char *what, enum name name);

#endif
