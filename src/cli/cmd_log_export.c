#include "cli/cmd_log.h"

#include "cli/say.h"
#include "vault/export.h"
#include <stdio.h>
#include <string.h>

static enum qrt_code print_result(const struct qrt_cli *cli, const char *dir,
                                  const struct qrt_export_result *result, bool pending,
                                  struct qrt_err *err)
{
    QRT_BUF shown = {0};
    if (cli->json) {
        return qrt_cli_print_json(
            json_pack("{s:s, s:I, s:I, s:I, s:I, s:b}", "directory", qrt_cli_shown(&shown, dir),
                      "entries", (json_int_t)result->entries, "epochs", (json_int_t)result->epochs,
                      "files", (json_int_t)result->files, "bytes", (json_int_t)result->bytes,
                      "pending", pending),
            err);
    }
    printf("%llu entries in %llu epochs: %llu files in %s.\n", (unsigned long long)result->entries,
           (unsigned long long)result->epochs, (unsigned long long)result->files,
           qrt_cli_shown(&shown, dir));
    if (pending) {
        puts("A commit is unfinished and not in it: the next command with an operator's badge "
             "completes it.");
    }
    qrt_cli_say(
        stdout,
        "VERIFY.txt in it says how to verify it without this software. Next: quorate log verify "
        "DIR, on another machine, with the people's keys from paper (--people).\n");
    return qrt_cli_flush(err);
}

enum qrt_code qrt_cmd_log_export(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    struct qrt_export_result result;
    bool pending;
    bool openssl = qrt_cli_flag(&argc, argv, "--openssl");
    enum qrt_code code;
    if ((code = qrt_cli_vault(cli, err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc != 2) {
        return qrt_fail(err, QRT_E_USAGE, "log export: one directory, absent or empty");
    }
    code = qrt_vault_export(&result, &pending, cli->vault, argv[1],
                            openssl ? QRT_EXPORT_OPENSSL : 0, err);
    if (code != QRT_OK) {
        QRT_BUF shown = {0};
        return qrt_err_prefix(err, "log export %.120s", qrt_cli_shown(&shown, argv[1]));
    }
    return print_result(cli, argv[1], &result, pending, err);
}
