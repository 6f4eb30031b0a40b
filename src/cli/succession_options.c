#include "cli/succession_options.h"

#include <string.h>

enum qrt_code qrt_succession_options(struct qrt_succession_request *request, int *argc, char **argv,
                                     struct qrt_err *err)
{
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], "--operator") != 0) {
            argv[kept++] = argv[i];
            continue;
        }
        if (i + 1 >= *argc || request->operators_len == QRT_OPERATORS_MAX) {
            return qrt_fail(err, QRT_E_USAGE, "--operator: %s",
                            i + 1 >= *argc ? "needs a value" : "too many operators");
        }
        request->operators[request->operators_len++] = argv[++i];
    }
    argv[kept] = NULL;
    *argc = kept;
    return qrt_cli_option(&request->confirm, argc, argv, "--confirm", err);
}
