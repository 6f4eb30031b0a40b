#include "cli/cli.h"

#include "base/clock.h"
#include "base/text.h"
#include "ceremony/open/open.h"
#include "cli/cards_json.h"
#include "cli/no_quorum.h"
#include "cli/say.h"
#include "cli/sealed_files.h"
#include "cli/ui.h"
#include <stdio.h>
#include <string.h>

/* "password,code" and so on, each at most once. */
static enum qrt_code parse_show(unsigned *show, const char *text, struct qrt_err *err)
{
    static const struct {
        const char *name;
        unsigned bit;
    } words[] = {{"password", QRT_SHOW_PASSWORD},   {"code", QRT_SHOW_CODE},
                 {"seed", QRT_SHOW_SEED},           {"device", QRT_SHOW_DEVICE},
                 {"questions", QRT_SHOW_QUESTIONS}, {"note", QRT_SHOW_NOTE}};
    *show = 0;
    while (text != NULL) {
        size_t len = strcspn(text, ",");
        unsigned bit = 0;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (strlen(words[i].name) == len && strncmp(words[i].name, text, len) == 0) {
                bit = words[i].bit;
            }
        }
        if (bit == 0 || (*show & bit) != 0) {
            return qrt_fail(err, QRT_E_USAGE,
                            "--show: a list of password, code, seed, device, questions, note");
        }
        *show |= bit;
        text = text[len] == ',' ? text + len + 1 : NULL;
    }
    return QRT_OK;
}

/* Each deposit that was there, and what became of it. */
static json_t *deposits_json(const struct qrt_vault *vault, const struct qrt_adoptions *adoptions)
{
    static const char *const fates[] = {"waits", "adopted", "refused"};
    json_t *list = json_array();
    for (size_t i = 0; i < adoptions->len; i++) {
        const struct qrt_adoption *adoption = &adoptions->list[i];
        const struct qrt_item_row *row = QRT_ROW(&vault->state, items, qrt_item_row, adoption->row);
        char time[QRT_TIME_CHARS + 1];
        qrt_clock_format(time, adoption->by.time_unix_s);
        json_t *json =
            json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "account", row->account, "kind", row->kind,
                      "serial", (json_int_t)row->serial, "depositor", adoption->by.actor,
                      "deposited", time, "result", fates[adoption->fate]);
        if (adoption->why[0] != '\0') {
            json_object_set_new(json, "reason", json_string(adoption->why));
        }
        json_array_append_new(list, json);
    }
    return list;
}

static enum qrt_code print_opened(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                  const struct qrt_open_request *request,
                                  const struct qrt_opened *opened, struct qrt_err *err)
{
    if (cli->json) {
        return qrt_cli_print_json(json_pack("{s:s, s:I, s:o, s:o}", "account", request->account,
                                            "index", (json_int_t)opened->intent, "cards",
                                            qrt_cards_json(&opened->gather), "deposits",
                                            deposits_json(vault, &opened->adoptions)),
                                  err);
    }
    QRT_BUF path = {0};
    qrt_cli_say(
        stdout,
        "Account %s is open; the log has it from entry %llu on.\n"
        "Next: seal the cards in new bags, and check with `quorate --vault %s log verify`.\n",
        request->account, (unsigned long long)opened->intent, qrt_cli_shown(&path, cli->vault));
    return qrt_cli_flush(err);
}

static enum qrt_code parse(struct qrt_open_request *request, int *argc, char **argv,
                           struct qrt_err *err)
{
    const char *show;
    enum qrt_code code;
    request->former = qrt_cli_flag(argc, argv, "--former");
    if ((code = qrt_cli_option(&request->purpose, argc, argv, "--purpose", err)) != QRT_OK ||
        (code = qrt_cli_option(&request->ticket, argc, argv, "--ticket", err)) != QRT_OK ||
        (code = qrt_cli_option(&request->approver, argc, argv, "--approver", err)) != QRT_OK ||
        (code = qrt_cli_option(&show, argc, argv, "--show", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(*argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (*argc < 2 || (request->purpose != NULL && request->purpose[0] == '\0')) {
        return qrt_fail(err, QRT_E_USAGE, "open takes ACCOUNT, --purpose and --show");
    }
    request->account = argv[1];
    return show == NULL ? QRT_OK : parse_show(&request->show, show, err);
}

/* A person is asked for what is not given; a script cannot be. */
static enum qrt_code check_given(const struct qrt_open_request *request,
                                 const struct qrt_performer *performer, struct qrt_err *err)
{
    return performer->ui->person || (request->purpose != NULL && request->show != 0)
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "open takes ACCOUNT, --purpose and --show");
}

enum qrt_code qrt_cmd_open(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_open_request request = {0};
    QRT_SEALED_FILES sealed = {0};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_OPENED opened = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_sealed_files_take(&sealed, &argc, argv, err)) != QRT_OK ||
        (code = parse(&request, &argc, argv, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, argv + 2, (size_t)argc - 2, err)) != QRT_OK ||
        (code = check_given(&request, &performer, err)) != QRT_OK ||
        (code = qrt_sealed_files_read(&sealed, err)) != QRT_OK ||
        (code = qrt_cli_open_vault_sparing(&vault, cli, sealed.len > 0, err)) != QRT_OK) {
        return code;
    }
    request.sealed = sealed.sheets;
    request.sealed_len = sealed.len;
    code = qrt_open(&opened, &vault, &request, performer.ui, err);
    qrt_performer_free(&performer);
    if ((code == QRT_E_QUORUM || code == QRT_E_REFUSED) && opened.gather.vault != NULL) {
        struct qrt_err ignored;
        (void)!qrt_cli_print_no_quorum(cli, &opened.gather, "Nothing was opened.", &ignored);
    }
    return code == QRT_OK ? print_opened(cli, &vault, &request, &opened, err) : code;
}
