/* The log alone, driven as the model drives it: one command, one line of what
 * came of it. Views that keep nothing, one operator.
 *
 * usage: log_driver found|look|add|cosign|mend DIR
 *   found   makes the log and its first commit
 *   look    opens it without a badge
 *   add     opens it with a badge, completes what is in flight, commits once
 *   cosign  the same, but cosigns the last commit instead, as somebody new
 *   mend    the same without either
 */
#include "crypto/hash.h"
#include "crypto/seal.h"
#include "log/log.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PERSON "operator-1"
#define ORIGIN "example.com/model"

static void reset(void *ctx)
{
    (void)ctx;
}

static enum qrt_code apply(void *ctx, const struct qrt_entry *entry, struct qrt_faults *faults,
                           struct qrt_err *err)
{
    (void)ctx;
    (void)entry;
    (void)faults;
    (void)err;
    return QRT_OK;
}

static enum qrt_code seal(void *ctx, uint64_t epoch, const struct qrt_note *note,
                          struct qrt_signatures *later, struct qrt_faults *faults,
                          struct qrt_err *err)
{
    (void)ctx;
    (void)epoch;
    (void)note;
    (void)later;
    (void)faults;
    (void)err;
    return QRT_OK;
}

static enum qrt_code store(void *ctx, sqlite3 *db, struct qrt_err *err)
{
    (void)ctx;
    (void)db;
    (void)err;
    return QRT_OK;
}

static enum qrt_code compare(void *ctx, sqlite3 *db, struct qrt_faults *faults, struct qrt_err *err)
{
    (void)ctx;
    (void)db;
    (void)faults;
    (void)err;
    return QRT_OK;
}

/* Everybody has a badge, whose seed comes of their name. */
static void badge_of(uint8_t key[static QRT_SIGN_KEY_BYTES], const char *person)
{
    uint8_t seed[QRT_HASH_BYTES];
    qrt_sha256(seed, person, strlen(person));
    qrt_sign_key(key, seed);
}

static bool vkey_of(void *ctx, const char *person, struct qrt_vkey *vkey)
{
    (void)ctx;
    uint8_t key[QRT_SIGN_KEY_BYTES];
    char name[128];
    badge_of(key, person);
    snprintf(name, sizeof name, "%s/%s", ORIGIN, person);
    return qrt_vkey_make(vkey, name, QRT_KEY_TYPE_COSIGN, qrt_sign_public(key), NULL) == QRT_OK;
}

static const struct qrt_views views = {NULL, reset, apply, seal, store, compare, vkey_of};
static uint8_t operator_key[QRT_SIGN_KEY_BYTES];

static enum qrt_code cosign(struct qrt_log *log, struct qrt_err *err)
{
    char person[24];
    uint8_t key[QRT_SIGN_KEY_BYTES];
    snprintf(person, sizeof person, "witness-%08x", randombytes_random());
    badge_of(key, person);
    struct qrt_cosigner cosigner = {person, key};
    return qrt_log_cosign(log, &cosigner, true, err);
}

/* An entry of more than a page, so that each commit makes the file longer. */
static enum qrt_code commit(struct qrt_log *log, bool genesis, struct qrt_err *err)
{
    struct qrt_draft draft = {0};
    struct qrt_cosigner cosigner = {PERSON, operator_key};
    char text[5001];
    enum qrt_code code = QRT_OK;
    qrt_draft_start(&draft, genesis ? QRT_EV_GENESIS : QRT_EV_SESSION_NOTED, PERSON);
    if (genesis) {
        char key[QRT_VKEY_MAX_CHARS + 1];
        code = qrt_log_current_vkey(log, key, err);
        qrt_draft_u64(&draft, "cosignatures", 1);
        qrt_draft_text(&draft, "first-key", key);
    } else {
        memset(text, 'x', sizeof text - 1);
        text[sizeof text - 1] = '\0';
        qrt_draft_text(&draft, "text", text);
    }
    if (code == QRT_OK) {
        code = qrt_log_commit(log, &draft, 1, NULL, 0, &cosigner, 1, err);
    }
    qrt_draft_free(&draft);
    return code;
}

static enum qrt_code found(struct qrt_log *log, const char *place, struct qrt_err *err)
{
    uint8_t box[QRT_BOX_PUBLIC_BYTES];
    enum qrt_code code = qrt_log_create(log, place, ORIGIN, &views, err);
    if (code == QRT_OK && qrt_box_public_from_sign(box, qrt_sign_public(operator_key))) {
        code = qrt_keystate_wrap(&log->key, PERSON, box, err);
    }
    return code == QRT_OK ? commit(log, true, err) : code;
}

int main(int argc, char **argv)
{
    struct qrt_log log = {.dir_fd = -1};
    struct qrt_err err = {0};
    if (argc != 3 || sodium_init() < 0) {
        return 2;
    }
    bool adds = strcmp(argv[1], "add") == 0;
    bool cosigns = strcmp(argv[1], "cosign") == 0;
    bool badge = adds || cosigns || strcmp(argv[1], "mend") == 0;
    badge_of(operator_key, PERSON);
    if (strcmp(argv[1], "found") == 0) {
        err.code = found(&log, argv[2], &err);
    } else {
        err.code = qrt_log_open(&log, argv[2], &views, &err);
    }
    if (err.code == QRT_OK && badge) {
        err.code = qrt_log_unlock(&log, PERSON, operator_key, &err);
    }
    /* Opened: what follows is no part of the verdict. */
    printf("%s%s\n%s%s\n", qrt_code_words(err.code), log.pending ? ", waiting" : "", err.what,
           log.reports.len_bytes > 0 ? qrt_buf_str(&log.reports) : "");
    fflush(stdout);
    if (err.code == QRT_OK && (adds || cosigns)) {
        err.code = adds ? commit(&log, false, &err) : cosign(&log, &err);
        printf("then: %s %s\n", qrt_code_words(err.code), err.what);
    }
    qrt_log_close(&log);
    return qrt_code_exit(err.code);
}
