/* `log verify` of one vault, asked again and again in one process: for each line
 * read, a line with the exit code that the command would have, and the epoch of
 * each fault.
 *
 * usage: verify_driver DIR
 */
#include <quorate/err.h>
#include <quorate/log.h>

#include <stdio.h>

struct epochs {
    unsigned long long of[64];
    size_t len;
};

static void note_fault(void *ctx, const struct qrt_log_finding *finding)
{
    struct epochs *epochs = ctx;
    if (finding->fault && epochs->len < sizeof epochs->of / sizeof epochs->of[0]) {
        epochs->of[epochs->len++] = finding->epoch;
    }
}

int main(int argc, char **argv)
{
    char line[16];
    struct qrt_err err = {0};
    if (argc != 2) {
        return 2;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct epochs epochs = {0};
        struct qrt_log_summary summary;
        enum qrt_code code = qrt_vault_verify(&summary, argv[1], note_fault, NULL, &epochs, &err);
        if (code == QRT_OK && summary.faults > 0) {
            code = QRT_E_TAMPERED;
        }
        printf("%d", qrt_code_exit(code));
        for (size_t i = 0; i < epochs.len; i++) {
            printf(" %llu", epochs.of[i]);
        }
        putchar('\n');
        fflush(stdout);
    }
    return 0;
}
