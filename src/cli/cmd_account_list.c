#include "cli/cmd_account.h"

#include "base/clock.h"
#include "base/text.h"
#include "vault/provenance.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The items of each account as chains of rows + 1, since a vault has thousands
 * of both. */
struct listing {
    const struct qrt_cli *cli;
    struct qrt_vault *vault;
    size_t *first; /* of an account's row */
    size_t *next;  /* of an item's row */
    json_t *rows;
};

static enum qrt_code chain_items(struct listing *listing, struct qrt_err *err)
{
    const struct qrt_state *state = &listing->vault->state;
    const struct qrt_account *accounts = state->accounts.data;
    listing->first = calloc(state->accounts.len + 1, sizeof *listing->first);
    listing->next = calloc(state->items.len + 1, sizeof *listing->next);
    if (listing->first == NULL || listing->next == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the list of accounts");
    }
    for (size_t i = state->items.len; i-- > 0;) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i);
        const struct qrt_account *account = qrt_state_account(state, item->account);
        if (account != NULL) {
            listing->next[i] = listing->first[account - accounts];
            listing->first[account - accounts] = i + 1;
        }
    }
    return QRT_OK;
}

/* When, as its entry says; empty for an event that was not, or whose entry is
 * in another log. */
static enum qrt_code when(char out[static QRT_TIME_CHARS + 1], struct listing *listing,
                          int64_t index, struct qrt_err *err)
{
    struct qrt_provenance written;
    enum qrt_code code = index == QRT_NEVER
                             ? QRT_E_NOT_FOUND
                             : qrt_vault_provenance(&written, listing->vault, index, err);
    out[0] = '\0';
    if (code == QRT_OK) {
        qrt_clock_format(out, written.time_unix_s);
    }
    return code == QRT_E_NOT_FOUND ? QRT_OK : code;
}

static enum qrt_code list_deposit(struct listing *listing, json_t *items,
                                  const struct qrt_item_row *item, struct qrt_err *err)
{
    struct qrt_provenance by;
    char time[QRT_TIME_CHARS + 1];
    bool confirmed = item->confirmed != QRT_NEVER;
    enum qrt_code code = qrt_vault_provenance(&by, listing->vault, item->deposited, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_clock_format(time, by.time_unix_s);
    if (listing->cli->json) {
        json_array_append_new(items, json_pack("{s:s, s:I, s:I, s:s, s:s, s:s, s:b}", "kind",
                                               item->kind, "serial", (json_int_t)item->serial,
                                               "generation", (json_int_t)item->generation, "state",
                                               "deposited", "deposited", time, "depositor",
                                               by.actor, "confirmed", confirmed));
    } else {
        printf("    %-8s  item %lld, deposited by %s %s, waits for an opening, %s\n", item->kind,
               (long long)item->serial, by.actor, time, confirmed ? "confirmed" : "not confirmed");
    }
    return QRT_OK;
}

static enum qrt_code list_item(struct listing *listing, json_t *items,
                               const struct qrt_item_row *item, struct qrt_err *err)
{
    char sealed[QRT_TIME_CHARS + 1];
    bool confirmed = item->confirmed != QRT_NEVER;
    const struct qrt_key_row *pending = qrt_state_pending_key(&listing->vault->state);
    const char *state = pending != NULL && item->generation == pending->generation ? "pending"
                        : item->superseded == QRT_NEVER                            ? "current"
                                                                                   : "former";
    if (qrt_item_waits(item)) {
        return list_deposit(listing, items, item, err);
    }
    enum qrt_code code = when(sealed, listing, item->sealed, err);
    if (code != QRT_OK) {
        return code;
    }
    if (listing->cli->json) {
        json_array_append_new(items, json_pack("{s:s, s:I, s:I, s:s, s:s, s:b}", "kind", item->kind,
                                               "serial", (json_int_t)item->serial, "generation",
                                               (json_int_t)item->generation, "state", state,
                                               "sealed", sealed, "confirmed", confirmed));
    } else {
        printf("    %-8s  item %lld, %s, sealed %s, %s\n", item->kind, (long long)item->serial,
               state, sealed, confirmed ? "confirmed" : "not confirmed");
    }
    return QRT_OK;
}

static enum qrt_code list_account(struct listing *listing, size_t row, struct qrt_err *err)
{
    const struct qrt_state *state = &listing->vault->state;
    const struct qrt_account *account = QRT_ROW(state, accounts, qrt_account, row);
    const char *strategy = account->strategy[0] != '\0' ? account->strategy : "vaulted";
    char closed[QRT_TIME_CHARS + 1];
    enum qrt_code code = when(closed, listing, account->closed, err);
    json_t *items = json_array();
    if (code == QRT_OK && !listing->cli->json) {
        QRT_BUF name = {0};
        QRT_BUF email = {0};
        qrt_text_escape(&name, account->name, strlen(account->name));
        qrt_text_escape(&email, account->email, strlen(account->email));
        printf("%s  %s  %s  %s%s%s\n", account->id, qrt_buf_str(&name), qrt_buf_str(&email),
               strategy, account->closed != QRT_NEVER ? ", closed " : "", closed);
    }
    for (size_t i = listing->first[row]; code == QRT_OK && i != 0; i = listing->next[i - 1]) {
        const struct qrt_item_row *item = QRT_ROW(state, items, qrt_item_row, i - 1);
        code = item->deleted == QRT_NEVER ? list_item(listing, items, item, err) : QRT_OK;
    }
    json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:b, s:o}", "account", account->id, "name",
                             account->name, "email", account->email, "strategy", strategy, "closed",
                             account->closed != QRT_NEVER, "items", items);
    json_array_append_new(listing->rows, json);
    return code;
}

static void listing_free(struct listing *listing)
{
    free(listing->first);
    free(listing->next);
    json_decref(listing->rows);
}

enum qrt_code qrt_cmd_account_list(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_VAULT vault = {0};
    __attribute__((cleanup(listing_free))) struct listing listing = {
        .cli = cli, .vault = &vault, .rows = json_array()};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = chain_items(&listing, err)) != QRT_OK) {
        return code;
    }
    for (size_t i = 0; code == QRT_OK && i < vault.state.accounts.len; i++) {
        code = list_account(&listing, i, err);
    }
    if (code != QRT_OK || !cli->json) {
        return code == QRT_OK ? qrt_cli_flush(err) : code;
    }
    json_t *rows = listing.rows;
    listing.rows = NULL;
    return qrt_cli_print_json(json_pack("{s:o}", "accounts", rows), err);
}
