#include "vault/vault.h"

#include "base/text.h"
#include "card/code.h"
#include "vault/apply.h"
#include "vault/pending.h"
#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void qrt_vault_close(struct qrt_vault *vault)
{
    if (vault->views.ctx != NULL) {
        qrt_log_close(&vault->log);
    }
    qrt_state_free(&vault->state);
    qrt_policy_free(&vault->policy);
    free(vault->unnamed.data);
    free(vault->lost.data);
    *vault = (struct qrt_vault){0};
}

static bool is_named(const struct qrt_state *state, const char *hex)
{
    uint8_t digest[QRT_HASH_BYTES];
    if (!qrt_text_unhex(digest, sizeof digest, hex, strlen(hex))) {
        return true; /* not a folder of ours */
    }
    for (size_t i = 0; i < state->evidence.len; i++) {
        if (memcmp((const uint8_t *)state->evidence.data + i * QRT_HASH_BYTES, digest,
                   sizeof digest) == 0) {
            return true;
        }
    }
    return false;
}

static enum qrt_code list_evidence(struct qrt_vault *vault, struct qrt_err *err)
{
    int fd = openat(vault->log.dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        return qrt_fail(err, QRT_E_IO, "listing the vault's directory");
    }
    enum qrt_code code = QRT_OK;
    const struct dirent *item;
    size_t prefix = strlen(QRT_EVIDENCE_PREFIX);
    while (code == QRT_OK && (item = readdir(dir)) != NULL) {
        if (strncmp(item->d_name, QRT_EVIDENCE_PREFIX, prefix) != 0 ||
            is_named(&vault->state, item->d_name + prefix)) {
            continue;
        }
        char *row = qrt_state_add_row(&vault->unnamed, QRT_EVIDENCE_ROW_BYTES);
        if (row == NULL) {
            code = qrt_fail(err, QRT_E_NOMEM, "listing the vault's directory");
        } else {
            memcpy(row, item->d_name, strlen(item->d_name) + 1);
            qrt_buf_printf(&vault->log.reports, "%s lies in the vault, and no entry names it yet\n",
                           row);
        }
    }
    closedir(dir);
    return code;
}

/* The genesis and its policy say the same, or somebody wrote one for show. */
static bool same_rules(const struct qrt_state *state, const struct qrt_policy *policy)
{
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        const struct qrt_group_rule *rule = &state->groups[group];
        const struct qrt_policy_group *said = &policy->groups[group];
        if (rule->threshold != said->threshold || rule->count != said->count) {
            return false;
        }
        for (unsigned i = 0; i < rule->count; i++) {
            if (strcmp(rule->ids[i], said->custodians[i]) != 0) {
                return false;
            }
        }
    }
    return strcmp(state->name, policy->origin) == 0 && state->practice == policy->practice &&
           state->second_person == policy->second_person &&
           state->cosignatures == policy->cosignatures;
}

/* The same people; and their roles are those of the log, which a take-over
 * changes without a policy. */
static bool take_people(const struct qrt_state *state, struct qrt_policy *policy)
{
    size_t here = 0;
    for (size_t i = 0; i < policy->people_count; i++) {
        struct qrt_policy_person *said = &policy->people[i];
        const struct qrt_person *person = qrt_state_person(state, said->id);
        if (person == NULL) {
            return false;
        }
        if (person->gone == QRT_NEVER) {
            here++;
            said->roles = qrt_state_roles(person);
        }
    }
    for (size_t i = 0; i < state->people.len; i++) {
        here -= QRT_ROW(state, people, qrt_person, i)->gone == QRT_NEVER ? 1 : 0;
    }
    return here == 0;
}

enum qrt_code qrt_vault_read_policy(struct qrt_vault *vault, struct qrt_err *err)
{
    QRT_BUF bytes = {0};
    qrt_policy_free(&vault->policy);
    enum qrt_code code = qrt_log_document(&vault->log, vault->state.policy_digest, &bytes, err);
    if (code == QRT_OK) {
        code = qrt_policy_parse_rules(&vault->policy, bytes.data, bytes.len_bytes, err);
    }
    if (code == QRT_OK && (!same_rules(&vault->state, &vault->policy) ||
                           !take_people(&vault->state, &vault->policy))) {
        code = qrt_fail(err, QRT_E_TAMPERED, "its rules or people are not those of the log");
    }
    if (code != QRT_OK) {
        qrt_err_prefix(err, "the vault's policy");
    }
    return code;
}

bool qrt_vault_has_lost(const struct qrt_vault *vault, const struct qrt_item_row *item)
{
    const uint8_t *lost = vault->lost.data;
    for (size_t i = 0; i < vault->lost.len; i++) {
        if (memcmp(lost + i * QRT_HASH_BYTES, item->ciphertext, QRT_HASH_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

/* Where items are lost, what is left of them is kept as it was found. */
static enum qrt_code report_lost(struct qrt_vault *vault, struct qrt_err *err)
{
    const struct qrt_state *state = &vault->state;
    char folder[QRT_EVIDENCE_NAME_CHARS + 1];
    for (size_t i = 0; i < state->items.len; i++) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        if (qrt_vault_has_lost(vault, item) && qrt_item_waits(item)) {
            qrt_buf_printf(&vault->log.reports,
                           "deposit %lld (%s of %s) is missing or damaged; it cannot be adopted\n",
                           (long long)item->serial, item->kind, item->account);
        } else if (qrt_vault_has_lost(vault, item)) {
            qrt_buf_printf(&vault->log.reports,
                           "the vault's copy of item %lld (%s of %s) is missing or damaged; its "
                           "sealed sheet puts it back\n",
                           (long long)item->serial, item->kind, item->account);
        }
    }
    return vault->lost.len == 0
               ? QRT_OK
               : qrt_evidence_save(folder, vault->log.dir_fd, QRT_EVIDENCE_ALL, err);
}

static enum qrt_code open_vault(struct qrt_vault *vault, const char *path, struct qrt_rows *lost,
                                bool items, struct qrt_err *err)
{
    *vault = (struct qrt_vault){0};
    vault->views = qrt_state_views(&vault->state);
    vault->state.lost = lost;
    vault->state.spares_items = items;
    enum qrt_code code = qrt_log_open(&vault->log, path, &vault->views, err);
    if (code == QRT_OK) {
        code = report_lost(vault, err);
    }
    if (code == QRT_OK) {
        code = list_evidence(vault, err);
    }
    if (code == QRT_OK && vault->state.logs > 0) {
        code = qrt_vault_read_policy(vault, err);
    }
    if (code != QRT_OK) {
        qrt_vault_close(vault);
    }
    return code;
}

enum qrt_code qrt_vault_open(struct qrt_vault *vault, const char *path, struct qrt_err *err)
{
    return open_vault(vault, path, NULL, false, err);
}

enum qrt_code qrt_vault_open_sparing(struct qrt_vault *vault, const char *path, bool items,
                                     struct qrt_err *err)
{
    return open_vault(vault, path, &vault->lost, items, err);
}

enum qrt_code qrt_vault_create(struct qrt_vault *vault, const char *path, const char *origin,
                               struct qrt_err *err)
{
    *vault = (struct qrt_vault){0};
    vault->views = qrt_state_views(&vault->state);
    enum qrt_code code = qrt_log_create(&vault->log, path, origin, &vault->views, err);
    if (code != QRT_OK) {
        qrt_vault_close(vault);
    }
    return code;
}

enum qrt_code qrt_vault_continue(struct qrt_vault *vault, const char *path, const char *from,
                                 struct qrt_err *err)
{
    *vault = (struct qrt_vault){0};
    vault->views = qrt_state_views(&vault->state);
    enum qrt_code code = qrt_log_continue(&vault->log, path, from, &vault->views, err);
    if (code == QRT_OK) {
        qrt_state_next_origin(&vault->state, vault->log.origin);
        qrt_state_end_of_log(&vault->state);
        code = qrt_vault_read_policy(vault, err);
    }
    if (code != QRT_OK) {
        qrt_vault_close(vault);
    }
    return code;
}

struct trial {
    struct qrt_vault *vault;
    const char *person;
    const struct qrt_secret *given;
    struct qrt_badge *badge;
    struct qrt_err *err;
    enum qrt_code code;
};

/* In force? Before the first commit is complete there is no view to ask. */
static enum qrt_code check_in_force(struct trial *trial)
{
    const struct qrt_vault *vault = trial->vault;
    uint8_t key[QRT_PUBLIC_BYTES] = {0}; /* no one's */
    if (vault->state.logs == 0) {
        return QRT_OK;
    }
    const struct qrt_badge_row *row = qrt_state_badge(&vault->state, trial->person);
    if (row != NULL) {
        memcpy(key, row->key.key, sizeof key);
    }
    (void)qrt_pending_badge(&vault->log, trial->person, key);
    if (memcmp(key, qrt_sign_public(trial->badge->key.data), sizeof key) != 0) {
        qrt_badge_wipe(trial->badge);
        return qrt_fail(trial->err, QRT_E_REFUSED, "the badge of %s is not in force",
                        trial->person);
    }
    return QRT_OK;
}

/* One stored badge: theirs, and opened by what they gave? */
static bool try_stored(void *ctx, const uint8_t *data, size_t len_bytes)
{
    struct trial *trial = ctx;
    char person[33];
    unsigned tuple;
    if (!qrt_badge_peek(person, &tuple, data, len_bytes) || strcmp(person, trial->person) != 0 ||
        tuple == QRT_KDF_NONE) {
        return true;
    }
    bool practice = trial->vault->state.practice || trial->vault->state.logs == 0;
    trial->code = qrt_badge_decode(trial->badge, data, len_bytes, trial->given->data,
                                   trial->given->len_bytes, practice, trial->err);
    if (trial->code == QRT_OK) {
        /* A void one may have had the same passphrase. */
        trial->code = check_in_force(trial);
    }
    return trial->code == QRT_E_REFUSED;
}

static enum qrt_code open_wallet(struct trial *trial)
{
    enum qrt_code code = qrt_badge_read_wallet(trial->badge, (const char *)trial->given->data,
                                               trial->given->len_bytes, trial->err);
    if (code == QRT_OK && strcmp(trial->badge->person, trial->person) != 0) {
        code = QRT_E_REFUSED;
    }
    if (code == QRT_E_REFUSED) {
        qrt_badge_wipe(trial->badge);
        return qrt_fail(trial->err, code, "that is no wallet card of %s", trial->person);
    }
    return code;
}

/* The stored badge in force is named by the log. While a commit is pending, or
 * where the person has none, every stored badge is looked at. */
static enum qrt_code open_stored(struct trial *trial)
{
    static const uint8_t none[QRT_HASH_BYTES];
    struct qrt_log *log = &trial->vault->log;
    const struct qrt_badge_row *row = qrt_state_badge(&trial->vault->state, trial->person);
    if (log->pending || row == NULL || memcmp(row->stored, none, sizeof none) == 0) {
        return qrt_log_each_document(log, "badge", try_stored, trial, trial->err);
    }
    QRT_BUF bytes = {0};
    enum qrt_code code = qrt_log_document(log, row->stored, &bytes, trial->err);
    if (code == QRT_OK) {
        (void)try_stored(trial, bytes.data, bytes.len_bytes);
    }
    return code;
}

enum qrt_code qrt_vault_badge(struct qrt_badge *badge, struct qrt_vault *vault, const char *person,
                              const struct qrt_secret *given, struct qrt_err *err)
{
    struct trial trial = {
        .vault = vault, .person = person, .given = given, .badge = badge, .err = err};
    *badge = (struct qrt_badge){0};
    if (qrt_code_is((const char *)given->data, given->len_bytes)) {
        trial.code = open_wallet(&trial);
        if (trial.code == QRT_OK) {
            trial.code = check_in_force(&trial);
        }
    } else {
        trial.code = qrt_fail(err, QRT_E_REFUSED, "%s has no badge under a passphrase", person);
        enum qrt_code code = open_stored(&trial);
        if (code != QRT_OK) {
            return code;
        }
    }
    return trial.code;
}

enum qrt_code qrt_vault_unlock(struct qrt_vault *vault, const struct qrt_badge *operator_badge,
                               struct qrt_err *err)
{
    bool founding = vault->state.logs == 0;
    uint8_t key[QRT_PUBLIC_BYTES] = {0};
    uint8_t policy[QRT_HASH_BYTES];
    memcpy(policy, vault->state.policy_digest, sizeof policy);
    bool changes = qrt_pending_badge(&vault->log, operator_badge->person, key);
    enum qrt_code code =
        qrt_log_unlock(&vault->log, operator_badge->person, operator_badge->key.data, err);
    if (code == QRT_E_REFUSED && !founding && !changes &&
        qrt_state_has_role(&vault->state, operator_badge->person, "operator")) {
        /* The log says that this badge opens it: then log.key was changed. */
        return qrt_fail(err, QRT_E_TAMPERED, "log.key does not open to %s, an operator in force",
                        operator_badge->person);
    }
    /* A commit in flight that was completed may have another. */
    return code == QRT_OK && memcmp(policy, vault->state.policy_digest, sizeof policy) != 0
               ? qrt_vault_read_policy(vault, err)
               : code;
}

enum qrt_code qrt_vault_recover(struct qrt_vault *vault, const uint8_t seed[static 32],
                                struct qrt_err *err)
{
    uint8_t policy[QRT_HASH_BYTES];
    memcpy(policy, vault->state.policy_digest, sizeof policy);
    enum qrt_code code = qrt_log_recover(&vault->log, seed, err);
    if (code == QRT_E_REFUSED) {
        return qrt_fail(err, QRT_E_TAMPERED,
                        "log.key does not open to the quorum, as the log says it must: `log "
                        "continue` goes on without it");
    }
    return code == QRT_OK && memcmp(policy, vault->state.policy_digest, sizeof policy) != 0
               ? qrt_vault_read_policy(vault, err)
               : code;
}
