#include "vault/receipt_judge.h"

#include "log/inspect.h"
#include "log/predecessor.h"
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EVIDENCE_FILE "receipt"

const char *qrt_receipt_result_name(enum qrt_receipt_result result)
{
    switch (result) {
    case QRT_RECEIPT_SAME:
        return "same";
    case QRT_RECEIPT_OLDER:
        return "older";
    case QRT_RECEIPT_ROLLBACK:
        return "ROLLBACK";
    case QRT_RECEIPT_FORK:
        return "FORK";
    case QRT_RECEIPT_REFUSED:
        break;
    }
    return "refused";
}

bool qrt_receipt_agrees(const struct qrt_receipt_judgement *judgement)
{
    return judgement->result == QRT_RECEIPT_SAME || judgement->result == QRT_RECEIPT_OLDER;
}

/* What the log has to say of a receipt. */
struct holding {
    const struct qrt_receipt *receipt;
    struct qrt_frontier frontier;            /* stops at the receipt's size */
    uint8_t root[QRT_HASH_BYTES];            /* of the entries up to there … */
    bool reached;                            /* … if there are as many */
    struct qrt_vkey key;                     /* announced for the receipt's epoch … */
    bool announced;                          /* … if it was */
    uint64_t former;                         /* entries of the logs before */
    uint64_t epoch;                          /* of the checkpoint of that size … */
    bool has_checkpoint;                     /* … if there is one */
    char forged[QRT_KEY_NAME_MAX_CHARS + 1]; /* a signature that is not good, or "" */
};

static void take_key(struct holding *holding, const struct qrt_entry *entry, const char *key)
{
    struct qrt_span value;
    holding->announced = qrt_entry_get(entry, key, &value) &&
                         qrt_vkey_parse(&holding->key, value.data, value.len_bytes, NULL) == QRT_OK;
}

static bool walk(void *ctx, const struct qrt_entry *entry)
{
    struct holding *holding = ctx;
    uint64_t size = holding->receipt->checkpoint.size;
    uint64_t epoch = holding->receipt->epoch;
    if (!holding->reached) {
        uint8_t leaf[QRT_HASH_BYTES];
        qrt_tree_leaf(leaf, entry->text.data, entry->text.len_bytes);
        qrt_frontier_add(&holding->frontier, leaf);
        holding->reached = holding->frontier.size == size;
    }
    if (entry->event->id == QRT_EV_GENESIS && epoch == 0) {
        take_key(holding, entry, "first-key");
    } else if (entry->event->id == QRT_EV_CHECKPOINT_KEY && epoch > 0 &&
               entry->epoch == epoch - 1) {
        take_key(holding, entry, "next-key");
    }
    return !holding->reached || !holding->announced;
}

/* The log of that origin: the vault's, or one that it continues; NULL if there
 * is none. */
static struct qrt_log *log_of(struct qrt_vault *vault, const char *origin)
{
    struct qrt_log *log = &vault->log;
    while (log != NULL && strcmp(log->origin, origin) != 0) {
        log = log->predecessor;
    }
    return log;
}

static enum qrt_code find_checkpoint(struct qrt_buf *note, uint64_t *epoch, bool *found,
                                     struct qrt_log *log, uint64_t size, struct qrt_err *err)
{
    QRT_STATEMENT *find = NULL;
    *found = false;
    if (log->db == NULL || size > log->head.size) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_db_prepare(
        &find, log->db, "SELECT epoch, note FROM log_checkpoint WHERE size = ?1", err);
    if (code != QRT_OK) {
        return code;
    }
    sqlite3_bind_int64(find, 1, (sqlite3_int64)size);
    int rc = sqlite3_step(find);
    if (rc == SQLITE_ROW) {
        *found = true;
        *epoch = (uint64_t)sqlite3_column_int64(find, 0);
        qrt_buf_add(note, sqlite3_column_blob(find, 1), (size_t)sqlite3_column_bytes(find, 1));
        return qrt_buf_check(note, err);
    }
    return rc == SQLITE_DONE ? QRT_OK : qrt_db_fail(log->db, "reading its checkpoints", err);
}

/* The badge of this very key, whether or not it is still in force. */
static const struct qrt_badge_row *badge_of(const struct qrt_state *state,
                                            const struct qrt_note_signature *line)
{
    for (size_t i = 0; i < state->badges.len; i++) {
        const struct qrt_badge_row *badge = QRT_ROW(state, badges, qrt_badge_row, i);
        if (badge->key.id == line->id && strcmp(badge->key.name, line->name) == 0) {
            return badge;
        }
    }
    return NULL;
}

static void check_signatures(struct qrt_receipt_judgement *judgement, struct holding *holding,
                             const struct qrt_state *state)
{
    const struct qrt_receipt *receipt = holding->receipt;
    judgement->log_signed =
        holding->announced && qrt_note_verify(&receipt->note, &holding->key, NULL);
    if (!judgement->log_signed) {
        memcpy(holding->forged, receipt->checkpoint.origin, sizeof receipt->checkpoint.origin);
    }
    bool seen_log = false;
    for (size_t i = 0; i < receipt->note.signatures_len; i++) {
        const struct qrt_note_signature *line = &receipt->note.signatures[i];
        bool log = strcmp(line->name, receipt->checkpoint.origin) == 0;
        const struct qrt_badge_row *badge = badge_of(state, line);
        /* A stolen badge that was voided since must raise no alarm. */
        if (badge != NULL &&
            qrt_badge_in_force(badge, holding->former + receipt->checkpoint.size) &&
            qrt_note_verify(&receipt->note, &badge->key, NULL)) {
            memcpy(judgement->cosigners[judgement->cosigners_len++], badge->person,
                   sizeof badge->person);
        } else if (!log || seen_log) {
            memcpy(holding->forged, line->name, sizeof line->name);
        }
        seen_log = seen_log || log;
    }
}

static void conclude(struct qrt_receipt_judgement *judgement, enum qrt_receipt_result result,
                     const char *format, ...) QRT_PRINTF(3, 4);

static void conclude(struct qrt_receipt_judgement *judgement, enum qrt_receipt_result result,
                     const char *format, ...)
{
    va_list args;
    judgement->result = result;
    va_start(args, format);
    vsnprintf(judgement->why, sizeof judgement->why, format, args);
    va_end(args);
}

static void compare(struct qrt_receipt_judgement *judgement, const struct holding *holding,
                    uint64_t log_size)
{
    const struct qrt_checkpoint *said = &holding->receipt->checkpoint;
    unsigned long long theirs = said->size;
    unsigned long long ours = log_size;
    bool same_root = holding->reached && memcmp(holding->root, said->root, sizeof said->root) == 0;
    if (theirs > ours && judgement->cosigners_len > 0) {
        conclude(judgement, QRT_RECEIPT_ROLLBACK, "the receipt is of size %llu, the log has %llu",
                 theirs, ours);
    } else if (theirs > ours) {
        conclude(
            judgement, QRT_RECEIPT_REFUSED,
            "a receipt larger than the log that no known badge cosigned; if it is genuine, the "
            "log was set back to before its badges: compare other receipts");
    } else if ((!same_root || !holding->has_checkpoint) && judgement->cosigners_len > 0) {
        conclude(judgement, QRT_RECEIPT_FORK,
                 same_root ? "the log was never signed at size %llu, as the receipt says"
                           : "the log does not continue the receipt of size %llu",
                 theirs);
    } else if (!same_root || !holding->has_checkpoint) {
        /* Whoever types a digit wrong, or makes a receipt up, shows no tampering. */
        conclude(judgement, QRT_RECEIPT_REFUSED,
                 "not what the log had at size %llu, and no known badge cosigned it", theirs);
    } else if (holding->epoch != holding->receipt->epoch) {
        /* No signature covers the number of the epoch. */
        conclude(judgement, QRT_RECEIPT_REFUSED, "a receipt whose epoch is not its checkpoint's");
    } else if (holding->forged[0] != '\0') {
        conclude(judgement, QRT_RECEIPT_REFUSED, "forged: it has no good signature of %s",
                 holding->forged);
    } else {
        judgement->result = theirs == ours ? QRT_RECEIPT_SAME : QRT_RECEIPT_OLDER;
    }
}

/* What a receipt of a former log means to the one that continues it. */
static void tell_continued(struct qrt_receipt_judgement *judgement)
{
    if (judgement->result == QRT_RECEIPT_SAME) {
        judgement->result = QRT_RECEIPT_OLDER;
    } else if (judgement->result == QRT_RECEIPT_ROLLBACK) {
        char said[sizeof judgement->why];
        memcpy(said, judgement->why, sizeof said);
        conclude(judgement, QRT_RECEIPT_ROLLBACK, "%.70s when it was continued: entries were lost",
                 said);
    }
}

enum qrt_code qrt_receipt_judge(struct qrt_receipt_judgement *judgement,
                                const struct qrt_receipt *receipt, struct qrt_vault *vault,
                                struct qrt_err *err)
{
    struct holding holding = {.receipt = receipt};
    struct qrt_log *log = log_of(vault, receipt->checkpoint.origin);
    QRT_BUF note = {0};
    *judgement = (struct qrt_receipt_judgement){0};
    if (memcmp(receipt->vault_id, vault->log.vault_id, sizeof receipt->vault_id) != 0) {
        conclude(judgement, QRT_RECEIPT_REFUSED, "a receipt of another vault");
        return QRT_OK;
    }
    if (log == NULL) {
        conclude(judgement, QRT_RECEIPT_REFUSED, "a receipt of another log");
        return QRT_OK;
    }
    holding.former = qrt_predecessor_entries(log);
    enum qrt_code code = qrt_log_each_entry(log, walk, &holding, err);
    if (code == QRT_OK) {
        qrt_frontier_root(&holding.frontier, holding.root);
        code = find_checkpoint(&note, &holding.epoch, &holding.has_checkpoint, log,
                               receipt->checkpoint.size, err);
    }
    if (code == QRT_OK) {
        check_signatures(judgement, &holding, &vault->state);
        compare(judgement, &holding, log->head.size);
        if (log != &vault->log) {
            tell_continued(judgement);
        }
    }
    return code;
}

enum qrt_code qrt_receipt_save(char name[static QRT_EVIDENCE_NAME_CHARS + 1],
                               const struct qrt_receipt *receipt, const struct qrt_receipt *other,
                               struct qrt_vault *vault, struct qrt_err *err)
{
    QRT_BUF text = {0};
    QRT_BUF other_text = {0};
    QRT_BUF note = {0};
    uint64_t epoch;
    bool found;
    enum qrt_code code;
    struct qrt_log *log = log_of(vault, receipt->checkpoint.origin);
    if ((code = qrt_receipt_text(&text, receipt, err)) != QRT_OK ||
        (other != NULL && (code = qrt_receipt_text(&other_text, other, err)) != QRT_OK) ||
        (code = find_checkpoint(&note, &epoch, &found, log, receipt->checkpoint.size, err)) !=
            QRT_OK) {
        return code;
    }
    const struct qrt_buf *ours = found ? &note : &log->note;
    qrt_buf_text(&text, "\n");
    qrt_buf_text(&other_text, "\n");
    if ((code = qrt_buf_check(&text, err)) != QRT_OK ||
        (code = qrt_buf_check(&other_text, err)) != QRT_OK) {
        return code;
    }
    struct qrt_evidence_file files[] = {
        {EVIDENCE_FILE, text.data, text.len_bytes},
        {"checkpoint", ours->data, ours->len_bytes},
        {"receipt-2", other_text.data, other_text.len_bytes},
    };
    return qrt_evidence_put(name, vault->log.dir_fd, files, other != NULL ? 3 : 2, err);
}

bool qrt_receipt_is_evidence(const struct qrt_vault *vault, const char *folder)
{
    char path[QRT_EVIDENCE_NAME_CHARS + sizeof "/" EVIDENCE_FILE];
    int n = snprintf(path, sizeof path, "%s/%s", folder, EVIDENCE_FILE);
    return n > 0 && (size_t)n < sizeof path &&
           faccessat(vault->log.dir_fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
