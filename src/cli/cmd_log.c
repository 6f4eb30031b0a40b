#include "cli/cmd_log.h"

#include <string.h>

static const struct {
    const char *verb;
    enum qrt_code (*run)(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err);
} verbs[] = {
    {"continue", qrt_cmd_log_continue}, {"cosign", qrt_cmd_log_cosign},
    {"show", qrt_cmd_log_show},         {"takeover", qrt_cmd_log_takeover},
    {"verify", qrt_cmd_log_verify},     {"prove", qrt_cmd_log_prove},
    {"export", qrt_cmd_log_export},
};
#define VERBS (sizeof verbs / sizeof verbs[0])

enum qrt_code qrt_cmd_log(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    QRT_BUF known = {0};
    for (size_t i = 0; i < VERBS; i++) {
        if (argc > 1 && strcmp(argv[1], verbs[i].verb) == 0) {
            return verbs[i].run(cli, argc - 1, argv + 1, err);
        }
        const char *between = i + 1 == VERBS ? " or " : ", ";
        qrt_buf_printf(&known, "%s%s", i == 0 ? "" : between, verbs[i].verb);
    }
    return qrt_fail(err, QRT_E_USAGE, "log takes %s", qrt_buf_str(&known));
}
