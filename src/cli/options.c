#include "cli/cli.h"

#include "base/text.h"
#include <string.h>

enum qrt_code qrt_cli_option(const char **value, int *argc, char **argv, const char *name,
                             struct qrt_err *err)
{
    *value = NULL;
    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], name) != 0) {
            continue;
        }
        if (i + 1 >= *argc || *value != NULL) {
            return qrt_fail(err, QRT_E_USAGE, "%s: %s", name,
                            *value != NULL ? "given twice" : "needs a value");
        }
        *value = argv[i + 1];
        for (int j = i; j + 2 <= *argc; j++) {
            argv[j] = argv[j + 2];
        }
        *argc -= 2;
        i--;
    }
    return QRT_OK;
}

enum qrt_code qrt_cli_options(const char **values, size_t *values_len, size_t max, int *argc,
                              char **argv, const char *name, struct qrt_err *err)
{
    int kept = 0;
    *values_len = 0;
    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], name) != 0) {
            argv[kept++] = argv[i];
            continue;
        }
        if (i + 1 >= *argc || *values_len == max) {
            return qrt_fail(err, QRT_E_USAGE, "%s: %s", name,
                            i + 1 >= *argc ? "needs a value" : "given too often");
        }
        values[(*values_len)++] = argv[++i];
    }
    argv[kept] = NULL;
    *argc = kept;
    return QRT_OK;
}

bool qrt_cli_flag(int *argc, char **argv, const char *name)
{
    bool found = false;
    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            found = true;
            for (int j = i; j < *argc; j++) {
                argv[j] = argv[j + 1];
            }
            --*argc;
            i--;
        }
    }
    return found;
}

enum qrt_code qrt_cli_verb(struct qrt_cli *cli, int argc, char **argv, const struct qrt_verb *verbs,
                           size_t verbs_len, struct qrt_err *err)
{
    QRT_BUF known = {0};
    for (size_t i = 0; i < verbs_len; i++) {
        if (argc > 1 && strcmp(argv[1], verbs[i].name) == 0) {
            return verbs[i].run(cli, argc - 1, argv + 1, err);
        }
        const char *between = i + 1 == verbs_len ? " or " : ", ";
        qrt_buf_printf(&known, "%s%s", i == 0 ? "" : between, verbs[i].name);
    }
    return qrt_fail(err, QRT_E_USAGE, "%s takes %s", argv[0], qrt_buf_str(&known));
}

enum qrt_code qrt_cli_no_more_options(int argc, char **argv, struct qrt_err *err)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0) {
            QRT_BUF escaped = {0};
            qrt_text_escape(&escaped, argv[i], strlen(argv[i]));
            return qrt_fail(err, QRT_E_USAGE, "%.64s: no such option", qrt_buf_str(&escaped));
        }
    }
    return QRT_OK;
}

enum qrt_code qrt_cli_no_more_arguments(int argc, char **argv, struct qrt_err *err)
{
    enum qrt_code code = qrt_cli_no_more_options(argc, argv, err);
    if (code == QRT_OK && argc > 1) {
        QRT_BUF escaped = {0};
        return qrt_fail(err, QRT_E_USAGE, "%.64s: one argument too many",
                        qrt_cli_shown(&escaped, argv[1]));
    }
    return code;
}
