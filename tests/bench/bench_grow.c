/* Grows a practice vault that operator-1 keeps under the tests' passphrase, by the
 * library's own commits, until its log has that many entries in that many epochs: openings, cards
 * proved, credentials confirmed, and exceptions told in a sentence or two.
 * Usage: bench_grow DIRECTORY ENTRIES EPOCHS */
#include "base/json.h"
#include "vault/vault.h"
#include <quorate/secret.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPERATOR   "operator-1"
#define PASSPHRASE "correct horse battery"
#define DRAFTS_MAX 65534

static struct qrt_draft drafts[DRAFTS_MAX];
static size_t drafts_len;

static void must(enum qrt_code code, const struct qrt_err *err, const char *doing)
{
    if (code != QRT_OK) {
        fprintf(stderr, "bench_grow: %s: %s\n", doing, err->what);
        exit(1);
    }
}

static struct qrt_draft *add(enum qrt_event_id event)
{
    struct qrt_draft *draft = &drafts[drafts_len++];
    qrt_draft_start(draft, event, OPERATOR);
    return draft;
}

/* Both quorums' cards, and an opening that shows one password. */
static void add_opening(const struct qrt_state *state, uint64_t intent)
{
    struct qrt_draft *draft = add(QRT_EV_INTENT);
    qrt_draft_text(draft, "ceremony", "open");
    qrt_draft_text(draft, "account", QRT_ROW(state, accounts, qrt_account, 0)->id);
    qrt_draft_text(draft, "purpose", "close-account");
    qrt_draft_text(draft, "ticket", "CHANGE-20417");
    qrt_draft_text(draft, "show", "password");
    unsigned have[QRT_GROUPS] = {0};
    for (size_t i = 0; i < state->cards.len; i++) {
        const struct qrt_card_row *card = QRT_ROW(state, cards, qrt_card_row, i);
        enum qrt_group group;
        if (!qrt_group_parse(&group, card->group_name) ||
            have[group]++ >= state->groups[group].threshold) {
            continue;
        }
        draft = add(QRT_EV_CARD_ACCEPTED);
        qrt_draft_u64(draft, "intent", intent);
        qrt_draft_u64(draft, "serial", (uint64_t)card->serial);
        qrt_draft_text(draft, "how", "code");
        qrt_draft_text(draft, "result", "accepted");
    }
    draft = add(QRT_EV_OUTCOME);
    qrt_draft_u64(draft, "intent", intent);
    qrt_draft_text(draft, "result", "done");
}

static void add_other(const struct qrt_state *state, uint64_t i)
{
    struct qrt_draft *draft;
    if (i % 4 == 0) {
        draft = add(QRT_EV_CARD_PROVED);
        qrt_draft_u64(draft, "serial", 1 + i / 4 % state->cards.len);
        qrt_draft_text(draft, "how", "code");
        qrt_draft_text(draft, "result", "proved");
    } else if (i % 4 == 1) {
        draft = add(QRT_EV_CREDENTIAL_CONFIRMED);
        qrt_draft_text(draft, "account", QRT_ROW(state, items, qrt_item_row, 0)->account);
        qrt_draft_text(draft, "kind", QRT_ROW(state, items, qrt_item_row, 0)->kind);
        qrt_draft_u64(draft, "serial", 1);
        qrt_draft_text(draft, "how", "signed in at the console");
    } else {
        draft = add(QRT_EV_EXCEPTION);
        qrt_draft_text(draft, "step", "bring-bags");
        qrt_draft_text(draft, "expected", "the bag of custodian-p2 lies in safe-1");
        qrt_draft_text(draft, "happened",
                       i % 4 == 2 ? "it lay one shelf lower, and was whole"
                                  : "der Schl\xC3\xBCssel klemmte");
        qrt_draft_text(draft, "decided", "to go on, and to note the shelf");
    }
}

static void commit(struct qrt_vault *vault, const struct qrt_badge *badge, uint64_t entries)
{
    struct qrt_err err = {0};
    struct qrt_cosigner cosigner = {OPERATOR, badge->key.data};
    drafts_len = 0;
    if (entries > 40) {
        add_opening(&vault->state, vault->log.head.size);
    }
    while (drafts_len < entries) {
        add_other(&vault->state, vault->log.head.size + drafts_len);
    }
    must(qrt_log_commit(&vault->log, drafts, drafts_len, NULL, 0, &cosigner, 1, &err), &err,
         "committing");
    for (size_t i = 0; i < drafts_len; i++) {
        qrt_draft_free(&drafts[i]);
    }
}

int main(int argc, char **argv)
{
    QRT_VAULT vault = {0};
    QRT_SECRET passphrase = {0};
    QRT_BADGE badge = {0};
    struct qrt_err err = {0};
    if (argc != 4 || sodium_init() < 0) {
        fputs("usage: bench_grow DIRECTORY ENTRIES EPOCHS\n", stderr);
        return 2;
    }
    uint64_t entries = strtoull(argv[2], NULL, 10);
    uint64_t epochs = strtoull(argv[3], NULL, 10);
    qrt_json_init();
    must(qrt_vault_open(&vault, argv[1], &err), &err, "opening");
    must(qrt_secret_init(&passphrase, sizeof PASSPHRASE, &err), &err, "the passphrase");
    must(qrt_secret_append(&passphrase, PASSPHRASE, sizeof PASSPHRASE - 1, &err), &err,
         "the passphrase");
    must(qrt_vault_badge(&badge, &vault, OPERATOR, &passphrase, &err), &err, "the badge");
    must(qrt_vault_unlock(&vault, &badge, &err), &err, "unlocking");
    const struct qrt_head *head = &vault.log.head;
    while (head->epochs < epochs) {
        uint64_t left = entries > head->size ? entries - head->size : 0;
        uint64_t now = left / (epochs - head->epochs);
        if (now < 2 || now > DRAFTS_MAX) {
            fputs("bench_grow: so many entries do not go into so many epochs\n", stderr);
            return 1;
        }
        commit(&vault, &badge, now - 1);
    }
    printf("%llu entries in %llu epochs\n", (unsigned long long)head->size,
           (unsigned long long)head->epochs);
    return 0;
}
