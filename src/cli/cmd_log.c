#include "cli/cmd_log.h"

enum qrt_code qrt_cmd_log(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    static const struct qrt_verb verbs[] = {
        {"show", qrt_cmd_log_show},         {"verify", qrt_cmd_log_verify},
        {"prove", qrt_cmd_log_prove},       {"export", qrt_cmd_log_export},
        {"cosign", qrt_cmd_log_cosign},     {"takeover", qrt_cmd_log_takeover},
        {"continue", qrt_cmd_log_continue},
    };
    return qrt_cli_verb(cli, argc, argv, verbs, sizeof verbs / sizeof verbs[0], err);
}
