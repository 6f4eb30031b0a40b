#include "cli/cmd_log.h"

#include "cli/progress.h"
#include <quorate/log.h>
#include <stdio.h>

struct verifying {
    json_t *faults; /* NULL: printed as they come */
    json_t *notices;
    struct qrt_progress_line progress;
};

static void found(void *ctx, const struct qrt_log_finding *finding)
{
    struct verifying *verifying = ctx;
    qrt_progress_end(&verifying->progress);
    const char *word = finding->fault ? "fault" : "notice";
    if (verifying->faults == NULL) {
        printf("%s: entry %llu, epoch %llu: %s\n", word, (unsigned long long)finding->index,
               (unsigned long long)finding->epoch, finding->text);
        return;
    }
    json_array_append_new(finding->fault ? verifying->faults : verifying->notices,
                          json_pack("{s:I, s:I, s:s}", "index", (json_int_t)finding->index, "epoch",
                                    (json_int_t)finding->epoch, word, finding->text));
}

static void tell_progress(void *ctx, uint64_t done, uint64_t all)
{
    struct verifying *verifying = ctx;
    qrt_progress_tell(&verifying->progress, done, all);
}

static enum qrt_code print_summary(const struct qrt_log_summary *summary, struct qrt_err *err)
{
    printf("%llu entries in %llu epochs: %s.\n", (unsigned long long)summary->entries,
           (unsigned long long)summary->epochs, summary->faults == 0 ? "no fault" : "FAULTS");
    if (summary->pending) {
        puts("A commit is unfinished: the next command with an operator's badge completes it.");
    }
    puts("This tells whether the log is whole and of its keys, not whether it is the latest: "
         "compare a receipt.");
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_log_verify(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_log_summary summary;
    struct verifying verifying = {0};
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_arguments(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (cli->json) {
        verifying.faults = json_array();
        verifying.notices = json_array();
    }
    qrt_progress_start(&verifying.progress, cli);
    code = qrt_vault_verify(&summary, cli->vault, found, tell_progress, &verifying, err);
    qrt_progress_end(&verifying.progress);
    if (code != QRT_OK) {
        qrt_cli_name_vault(cli, err);
    }
    if (code == QRT_OK && cli->json) {
        code = qrt_cli_print_json(json_pack("{s:I, s:I, s:O, s:O}", "entries",
                                            (json_int_t)summary.entries, "epochs",
                                            (json_int_t)summary.epochs, "faults", verifying.faults,
                                            "notices", verifying.notices),
                                  err);
    } else if (code == QRT_OK) {
        code = print_summary(&summary, err);
    }
    json_decref(verifying.faults);
    json_decref(verifying.notices);
    if (code == QRT_OK && summary.faults > 0) {
        code = qrt_fail(err, QRT_E_TAMPERED, "the log: it has %llu fault%s",
                        (unsigned long long)summary.faults, summary.faults == 1 ? "" : "s");
    }
    return code;
}
