/* The command `quorate slip39` and nothing else of quorate. */
#include "cli/cmd_slip39.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct qrt_err err = {0};
    enum qrt_code code = qrt_cmd_slip39(NULL, argc, argv, &err);
    if (code != QRT_OK) {
        fprintf(stderr, "slip39_tool: error: %s: %s\n", qrt_code_words(code), err.what);
    }
    return qrt_code_exit(code);
}
