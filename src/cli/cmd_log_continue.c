#include "ceremony/succession/continue.h"
#include "cli/cards_json.h"
#include "cli/cmd_log.h"
#include "cli/no_quorum.h"
#include "cli/say.h"
#include "cli/succession_options.h"
#include "cli/ui.h"
#include "log/predecessor.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

struct options {
    struct qrt_continue_request request;
    const char *from;
};

/* `--evidence FILE`, each hashed and nothing else. */
static enum qrt_code take_evidence(struct qrt_continue_request *request, int *argc, char **argv,
                                   struct qrt_err *err)
{
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], "--evidence") != 0) {
            argv[kept++] = argv[i];
            continue;
        }
        if (i + 1 >= *argc || request->evidence_len == QRT_CONTINUE_EVIDENCE_MAX) {
            return qrt_fail(err, QRT_E_USAGE, "--evidence: %s",
                            i + 1 >= *argc ? "needs a value" : "too many files");
        }
        QRT_BUF shown = {0};
        const char *path = argv[++i];
        enum qrt_code code =
            qrt_file_hash(request->evidence[request->evidence_len++], AT_FDCWD, path, err);
        if (code != QRT_OK) {
            qrt_fail(err, code == QRT_E_NOT_FOUND ? QRT_E_USAGE : code,
                     "--evidence %.120s: cannot be read", qrt_cli_shown(&shown, path));
            return err->code;
        }
    }
    argv[kept] = NULL;
    *argc = kept;
    return QRT_OK;
}

static enum qrt_code parse(struct options *options, int *argc, char **argv, struct qrt_err *err)
{
    enum qrt_code code;
    if ((code = qrt_cli_option(&options->from, argc, argv, "--from", err)) != QRT_OK ||
        (code = qrt_cli_option(&options->request.cause, argc, argv, "--cause", err)) != QRT_OK ||
        (code = qrt_succession_options(&options->request.succession, argc, argv, err)) != QRT_OK ||
        (code = take_evidence(&options->request, argc, argv, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(*argc, argv, err)) != QRT_OK) {
        return code;
    }
    return options->from != NULL && options->request.cause != NULL
               ? qrt_continue_check_cause(options->request.cause, err)
               : qrt_fail(err, QRT_E_USAGE, "log continue takes --from DIR and --cause TEXT");
}

static enum qrt_code print_continued(const struct qrt_cli *cli, const struct qrt_vault *vault,
                                     const struct qrt_continued *continued, struct qrt_err *err)
{
    const struct qrt_log *old = vault->log.predecessor;
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:s, s:{s:s, s:I, s:I}, s:I, s:o, s:s}", "origin", vault->log.origin,
                      "predecessor", "origin", old->origin, "epochs", (json_int_t)old->head.epochs,
                      "size", (json_int_t)old->head.size, "receipts_lost",
                      (json_int_t)continued->lost, "cards", qrt_cards_json(&continued->gather),
                      "checkpoint", qrt_buf_str(&vault->log.note)),
            err);
    }
    QRT_BUF path = {0};
    printf("%s continues %s after its %llu entries; both quorums signed it.\n", vault->log.origin,
           old->origin, (unsigned long long)old->head.size);
    if (continued->lost > 0) {
        printf("Entries were lost: receipts that show more than the copy has: %llu. Whatever was "
               "changed after the copy was made must be looked at, passwords above all.\n",
               (unsigned long long)continued->lost);
    }
    qrt_cli_say(
        stdout,
        "The old log lies whole in the predecessor folder: keep both together.\n"
        "Next: seal the cards in new bags; give everyone a new receipt, `quorate --vault %s "
        "receipt print`, for the old ones are of the old log; tell the auditor; keep a copy "
        "of the whole folder at another site.\n",
        qrt_cli_shown(&path, cli->vault));
    return qrt_cli_flush(err);
}

static enum qrt_code begin(struct qrt_vault *vault, const struct qrt_cli *cli, const char *from,
                           struct qrt_err *err)
{
    enum qrt_code code = qrt_vault_continue(vault, cli->vault, from, err);
    if (code != QRT_OK) {
        return qrt_cli_name_vault(cli, err);
    }
    if (!cli->quiet && vault->log.reports.len_bytes > 0) {
        fprintf(stderr, "quorate: note: %s", qrt_buf_str(&vault->log.reports));
    }
    return QRT_OK;
}

enum qrt_code qrt_cmd_log_continue(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct options options = {0};
    QRT_PERFORMER performer = {0};
    QRT_VAULT vault = {0};
    QRT_CONTINUED continued = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = parse(&options, &argc, argv, err)) != QRT_OK ||
        (code = qrt_performer_init(&performer, cli, argv + 1, (size_t)argc - 1, err)) != QRT_OK ||
        (code = begin(&vault, cli, options.from, err)) != QRT_OK) {
        return code;
    }
    code = qrt_continue(&continued, &vault, &options.request, performer.ui, err);
    qrt_performer_free(&performer);
    if ((code == QRT_E_QUORUM || code == QRT_E_REFUSED) && continued.gather.judged_len > 0) {
        struct qrt_err ignored;
        (void)!qrt_cli_print_no_quorum(cli, &continued.gather, "The log was not continued.",
                                       &ignored);
    }
    return code == QRT_OK ? print_continued(cli, &vault, &continued, err) : code;
}
