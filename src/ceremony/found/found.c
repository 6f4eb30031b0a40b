#include "ceremony/found/founding.h"

#include "base/interrupt.h"
#include "base/text.h"
#include "ceremony/cards/sealed_sheets.h"
#include "ceremony/machine/fitness.h"
#include "ceremony/session/wraps.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void forget_accounts(struct qrt_founding *founding)
{
    for (size_t i = 0; founding->accounts != NULL && i < founding->policy.accounts_count; i++) {
        qrt_credentials_wipe(&founding->accounts[i]);
    }
}

static void founding_free(struct qrt_founding *founding)
{
    forget_accounts(founding);
    for (size_t i = 0; founding->badges != NULL && i < founding->policy.people_count; i++) {
        qrt_new_badge_wipe(&founding->badges[i]);
    }
    free(founding->badges);
    free(founding->accounts);
    qrt_cards_wipe(&founding->cards);
    qrt_session_free(&founding->session);
    qrt_policy_free(&founding->policy);
}

static void roles_text(char *out, size_t size_bytes, unsigned roles)
{
    size_t used = 0;
    out[0] = '\0';
    for (unsigned bit = 0; bit < QRT_ROLES; bit++) {
        if ((roles & 1U << bit) != 0) {
            used += (size_t)snprintf(out + used, size_bytes - used, "%s%s", used > 0 ? "," : "",
                                     qrt_role_name(1U << bit));
        }
    }
}

static enum qrt_code draft_people(struct qrt_founding *founding, struct qrt_draft *genesis,
                                  struct qrt_err *err)
{
    for (size_t i = 0; i < founding->policy.people_count; i++) {
        const struct qrt_new_badge *new = &founding->badges[i];
        char vkey[QRT_VKEY_MAX_CHARS + 1];
        char roles[64];
        QRT_BUF line = {0};
        enum qrt_code code = qrt_new_badge_vkey(vkey, new, founding->policy.origin, err);
        if (code != QRT_OK) {
            return code;
        }
        roles_text(roles, sizeof roles, new->person->roles);
        qrt_buf_printf(&line, "%s %s %s", new->person->id, roles, vkey);
        qrt_draft_text(genesis, "person", qrt_buf_str(&line));
    }
    return QRT_OK;
}

static void draft_groups(const struct qrt_policy *policy, struct qrt_draft *genesis)
{
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        const struct qrt_policy_group *rule = &policy->groups[group];
        QRT_BUF line = {0};
        qrt_buf_printf(&line, "%s %u ", qrt_group_name(group), rule->threshold);
        for (unsigned i = 0; i < rule->count; i++) {
            qrt_buf_printf(&line, "%s%s", i > 0 ? "," : "", rule->custodians[i]);
        }
        qrt_draft_text(genesis, "group", qrt_buf_str(&line));
    }
}

static enum qrt_code draft_badges(struct qrt_founding *founding, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < founding->policy.people_count; i++) {
        code = qrt_new_badge_draft(&founding->session, &founding->badges[i],
                                   founding->policy.origin, err);
    }
    return code;
}

/* Every operator's badge opens the log's key. */
static enum qrt_code wrap_operators(struct qrt_founding *founding, struct qrt_err *err)
{
    enum qrt_code code = QRT_OK;
    for (size_t i = 0; code == QRT_OK && i < founding->policy.people_count; i++) {
        const struct qrt_new_badge *new = &founding->badges[i];
        if ((new->person->roles &QRT_ROLE_OPERATOR) != 0) {
            code = qrt_wraps_add_badge(&founding->vault->log.key, new->person->id,
                                       qrt_sign_public(new->badge.key.data), err);
        }
    }
    return code;
}

/* Step 4a: the genesis, with everyone's badges. */
static enum qrt_code draft_genesis(struct qrt_founding *founding, const struct qrt_buf *policy_json,
                                   struct qrt_err *err)
{
    const struct qrt_policy *policy = &founding->policy;
    QRT_BUF document = {0};
    uint8_t digest[QRT_HASH_BYTES];
    char first_key[QRT_VKEY_MAX_CHARS + 1];
    qrt_buf_add(&document, policy_json->data, policy_json->len_bytes);
    enum qrt_code code;
    if ((code = wrap_operators(founding, err)) != QRT_OK ||
        (code = qrt_log_current_vkey(&founding->vault->log, first_key, err)) != QRT_OK ||
        (code = qrt_session_document(&founding->session, "policy", &document, digest, err)) !=
            QRT_OK) {
        return code;
    }
    struct qrt_draft *genesis = qrt_session_draft(&founding->session, QRT_EV_GENESIS);
    if (policy->practice) {
        qrt_draft_text(genesis, "practice", "yes");
    }
    qrt_draft_hex(genesis, "policy", digest, sizeof digest);
    draft_groups(policy, genesis);
    qrt_draft_u64(genesis, "cosignatures", policy->cosignatures);
    if (policy->second_person) {
        qrt_draft_text(genesis, "second", "yes");
    }
    qrt_draft_text(genesis, "first-key", first_key);
    code = draft_people(founding, genesis, err);
    return code == QRT_OK ? draft_badges(founding, err) : code;
}

/* Step 4b: session, accounts, intent: in one commit with the genesis, so that
 * there is no vault that does not know what was meant to become of it. */
static enum qrt_code commit_intent(struct qrt_founding *founding, struct qrt_err *err)
{
    struct qrt_session *session = &founding->session;
    struct qrt_log *log = &founding->vault->log;
    enum qrt_code code = qrt_session_prepare(session, err);
    if (code != QRT_OK) {
        return code;
    }
    for (size_t i = 0; i < founding->policy.accounts_count; i++) {
        const struct qrt_policy_account *account = &founding->policy.accounts[i];
        struct qrt_draft *draft = qrt_session_draft(session, QRT_EV_ACCOUNT_ADDED);
        qrt_draft_text(draft, "account", account->id);
        qrt_draft_text(draft, "name", account->name);
        qrt_draft_text(draft, "email", account->email);
    }
    founding->intent = log->head.size + session->drafts_len;
    qrt_draft_text(qrt_session_draft(session, QRT_EV_INTENT), "ceremony", "found");
    return qrt_session_commit(session, err);
}

static void page_policy(const struct qrt_founding *founding)
{
    const struct qrt_policy *policy = &founding->policy;
    QRT_BUF what = {0};
    qrt_text_escape(&what, policy->organization, strlen(policy->organization));
    qrt_buf_printf(&what, ": vault %s. People: %zu. Accounts: %zu.", policy->origin,
                   policy->people_count, policy->accounts_count);
    for (unsigned group = 0; group < QRT_GROUPS; group++) {
        const struct qrt_policy_group *rule = &policy->groups[group];
        qrt_buf_printf(&what, "\n%s group: any %u of %u cards. ",
                       group == QRT_GROUP_PASSWORD ? "Password" : "MFA", rule->threshold,
                       rule->count);
        for (unsigned i = 0; i < rule->count; i++) {
            qrt_buf_printf(&what, "%s%s", i > 0 ? ", " : "", rule->custodians[i]);
        }
    }
    struct qrt_page page = {
        .ceremony = "Founding",
        .practice = policy->practice,
        .step = 1,
        .of = QRT_FOUNDING_STEPS,
        .title = "the policy",
        .who = "The operator reads this page aloud. The witness compares it with the signed paper.",
        .what = qrt_buf_str(&what),
        .wrong = "If anything differs, stop, mend the policy's file, and begin again.",
        .stop = "Ctrl-C, then the word stop. Nothing is written before step 3.",
    };
    qrt_ui_page(founding->ui, &page);
}

static void page_close(const struct qrt_founding *founding)
{
    struct qrt_page page = {
        .ceremony = "Founding",
        .practice = founding->policy.practice,
        .step = QRT_FOUNDING_STEPS,
        .of = QRT_FOUNDING_STEPS,
        .title = "the close",
        .who = "The operator, and everyone who signs the log.",
        .what = "Look around: is every card in its bag, every bag with its custodian, and nothing "
                "left in the printer? What was not planned is written down now. Whoever has a "
                "badge may sign the log.",
        .wrong = "A badge that is not there is written down, and stops nothing.",
        .stop = "Ctrl-C, then the word stop. The vault is founded; the session is closed as it is.",
    };
    qrt_ui_page(founding->ui, &page);
}

static enum qrt_code commit_outcome(struct qrt_founding *founding, struct qrt_err *err)
{
    struct qrt_draft *draft = qrt_session_draft(&founding->session, QRT_EV_OUTCOME);
    qrt_draft_u64(draft, "intent", founding->intent);
    qrt_draft_text(draft, "result", "done");
    page_close(founding);
    return qrt_session_close(&founding->session, "found", "done", err);
}

/* What a script gives is all known now; a person is asked for it in step 4,
 * when the log says what was begun, since they set it at AWS meanwhile. */
static enum qrt_code collect_beforehand(struct qrt_founding *founding, struct qrt_err *err)
{
    const struct qrt_ui *ui = founding->ui;
    if (ui->person) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_founding_collect_accounts(founding, err);
    return code == QRT_OK && qrt_founding_generated(founding)
               ? ui->ready_to_release(ui->ctx, founding->policy.practice, err)
               : code;
}

/* Step 1, and what else can be known to fail before anything is written. */
static enum qrt_code prepare(struct qrt_founding *founding, const struct qrt_buf *policy_json,
                             struct qrt_err *err)
{
    const struct qrt_ui *ui = founding->ui;
    enum qrt_code code =
        qrt_policy_parse(&founding->policy, policy_json->data, policy_json->len_bytes, err);
    if (code != QRT_OK) {
        return code;
    }
    page_policy(founding);
    QRT_BUF warnings = {0};
    qrt_policy_warn(&warnings, &founding->policy);
    if (warnings.len_bytes > 0) {
        ui->tell(ui->ctx, qrt_buf_str(&warnings));
    }
    if ((code = qrt_fitness_admit(&founding->session.taken, &founding->policy, ui, err)) !=
        QRT_OK) {
        return code;
    }
    if ((code = qrt_cards_confirm_files(&founding->policy, ui, err)) != QRT_OK) {
        return code;
    }
    if ((code = qrt_cards_try_sheet(&founding->policy, ui, err)) != QRT_OK ||
        (code = qrt_session_ask_clock(&founding->session, err)) != QRT_OK ||
        (code = qrt_founding_collect_people(founding, err)) != QRT_OK ||
        (code = collect_beforehand(founding, err)) != QRT_OK ||
        (code = ui->ready_to_deliver(
             ui->ctx, founding->policy.practice || qrt_policy_excepts(&founding->policy, "spool"),
             err)) != QRT_OK) {
        return code;
    }
    /* The last moment at which stopping leaves nothing at all. */
    return qrt_interrupt_check(err);
}

static enum qrt_code collect_meanwhile(struct qrt_founding *founding, struct qrt_err *err)
{
    return founding->ui->person ? qrt_founding_collect_accounts(founding, err) : QRT_OK;
}

/* A person has seen theirs, each in its turn. */
static enum qrt_code release_generated(struct qrt_founding *founding, struct qrt_err *err)
{
    enum qrt_code code = founding->ui->person ? QRT_OK : qrt_founding_release(founding, err);
    /* They are sealed; nine cards may take more than an hour from here. */
    forget_accounts(founding);
    return code;
}

/* A custodian at the printer gets the wallet card too. */
static enum qrt_code deliver_wallet(void *ctx, const char *custodian, struct qrt_err *err)
{
    return qrt_founding_deliver_wallet(ctx, custodian, err);
}

/* Step 7: sheet by sheet. */
static enum qrt_code deliver(struct qrt_founding *founding, struct qrt_delivered *delivered,
                             struct qrt_err *err)
{
    const struct qrt_handing handing = {
        .ceremony = "Founding",
        .step = 7,
        .of = QRT_FOUNDING_STEPS,
        .stop = "Ctrl-C, then the word stop. The founding is then abandoned and every card void, "
                "since not all are handed over.",
        .stop_late = "Ctrl-C, then the word stop. All cards are good. Wallet cards of people "
                     "without a card, and the sealed sheets, are not made then.",
        .beside = deliver_wallet,
        .ctx = founding,
    };
    enum qrt_code code = qrt_cards_deliver(&founding->cards, delivered, &handing, err);
    return code == QRT_OK ? qrt_founding_deliver_wallet(founding, NULL, err) : code;
}

static enum qrt_code deliver_sealed(struct qrt_founding *founding, struct qrt_err *err)
{
    const struct qrt_sealed_sheets sealed = {.session = &founding->session,
                                             .policy = &founding->policy,
                                             .key = qrt_state_key(&founding->vault->state),
                                             .ceremony = "Founding",
                                             .step = 7,
                                             .of = QRT_FOUNDING_STEPS};
    return qrt_sealed_sheets_deliver(&sealed, err);
}

static enum qrt_code found(struct qrt_founding *founding, struct qrt_delivered *delivered,
                           const char *path, const struct qrt_buf *policy_json, struct qrt_err *err)
{
    enum qrt_code code;
    if ((code = prepare(founding, policy_json, err)) != QRT_OK ||
        (code = qrt_vault_create(founding->vault, path, founding->policy.origin, err)) != QRT_OK ||
        (code = draft_genesis(founding, policy_json, err)) != QRT_OK ||
        (code = commit_intent(founding, err)) != QRT_OK ||
        (code = qrt_vault_read_policy(founding->vault, err)) != QRT_OK ||
        (code = collect_meanwhile(founding, err)) != QRT_OK ||
        (code = qrt_founding_create_key(founding, err)) != QRT_OK ||
        (code = release_generated(founding, err)) != QRT_OK ||
        (code = deliver(founding, delivered, err)) != QRT_OK ||
        (code = deliver_sealed(founding, err)) != QRT_OK) {
        return code;
    }
    return commit_outcome(founding, err);
}

enum qrt_code qrt_found(struct qrt_delivered *delivered, struct qrt_vault *vault, const char *path,
                        const struct qrt_buf *policy_json, const struct qrt_ui *ui,
                        struct qrt_err *err)
{
    __attribute__((cleanup(founding_free))) struct qrt_founding founding = {
        .ui = ui, .vault = vault, .session = {.vault = vault, .ui = ui}};
    founding.session.policy = &founding.policy;
    *vault = (struct qrt_vault){0};
    *delivered = (struct qrt_delivered){0};
    enum qrt_code code = found(&founding, delivered, path, policy_json, err);
    if (code != QRT_OK) {
        qrt_vault_close(vault);
    }
    return code;
}
