/* The views of the log in memory: people, badges, keys, cards, accounts,
 * items, ceremonies. Replay builds them, a commit goes on from them, and the
 * database's tables are compared with them. All of it is public. */
#ifndef QRT_VAULT_STATE_H
#define QRT_VAULT_STATE_H

#include "log/record.h"
#include "log/views.h"
#include "vault/policy.h"
#include <quorate/group.h>

#define QRT_ID_CHARS   32
#define QRT_NAME_BYTES 204 /* 50 characters of UTF-8, and a NUL */
#define QRT_MAIL_BYTES 65
#define QRT_WORD_BYTES 33
#define QRT_BAG_BYTES  33
#define QRT_NEVER      (-1)

/* The first member of every row: to be written at the next store. */
struct qrt_person {
    bool dirty;
    char id[QRT_ID_CHARS + 1];
    char roles[64];
    int64_t gone;
    int64_t receipt;        /* the last close of which they were to get one, or QRT_NEVER … */
    int64_t receipt_unix_s; /* … and its time */
};

struct qrt_badge_row {
    bool dirty;
    char person[QRT_ID_CHARS + 1];
    char vkey[QRT_VKEY_MAX_CHARS + 1];
    int64_t issued;
    uint8_t stored[QRT_HASH_BYTES]; /* digest of its document; zero: on a card only */
    int64_t voided;
    struct qrt_vkey key;
    bool awaited; /* its `badge-issued` may still come, in this epoch */
    bool proves;  /* its owner must have cosigned this epoch with it */
};

struct qrt_key_row {
    bool dirty;
    int64_t generation;
    int64_t identifier;
    uint8_t key_check[QRT_HASH_BYTES];
    uint8_t group_check[QRT_GROUPS][QRT_HASH_BYTES];
    uint8_t deposit_key[32];
    uint8_t recovery_key[32];
    uint8_t authority_key[32];
    int64_t created;
    int64_t began; /* in force from this entry on; QRT_NEVER: a re-key's, that is not over */
    int64_t ended; /* given up at this entry, or QRT_NEVER */
};

struct qrt_edition {
    bool dirty;
    int64_t generation;
    char group_name[QRT_WORD_BYTES];
    int64_t edition;
    int64_t threshold;
    uint8_t issuing_key[32];
    int64_t since; /* of its generation's editions it is the one in force from there on;
                      QRT_NEVER: its cards were not all handed over */
};

struct qrt_card_row {
    bool dirty;
    int64_t serial; /* its number in the list + 1 */
    int64_t generation;
    char group_name[QRT_WORD_BYTES];
    int64_t edition;
    int64_t member_index;
    char custodian[QRT_ID_CHARS + 1];
    uint8_t commitment[QRT_HASH_BYTES];
    uint8_t issuing_key[32];
    int64_t replaces; /* the serial of a card with the same share, or 0 */
    int64_t issued;
    int64_t proved;
    int64_t suspect; /* its bag was not found as it should be */
    int64_t voided;
    int64_t destroyed;
    int64_t proved_unix_s; /* of that entry */
};

struct qrt_bag {
    bool dirty;
    char bag[QRT_BAG_BYTES];        /* its number, as it is printed on it */
    int64_t serial;                 /* of the card in it; 0: none */
    char account[QRT_ID_CHARS + 1]; /* whose device is in it, or "" */
    char site[QRT_ID_CHARS + 1];
    char safe[QRT_ID_CHARS + 1];
    int64_t sealed;
    int64_t placed;              /* there: by its sealing, or a move */
    int64_t opened;              /* its card was read or destroyed, or lies in another bag since */
    int64_t checked;             /* last … */
    char result[QRT_WORD_BYTES]; /* … and so it was found: a word of vault/bag.h, or "" */
    int64_t placed_unix_s;       /* of those entries */
    int64_t checked_unix_s;
};

struct qrt_account {
    bool dirty;
    char id[QRT_ID_CHARS + 1];
    char name[QRT_NAME_BYTES];
    char email[QRT_MAIL_BYTES];
    char strategy[QRT_WORD_BYTES]; /* a word of vault/account.h, or "": a founding's */
    int64_t closed;
    int64_t added_unix_s; /* the time of its entry */
};

struct qrt_item_row {
    bool dirty;
    int64_t serial; /* its number in the list + 1 */
    char account[QRT_ID_CHARS + 1];
    char kind[QRT_WORD_BYTES];
    int64_t generation;
    uint8_t ciphertext[QRT_HASH_BYTES]; /* of the deposit, until it is sealed */
    int64_t deposited;                  /* or QRT_NEVER: it was sealed at once */
    int64_t sealed;                     /* or QRT_NEVER: the deposit waits */
    int64_t confirmed;
    int64_t superseded; /* by this item's serial, or QRT_NEVER */
    int64_t deleted;    /* or QRT_NEVER; of a deposit: refused */
    int64_t carries;    /* the serial of the former generation's item whose secret it has, or 0 */
    int64_t carried;    /* by the item of this serial, in the generation created last, or 0 */
    size_t document;    /* its row among the documents */
};

/* A session that lasts over several commands. */
struct qrt_sitting {
    bool dirty;
    int64_t opened;
    int64_t closed;
    int64_t time_unix_s; /* of its opening */
    int64_t clock_offset_s;
    size_t presences_from; /* the row at which its presences begin */
};

/* Somebody or something of such a session: the last that is known of it. */
#define QRT_PERSON      "person"
#define QRT_THING       "thing"
#define QRT_THING_BYTES 201
struct qrt_presence {
    bool dirty;
    int64_t session; /* where it was opened */
    char kind[QRT_WORD_BYTES];
    char name[QRT_THING_BYTES];
    char person[QRT_ID_CHARS + 1];    /* who took the thing out or brought it back; or "" */
    char whereabouts[QRT_WORD_BYTES]; /* "here", "outside", "settled": it does not come back */
    int64_t since;
    int64_t time_unix_s; /* of that entry */
};

struct qrt_ceremony {
    bool dirty;
    int64_t intent;
    char name[QRT_WORD_BYTES];
    char account[QRT_ID_CHARS + 1];
    char actor[QRT_ID_CHARS + 1];
    int64_t outcome;
    char result[QRT_WORD_BYTES];
    char group_name[QRT_WORD_BYTES]; /* that its intent names, or "" */
    int64_t time_unix_s;             /* of its outcome */
};

/* An access drill (docs/formats/drill.md), beside its ceremony. */
struct qrt_drill {
    bool dirty;
    int64_t intent;
    char level[QRT_WORD_BYTES];
    char group_name[QRT_WORD_BYTES]; /* of a group drill, or "" */
    int64_t quorum;                  /* the card that completed it, or QRT_NEVER */
    int64_t refused;                 /* cards, but for slips that the next try mends */
    int64_t seals;                   /* checked in it … */
    int64_t seals_wrong;             /* … and found otherwise than whole */
    int64_t actions_open;            /* when it began */
    int64_t begun_unix_s;
    int64_t quorum_unix_s;
};

/* What a drill said of a card (its serial in digits) or a person. */
struct qrt_grade {
    bool dirty;
    int64_t intent;
    char subject[QRT_ID_CHARS + 1];
    char grade[QRT_WORD_BYTES];
    int64_t graded;
    int64_t time_unix_s; /* of that entry */
};

/* Something to be improved. */
#define QRT_ACTION_TEXT_BYTES 401
struct qrt_action {
    bool dirty;
    int64_t number; /* its place in the list + 1 */
    char owner[QRT_ID_CHARS + 1];
    char due[11]; /* YYYY-MM-DD */
    char text[QRT_ACTION_TEXT_BYTES];
    int64_t intent; /* of the drill in which it was opened, or QRT_NEVER */
    int64_t opened;
    int64_t closed;
    char done[QRT_ACTION_TEXT_BYTES]; /* what was done, or "" */
    int64_t due_unix_s;               /* the beginning of that day */
};

/* A row of the register (docs/formats/register.md); one whose value is "" was
 * taken away. */
#define QRT_REGISTER_NAME_BYTES  66
#define QRT_REGISTER_VALUE_BYTES 2048
struct qrt_register_row {
    bool dirty;
    char reg[QRT_WORD_BYTES];
    char name[QRT_REGISTER_NAME_BYTES];
    char value[QRT_REGISTER_VALUE_BYTES]; /* KEY=VALUE, an LF behind each */
    int64_t changed;
    int64_t time_unix_s; /* of that entry */
};

/* What somebody attested last of a channel (docs/formats/review.md). */
#define QRT_CHANNEL_BYTES        100
#define QRT_REVIEW_MESSAGE_BYTES 320
struct qrt_review_row {
    bool dirty;
    char person[QRT_ID_CHARS + 1];
    char channel[QRT_CHANNEL_BYTES];
    char result[QRT_WORD_BYTES];
    int64_t signed_at;
    int64_t time_unix_s; /* of that entry */
};

/* A review's signature, until the epoch ends. */
struct qrt_review_due {
    uint64_t index;
    struct qrt_vkey key;
    uint8_t signature[QRT_SIGNATURE_BYTES];
    char message[QRT_REVIEW_MESSAGE_BYTES];
};

/* What happened that asks for a review of everything (docs/formats/review.md). */
#define QRT_TRIGGER_BYTES 100
struct qrt_trigger {
    int64_t place; /* of that entry */
    int64_t time_unix_s;
    char cause[QRT_TRIGGER_BYTES]; /* in words, with ids */
    int64_t back_from_unix_s;      /* the time before it, where the log's goes back; else 0 */
};

/* Somebody's way through a runbook, step by step. */
struct qrt_walk {
    bool dirty;
    char runbook[QRT_ID_CHARS + 1];
    char account[QRT_ID_CHARS + 1]; /* or "" */
    uint8_t digest[QRT_HASH_BYTES]; /* of the text that is walked */
    int64_t step;                   /* that was recorded last … */
    int64_t steps;                  /* … of so many */
    int64_t began;
    int64_t latest;
    int64_t ended;       /* with its last step or before; or QRT_NEVER */
    int64_t time_unix_s; /* of the latest entry */
};

/* A document that an entry names. */
struct qrt_named_document {
    uint8_t digest[QRT_HASH_BYTES];
    char kind[QRT_DOCUMENT_KIND_CHARS + 1];
    bool gone;  /* a later entry lets it go … */
    bool erase; /* … and it still stands in the table */
};

struct qrt_rows {
    void *data;
    size_t len;
    size_t capacity;
};

struct qrt_group_rule {
    unsigned threshold;
    unsigned count;
    char ids[QRT_GROUP_MEMBERS_MAX][QRT_ID_CHARS + 1];
};

/* Who appends to an epoch. */
struct qrt_epoch_actor {
    char id[QRT_ID_CHARS + 1];
    bool unfit;          /* no operator with a badge, when it was read … */
    uint64_t unfit_from; /* … from this entry on; a take-over may make them one */
};

/* What the epoch being read asks of its checkpoint. */
struct qrt_epoch_rule {
    struct qrt_epoch_actor actors[8];
    size_t actors_len;
    unsigned badges; /* different people who must have cosigned */
    bool continues;  /* it has the genesis of a successor … */
    bool continued;  /* … which both quorums made */
    bool takes_over; /* it has the intent of a take-over … */
    bool taken_over; /* … which both quorums made: no second badge is asked for then */
    bool second;     /* the session's second person must have cosigned */
    bool begun;
    uint64_t first_index;
    uint64_t last_index;
    bool people;                           /* somebody was added or changed, by a policy … */
    uint64_t people_at;                    /* … from this entry on … */
    uint8_t people_policy[QRT_HASH_BYTES]; /* … of this digest, which is to come */
    bool regrouped[QRT_GROUPS];            /* a policy has another group, whose new shares … */
    uint64_t regrouped_at[QRT_GROUPS];     /* … are to come; there */
    bool key_created;
    size_t editions[QRT_GROUPS]; /* its edition of a group: the row + 1, or 0 */
    bool key_began;              /* a re-key's key took force */
    bool abandoned;
    int64_t given_up;           /* the generation that was, or 0 */
    int64_t genesis_generation; /* whose authority signed a successor's genesis, or 0 */
    bool closed;          /* a session: everyone who was there with a badge must have cosigned */
    bool excepted;        /* an exception says why fewer than the policy's number did … */
    uint64_t excepted_at; /* … there */
    bool ends_sitting;    /* a session is opened while another lasts: quorums may … */
    uint64_t ended_at;    /* … there */
};

/* What a policy-changed sets. */
struct qrt_rules {
    uint8_t policy_digest[QRT_HASH_BYTES];
    struct qrt_group_rule groups[QRT_GROUPS];
    unsigned cosignatures;
    bool second_person;
};

struct qrt_state {
    struct qrt_rows people;
    struct qrt_rows badges;
    struct qrt_rows keys;
    struct qrt_rows editions;
    struct qrt_rows cards;
    struct qrt_rows bags;
    struct qrt_rows accounts;
    struct qrt_rows items;
    struct qrt_rows ceremonies;
    struct qrt_rows sittings;
    struct qrt_rows presences;
    struct qrt_rows drills;
    struct qrt_rows grades;
    struct qrt_rows actions;
    struct qrt_rows registers;
    struct qrt_rows reviews;
    struct qrt_rows reviews_due; /* of the epoch at hand */
    struct qrt_rows triggers;    /* of struct qrt_trigger, as they came; no table has them */
    struct qrt_rows walks;
    struct qrt_rows documents; /* of struct qrt_named_document */
    bool erases;               /* some are to be erased at the next store */
    struct qrt_rows evidence;  /* digests of evidence folders that entries name */
    struct qrt_rows closers;   /* ids of those who must have cosigned the close at hand */
    struct qrt_faults notices; /* no faults, but to be told */
    struct qrt_rows *lost;     /* NULL, or takes the digests of deposits that are missing or
                                  changed, which are no faults then; borrowed, kept by reset */
    bool spares_items;         /* and of items; kept by reset */
    size_t *account_slots;     /* hash of id -> row + 1 */
    size_t account_slots_len;

    char origin[QRT_ORIGIN_MAX_CHARS + 1];
    char name[QRT_ORIGIN_MAX_CHARS + 1]; /* the vault's: the origin of its first log */
    unsigned logs;                       /* that were read: more than 1 for a successor */
    uint64_t former_entries;             /* of the logs before: rows count on from there */
    size_t former_badges;                /* of the logs before: never live */
    size_t former_documents;             /* they lie in the predecessors' databases */
    uint8_t vault_id[12];
    uint8_t policy_digest[QRT_HASH_BYTES];
    struct qrt_group_rule groups[QRT_GROUPS];
    unsigned cosignatures;
    bool second_person;
    bool practice;
    int64_t founded_unix_s;           /* the time of the first genesis */
    int64_t last_unix_s;              /* the last entry's */
    uint8_t software[QRT_HASH_BYTES]; /* over what the last session named of it; zero: nothing */
    bool session_closed;  /* one was, at any time: there can be receipts; the last … */
    uint64_t close_epoch; /* … in this epoch */

    /* The ceremony that is under way: what it made, pending until its outcome … */
    bool regroups;               /* cards that wait, or are pending, are of other groups … */
    struct qrt_rules rules_then; /* … and if they never count, these are in force again */
    size_t made_edition;         /* the row + 1, or 0 */
    size_t made_card;            /* the serial of the one that replaces another, or 0 */
    /* … and who has had a card accepted. */
    char accepted[QRT_GROUPS][QRT_GROUP_MEMBERS_MAX][QRT_ID_CHARS + 1];
    int64_t accepted_serials[QRT_GROUPS][QRT_GROUP_MEMBERS_MAX]; /* … and which */
    unsigned accepted_len[QRT_GROUPS];
    int64_t accepted_generation; /* of those cards; 0: none yet */
    char shows[8][QRT_WORD_BYTES];
    size_t shows_len;
    uint64_t outcome_epoch;

    struct qrt_epoch_rule epoch;
};

#define QRT_ROW(state, list, type, at) (&((struct type *)(state)->list.data)[at])

void qrt_state_free(struct qrt_state *state);

/* The functions that the log calls; ctx is the state. */
struct qrt_views qrt_state_views(struct qrt_state *state);

/* Look-ups; NULL if there is none. The live badge is the last unvoided one. */
const struct qrt_person *qrt_state_person(const struct qrt_state *state, const char *id);
const struct qrt_badge_row *qrt_state_badge(const struct qrt_state *state, const char *person);
/* Does the badge count over a log of that size, the logs before included? Not
 * before it was issued, and not where its voiding is covered. */
bool qrt_badge_in_force(const struct qrt_badge_row *badge, uint64_t size);
bool qrt_state_has_role(const struct qrt_state *state, const char *person, const char *role);
/* A person's roles, as bits of enum qrt_role; those that they had, if they left. */
unsigned qrt_state_roles(const struct qrt_person *person);
/* The key in force. */
const struct qrt_key_row *qrt_state_key(const struct qrt_state *state);
/* That of a re-key whose cards are not all proved yet; NULL if there is none. */
const struct qrt_key_row *qrt_state_pending_key(const struct qrt_state *state);
/* The last one of that generation, or NULL. */
const struct qrt_key_row *qrt_state_key_of(const struct qrt_state *state, int64_t generation);
/* Is every card of that generation issued? Issued and proved? */
bool qrt_state_cards_are_issued(const struct qrt_state *state, int64_t generation);
bool qrt_state_cards_are_proved(const struct qrt_state *state, int64_t generation);
/* How many cards make a group's quorum in that generation; 0: none do. */
unsigned qrt_state_threshold(const struct qrt_state *state, int64_t generation,
                             enum qrt_group group);
const struct qrt_card_row *qrt_state_card(const struct qrt_state *state, uint64_t serial);
/* Not void or destroyed, of the generation and the edition in force. */
bool qrt_state_card_is_live(const struct qrt_state *state, const struct qrt_card_row *card);
/* Does it wait for the outcome of the re-issue or replacement that made it? */
bool qrt_state_card_waits(const struct qrt_state *state, const struct qrt_card_row *card);
/* Is it on paper? Perhaps, if it is the first of its edition that was not issued:
 * it was being handed over when its ceremony broke off. */
bool qrt_state_card_may_exist(const struct qrt_state *state, const struct qrt_card_row *card);
/* "destroyed"; "void" (voided, or of a generation or edition before the one in
 * force); "suspect" (its bag was not found whole); "pending" (of a re-key that is,
 * or waiting); "live"; "created" (not handed over yet). */
const char *qrt_card_state_word(const struct qrt_state *state, const struct qrt_card_row *card);
/* Of a re-key that is pending, and not void? */
bool qrt_state_card_is_pending(const struct qrt_state *state, const struct qrt_card_row *card);
/* Of a generation or edition before the one in force? */
bool qrt_state_card_is_former(const struct qrt_state *state, const struct qrt_card_row *card);
/* Is it neither void nor destroyed, and was its bag found otherwise than whole? */
bool qrt_card_is_suspect(const struct qrt_card_row *card);
/* The bag of that number, as people read it (vault/bag.h). */
const struct qrt_bag *qrt_state_bag(const struct qrt_state *state, const char *number);
/* The bag in which a card, or an account's device, was sealed last; NULL if none. */
const struct qrt_bag *qrt_state_bag_of_card(const struct qrt_state *state, int64_t serial);
const struct qrt_bag *qrt_state_bag_of_device(const struct qrt_state *state, const char *account);
/* Was nothing sealed in another bag since? */
bool qrt_state_bag_is_last(const struct qrt_state *state, const struct qrt_bag *bag);
/* Was the card that lay in it destroyed? */
bool qrt_state_bag_is_done(const struct qrt_state *state, const struct qrt_bag *bag);
/* The same row, to be changed by an entry. */
struct qrt_bag *qrt_state_bag_row(struct qrt_state *state, const struct qrt_bag *bag);
/* A group's edition in force: of the generation in force, and of any. */
const struct qrt_edition *qrt_state_edition(const struct qrt_state *state, enum qrt_group group);
const struct qrt_edition *qrt_state_edition_of(const struct qrt_state *state, int64_t generation,
                                               enum qrt_group group);
/* The edition of that number, in force or not; NULL if there is none. */
const struct qrt_edition *qrt_state_edition_numbered(const struct qrt_state *state,
                                                     int64_t generation, enum qrt_group group,
                                                     int64_t edition);
/* The highest number that one has, in force or not: none is used again. */
int64_t qrt_state_last_edition(const struct qrt_state *state, int64_t generation,
                               enum qrt_group group);
/* How many cards of a group count: of the key and the edition in force, not void. */
unsigned qrt_state_live_cards(const struct qrt_state *state, enum qrt_group group);
const struct qrt_account *qrt_state_account(const struct qrt_state *state, const char *id);
/* Is it a deposit that waits to be adopted? */
bool qrt_item_waits(const struct qrt_item_row *item);
/* Is it sealed, not deleted, and of that generation? */
bool qrt_item_is_kept(const struct qrt_item_row *item, int64_t generation);
/* The latest item of that kind that is sealed, of the generation in force, or NULL. */
const struct qrt_item_row *qrt_state_item(const struct qrt_state *state, const char *account,
                                          const char *kind);
/* The one before it, if its ciphertext is still kept; or NULL. */
const struct qrt_item_row *qrt_state_former(const struct qrt_state *state,
                                            const struct qrt_item_row *item);
/* The next deposit that waits, from the row `from` on; NULL if there is none. */
const struct qrt_item_row *qrt_state_waiting(const struct qrt_state *state, size_t from);
/* A text of the origin that a successor of the log must have; the name, cut to
 * fit, and how many logs there are then. */
void qrt_state_next_origin(const struct qrt_state *state,
                           char out[static QRT_ORIGIN_MAX_CHARS + 1]);
/* A badge's key under the name that it has in a log of that origin. */
bool qrt_state_carry_key(struct qrt_vkey *vkey, const struct qrt_badge_row *badge,
                         const char *origin);
/* Appends what the genesis of a successor of that origin says of a person: id,
 * roles and key; "-" where there are none. */
void qrt_state_carry_person(struct qrt_buf *line, const struct qrt_state *state,
                            const struct qrt_person *person, const char *origin);
/* The walk through that runbook for that account ("": for none) that has not
 * ended, or NULL. */
const struct qrt_walk *qrt_state_walk(const struct qrt_state *state, const char *runbook,
                                      const char *account);
/* The last ceremony if it has no outcome yet. */
const struct qrt_ceremony *qrt_state_unfinished(const struct qrt_state *state);
/* Is the text one of a comma-joined list? */
bool qrt_state_list_has(const char *list, const char *word);

#endif
