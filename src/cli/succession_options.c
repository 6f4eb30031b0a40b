#include "cli/succession_options.h"

enum qrt_code qrt_succession_options(struct qrt_succession_request *request, int *argc, char **argv,
                                     struct qrt_err *err)
{
    enum qrt_code code = qrt_cli_options(request->operators, &request->operators_len,
                                         QRT_OPERATORS_MAX, argc, argv, "--operator", err);
    return code == QRT_OK ? qrt_cli_option(&request->confirm, argc, argv, "--confirm", err) : code;
}
