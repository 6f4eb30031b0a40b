/* The paper workers by hand, for scripts:
 *   paper_tool KIND [practice] [letter] [long] > FILE.pdf
 * of card, label, wallet, receipt, sealed, minutes
 *   … describe > FILE              the sheet's description instead
 *   paper_tool payload KIND [long]   what its codes say, a line each
 *   paper_tool scan CODES FILE…     a line per file: codes seen, file, texts' lengths
 *   paper_tool texts CODES FILE     the texts, a line each
 * With PAPER_TOOL_PEAK set, the workers' peak resident memory goes to stderr. */
#include "base/file.h"
#include "paper/sample.h"
#include "worker/calls.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static int fail(const struct qrt_err *err)
{
    fprintf(stderr, "paper_tool: %s: %s\n", qrt_code_words(err->code), err->what);
    return qrt_code_exit(err->code);
}

/* The samples as the options after the kind want them. */
static struct samples samples_of(bool *describe, int argc, char **argv)
{
    struct samples s = sample_all();
    bool practice = false;
    enum qrt_paper paper = QRT_PAPER_A4;
    *describe = false;
    for (int i = 0; i < argc; i++) {
        *describe = *describe || strcmp(argv[i], "describe") == 0;
        practice = practice || strcmp(argv[i], "practice") == 0;
        if (strcmp(argv[i], "letter") == 0) {
            paper = QRT_PAPER_LETTER;
        }
        if (strcmp(argv[i], "long") == 0) {
            sample_make_long(&s);
        }
    }
    s.card.practice = s.label.practice = s.wallet.practice = s.receipt.practice =
        s.sealed.practice = s.minutes.practice = practice;
    s.card.paper = s.label.paper = s.wallet.paper = s.receipt.paper = s.sealed.paper =
        s.minutes.paper = paper;
    return s;
}

static enum qrt_code describe_sheet(struct qrt_secret *description, const char *kind,
                                    const struct samples *s, struct qrt_err *err)
{
    switch (kind[0]) {
    case 'c':
        return qrt_sheet_card_describe(description, &s->card, err);
    case 'l':
        return qrt_sheet_label_describe(description, &s->label, err);
    case 'w':
        return qrt_sheet_wallet_describe(description, &s->wallet, err);
    case 'r':
        return qrt_sheet_receipt_describe(description, &s->receipt, err);
    case 's':
        return qrt_sheet_sealed_describe(description, &s->sealed, err);
    default:
        return qrt_sheet_minutes_describe(description, &s->minutes, err);
    }
}

static int print(int argc, char **argv)
{
    struct qrt_err err = {0};
    QRT_SECRET description = {0};
    QRT_SECRET pdf = {0};
    bool describe;
    struct samples samples = samples_of(&describe, argc - 2, argv + 2);
    enum qrt_code code = describe_sheet(&description, argv[1], &samples, &err);
    if (code == QRT_OK && describe) {
        qrt_secret_move(&pdf, &description);
    } else if (code == QRT_OK) {
        code = qrt_print_pdf(&pdf, &description, &err);
    }
    if (code == QRT_OK) {
        code = qrt_fd_write_all(STDOUT_FILENO, pdf.data, pdf.len_bytes, &err);
    }
    return code == QRT_OK ? 0 : fail(&err);
}

static bool is_kind(const char *text)
{
    static const char *const kinds[] = {"card", "label", "wallet", "receipt", "sealed", "minutes"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(text, kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int scan(int argc, char **argv)
{
    struct qrt_err err = {0};
    QRT_WORKER worker = {0};
    if (qrt_worker_start(&worker, QRT_SCAN_PROGRAM, &err) != QRT_OK) {
        return fail(&err);
    }
    int status = 0;
    for (int i = 3; i < argc; i++) {
        QRT_BUF file = {0};
        QRT_SCAN found = {0};
        enum qrt_code code = qrt_file_read(&file, AT_FDCWD, argv[i], QRT_FRAME_IMAGE_BYTES, &err);
        if (code == QRT_OK) {
            code = qrt_scan_image(&found, &worker, file.data, file.len_bytes,
                                  (unsigned)atoi(argv[2]), &err);
        }
        if (code != QRT_OK) {
            status = fail(&err);
        } else if (strcmp(argv[1], "scan") == 0) {
            printf("%zu %s", found.seen, argv[i]);
            for (size_t j = 0; j < found.count; j++) {
                printf(" %zu", strlen(found.text[j]));
            }
            printf("\n");
        } else {
            for (size_t j = 0; j < found.count; j++) {
                printf("%s\n", found.text[j]);
            }
        }
    }
    return status;
}

/* The largest worker that there was: it is reaped by now. */
static int tell_peak(int status)
{
    struct rusage usage;
    if (getenv("PAPER_TOOL_PEAK") != NULL && getrusage(RUSAGE_CHILDREN, &usage) == 0) {
        fprintf(stderr, "peak_kib %ld\n", usage.ru_maxrss);
    }
    return status;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    if (argc >= 2 && is_kind(argv[1])) {
        return tell_peak(print(argc, argv));
    }
    if (argc >= 3 && strcmp(argv[1], "payload") == 0) {
        bool describe;
        struct samples samples = samples_of(&describe, argc - 3, argv + 3);
        sample_tell_payloads(&samples, argv[2]);
        return 0;
    }
    if (argc >= 4 && (strcmp(argv[1], "scan") == 0 || strcmp(argv[1], "texts") == 0)) {
        return tell_peak(scan(argc, argv));
    }
    fprintf(stderr, "usage: paper_tool KIND|payload|scan|texts …\n");
    return 2;
}
