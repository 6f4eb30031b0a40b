#include "cli/cli.h"

#include "audit/outstanding.h"
#include "ceremony/cards/card_end.h"
#include "ceremony/session/witnesses.h"
#include "cli/given.h"
#include "cli/say.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

/* Of the card's edition: how many indices are out of hand, and how many are enough. */
static void count(struct qrt_outstanding *out, const struct qrt_state *state,
                  const struct qrt_card_row *card)
{
    *out = (struct qrt_outstanding){0};
    for (size_t i = 0; i < state->editions.len; i++) {
        const struct qrt_edition *edition = QRT_ROW(state, editions, qrt_edition, i);
        if (edition->generation == card->generation && edition->edition == card->edition &&
            strcmp(edition->group_name, card->group_name) == 0) {
            qrt_outstanding_count(out, state, edition);
        }
    }
}

static json_t *json(const struct qrt_state *state, const struct qrt_card_row *card)
{
    struct qrt_outstanding out;
    count(&out, state, card);
    return json_pack("{s:I, s:s, s:s, s:I, s:I, s:I, s:I}", "serial", (json_int_t)card->serial,
                     "state", qrt_card_state_word(state, card), "group", card->group_name,
                     "generation", (json_int_t)card->generation, "edition",
                     (json_int_t)card->edition, "outstanding", (json_int_t)out.indices, "threshold",
                     (json_int_t)out.needed);
}

static enum qrt_code print_void(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                uint32_t serial, struct qrt_err *err)
{
    const struct qrt_card_row *card = qrt_state_card(&vault->state, serial);
    struct qrt_outstanding out;
    if (cli->json) {
        return qrt_cli_print_json(json(&vault->state, card), err);
    }
    count(&out, &vault->state, card);
    printf("Card %u is void: no quorum of this vault counts it from now on.\n", serial);
    if (out.needed == 1) {
        printf(
            "What that does not revoke: its share. It is the %s group's half of the key, whole: "
            "whoever\nhas it, and the other group's half and a copy of this vault, opens what is "
            "in it. Only\na re-key ends that.\n",
            qrt_group_words_of(card->group_name));
    } else {
        printf("What that does not revoke: its share. Whoever has it, and enough others of edition "
               "%lld,\nrebuilds the %s group's half of the key, and with the other group's half "
               "and a copy of\nthis vault opens what is in it. Only a re-key ends that.\n",
               (long long)card->edition, qrt_group_words_of(card->group_name));
    }
    printf("Out of hand of that edition, void or once suspect: %u; enough for its half: %u.\n",
           out.indices, out.needed);
    qrt_cli_say(
        stdout, "%s\n",
        out.indices >= out.needed
            ? "Next: a re-key. Strangers could have that half."
            : "Next: quorate card destroy, when it is in your hands; a re-issue of the group, if "
              "it is lost.");
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_card_void(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    const char *reason;
    const char *confirm;
    uint32_t serial;
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_option(&reason, &argc, argv, "--reason", err)) != QRT_OK ||
        (code = qrt_cli_option(&confirm, &argc, argv, "--confirm", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2 || reason == NULL) {
        return qrt_fail(err, QRT_E_USAGE, "card void takes SERIAL and --reason");
    }
    if ((code = qrt_given_serial(&serial, argv[1], err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_card_void(&vault, serial, reason, confirm, performer.ui, err)) != QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    return print_void(cli, &vault, serial, err);
}

enum qrt_code qrt_cmd_card_destroy(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    const char *witnesses[QRT_WITNESSES_MAX];
    size_t witnesses_len;
    uint32_t serial;
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_options(witnesses, &witnesses_len, QRT_WITNESSES_MAX, &argc, argv,
                                "--witness", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2) {
        return qrt_fail(err, QRT_E_USAGE, "card destroy takes SERIAL and --witness");
    }
    if ((code = qrt_given_serial(&serial, argv[1], err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, NULL, 0, err)) != QRT_OK ||
        (code = qrt_cli_open_vault(&vault, cli, err)) != QRT_OK ||
        (code = qrt_card_destroy(&vault, serial, witnesses, witnesses_len, performer.ui, err)) !=
            QRT_OK) {
        return code;
    }
    qrt_performer_free(&performer);
    if (cli->json) {
        return qrt_cli_print_json(json(&vault.state, qrt_state_card(&vault.state, serial)), err);
    }
    qrt_cli_say(stdout,
                "Card %u is destroyed, and the log has who saw it.\n"
                "Next: quorate card list --outstanding tells what is still to be destroyed.\n",
                serial);
    return qrt_cli_flush(err);
}
