#include "ceremony/session/session.h"

#include "base/clock.h"
#include "ceremony/session/session_parts.h"
#include "vault/authority.h"
#include <stdlib.h>
#include <string.h>

void qrt_session_page(const struct qrt_vault *vault, const struct qrt_ui *ui, struct qrt_page page)
{
    page.practice = vault->state.practice;
    page.of = page.of == 0 ? 3 : page.of;
    page.who = page.who == NULL ? "The operator." : page.who;
    if (page.stop == NULL) {
        page.stop = page.step < page.of
                        ? "Ctrl-C, then the word stop. Nothing is written yet."
                        : "Ctrl-C, then the word stop. The session is closed as it is.";
    }
    qrt_ui_page(ui, &page);
}

void qrt_session_undraft(struct qrt_session *session, size_t drafts_len)
{
    for (size_t i = drafts_len; i < session->drafts_len; i++) {
        qrt_draft_free(&session->drafts[i]);
    }
    for (size_t i = 0; i < session->bytes_len; i++) {
        qrt_buf_free(&session->bytes[i]);
    }
    session->drafts_len = drafts_len < session->drafts_len ? drafts_len : session->drafts_len;
    session->documents_len = session->bytes_len = 0;
}

void qrt_session_free(struct qrt_session *session)
{
    qrt_session_undraft(session, 0);
    qrt_draft_free(&session->spare);
    qrt_buf_free(&session->receipts);
    qrt_buf_free(&session->let_go);
    qrt_buf_free(&session->present);
    free(session->drafts);
    free(session->documents);
    free(session->bytes);
    for (size_t i = 0; i < QRT_SESSION_BADGES_MAX; i++) {
        qrt_badge_wipe(&session->badges[i]);
    }
    *session = (struct qrt_session){0};
}

struct qrt_draft *qrt_session_draft(struct qrt_session *session, enum qrt_event_id event)
{
    if (session->drafts_len == session->drafts_capacity) {
        size_t capacity = session->drafts_capacity == 0 ? 16 : 2 * session->drafts_capacity;
        struct qrt_draft *drafts = reallocarray(session->drafts, capacity, sizeof *drafts);
        if (drafts == NULL) {
            session->failed = true;
            qrt_draft_free(&session->spare);
            return &session->spare;
        }
        session->drafts = drafts;
        session->drafts_capacity = capacity;
    }
    struct qrt_draft *draft = &session->drafts[session->drafts_len++];
    *draft = (struct qrt_draft){0};
    qrt_draft_start(draft, event, session->badges[0].person);
    return draft;
}

enum qrt_code qrt_session_document(struct qrt_session *session, const char *kind,
                                   struct qrt_buf *bytes, uint8_t digest[static QRT_HASH_BYTES],
                                   struct qrt_err *err)
{
    if (session->documents_len == session->documents_capacity) {
        size_t capacity = session->documents_capacity == 0 ? 16 : 2 * session->documents_capacity;
        struct qrt_document *documents =
            reallocarray(session->documents, capacity, sizeof *documents);
        if (documents != NULL) {
            session->documents = documents;
        }
        struct qrt_buf *owned = reallocarray(session->bytes, capacity, sizeof *owned);
        if (owned != NULL) {
            session->bytes = owned;
        }
        if (documents == NULL || owned == NULL) {
            return qrt_fail(err, QRT_E_NOMEM, "a document");
        }
        session->documents_capacity = capacity;
    }
    enum qrt_code code = qrt_buf_check(bytes, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_document *document = &session->documents[session->documents_len++];
    *document = (struct qrt_document){.data = bytes->data, .len_bytes = bytes->len_bytes};
    snprintf(document->kind, sizeof document->kind, "%s", kind);
    qrt_sha256(digest, bytes->data, bytes->len_bytes);
    session->bytes[session->bytes_len++] = *bytes;
    *bytes = (struct qrt_buf){0};
    return QRT_OK;
}

enum qrt_code qrt_session_sign(struct qrt_session *session, size_t at,
                               const uint8_t authority[static QRT_SIGN_KEY_BYTES],
                               struct qrt_err *err)
{
    struct qrt_log *log = &session->vault->log;
    if (session->failed) {
        return qrt_fail(err, QRT_E_NOMEM, "a commit's entries");
    }
    if (log->commit_unix_s == 0) {
        log->commit_unix_s = qrt_clock_unix_s();
    }
    struct qrt_place place = {.origin = log->origin,
                              .index = log->head.size + at,
                              .epoch = log->head.epochs,
                              .time_unix_s = log->commit_unix_s};
    return qrt_authority_sign(&session->drafts[at], &place, authority, err);
}

enum qrt_code qrt_session_commit(struct qrt_session *session, struct qrt_err *err)
{
    struct qrt_cosigner cosigners[QRT_SESSION_BADGES_MAX];
    uint8_t policy[QRT_HASH_BYTES];
    memcpy(policy, session->vault->state.policy_digest, sizeof policy);
    qrt_session_draft_arrivals(session);
    if (session->failed) {
        return qrt_fail(err, QRT_E_NOMEM, "a commit's entries");
    }
    for (size_t i = 0; i < session->badges_len; i++) {
        cosigners[i] =
            (struct qrt_cosigner){session->badges[i].person, session->badges[i].key.data};
    }
    enum qrt_code code = qrt_log_commit(&session->vault->log, session->drafts, session->drafts_len,
                                        session->documents, session->documents_len, cosigners,
                                        session->badges_len, err);
    qrt_session_undraft(session, 0);
    /* A founding's session has a policy of its own. */
    return code == QRT_OK && session->policy == &session->vault->policy &&
                   memcmp(policy, session->vault->state.policy_digest, sizeof policy) != 0
               ? qrt_vault_read_policy(session->vault, err)
               : code;
}

int64_t qrt_session_now(const struct qrt_session *session)
{
    return qrt_clock_unix_s() + session->clock_offset_s;
}
