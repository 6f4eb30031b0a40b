#include "ceremony/succession/continue_genesis.h"

#include "base/text.h"
#include "log/predecessor.h"

static enum qrt_code draft_people(struct qrt_draft *genesis, const struct qrt_state *state,
                                  const char *origin, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < state->people.len; i++) {
        const struct qrt_person *person = QRT_ROW(state, people, qrt_person, i);
        QRT_BUF line = {0};
        if (person->gone == QRT_NEVER) {
            qrt_state_carry_person(&line, state, person, origin);
            qrt_draft_text(genesis, "person", qrt_buf_str(&line));
            code = qrt_buf_check(&line, err);
        }
    }
    return code;
}

static void draft_groups(struct qrt_draft *genesis, const struct qrt_state *state)
{
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        const struct qrt_group_rule *rule = &state->groups[group];
        QRT_BUF line = {0};
        qrt_buf_printf(&line, "%s %u ", qrt_group_name(group), rule->threshold);
        for (unsigned i = 0; i < rule->count; i++) {
            qrt_buf_printf(&line, "%s%s", i > 0 ? "," : "", rule->ids[i]);
        }
        qrt_draft_text(genesis, "group", qrt_buf_str(&line));
        genesis->failed = genesis->failed || line.failed;
    }
}

static enum qrt_code draft_evidence(struct qrt_draft *genesis, const struct qrt_log *log,
                                    const struct qrt_continue_request *request, struct qrt_err *err)
{
    uint8_t digest[QRT_HASH_BYTES];
    enum qrt_code code = qrt_file_hash(digest, log->predecessor->dir_fd, QRT_DB_FILE, err);
    if (code == QRT_OK) {
        qrt_draft_hex(genesis, "evidence", digest, sizeof digest);
    }
    for (size_t i = 0; i < request->evidence_len; i++) {
        qrt_draft_hex(genesis, "evidence", request->evidence[i], QRT_HASH_BYTES);
    }
    return code;
}

enum qrt_code qrt_continue_draft_genesis(struct qrt_session *session,
                                         const struct qrt_continue_request *request,
                                         struct qrt_err *err)
{
    struct qrt_log *log = &session->vault->log;
    const struct qrt_state *state = &session->vault->state;
    QRT_BUF policy = {0};
    QRT_BUF predecessor = {0};
    uint8_t digest[QRT_HASH_BYTES];
    char vault[2 * sizeof state->vault_id + 1];
    char first_key[QRT_VKEY_MAX_CHARS + 1];
    enum qrt_code code;
    qrt_predecessor_format(&predecessor, log->predecessor);
    if ((code = qrt_buf_check(&predecessor, err)) != QRT_OK ||
        (code = qrt_log_document(log, state->policy_digest, &policy, err)) != QRT_OK ||
        (code = qrt_session_document(session, "policy", &policy, digest, err)) != QRT_OK ||
        (code = qrt_log_current_vkey(log, first_key, err)) != QRT_OK) {
        return code;
    }
    struct qrt_draft *genesis = qrt_session_draft(session, QRT_EV_GENESIS);
    qrt_text_hex(vault, state->vault_id, sizeof state->vault_id);
    qrt_draft_text(genesis, "vault", vault);
    qrt_draft_text(genesis, "predecessor", qrt_buf_str(&predecessor));
    qrt_draft_text(genesis, "cause", request->cause);
    if (state->practice) {
        qrt_draft_text(genesis, "practice", "yes");
    }
    qrt_draft_hex(genesis, "policy", digest, sizeof digest);
    draft_groups(genesis, state);
    qrt_draft_u64(genesis, "cosignatures", state->cosignatures);
    if (state->second_person) {
        qrt_draft_text(genesis, "second", "yes");
    }
    qrt_draft_text(genesis, "first-key", first_key);
    code = draft_evidence(genesis, log, request, err);
    return code == QRT_OK ? draft_people(genesis, state, log->origin, err) : code;
}
