#include "cli/sheets.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "card/trial.h"
#include "cli/cli.h"
#include "worker/calls.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A sheet of that name would stand in the way of one of ours. */
static bool is_sheet_name(const char *name)
{
    static const char *const kinds[] = {"card-", "label-", "wallet-", "sealed-"};
    size_t len = strlen(name);
    bool ours = false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        ours = ours || strncmp(name, kinds[i], strlen(kinds[i])) == 0;
    }
    return ours && len > 4 && strcmp(name + len - 4, ".pdf") == 0;
}

enum qrt_code qrt_sheets_paper(enum qrt_paper *paper, int *argc, char **argv, struct qrt_err *err)
{
    const char *name;
    enum qrt_code code = qrt_cli_option(&name, argc, argv, "--paper", err);
    if (code != QRT_OK) {
        return code;
    }
    bool letter = name != NULL && strcmp(name, "letter") == 0;
    *paper = letter ? QRT_PAPER_LETTER : QRT_PAPER_A4;
    return name == NULL || letter || strcmp(name, "a4") == 0
               ? QRT_OK
               : qrt_fail(err, QRT_E_USAGE, "--paper: a4 or letter");
}

static enum qrt_code open_folder(struct qrt_sheets *sheets, struct qrt_err *err)
{
    sheets->made = mkdir(sheets->folder, 0700) == 0;
    if (!sheets->made && errno != EEXIST) {
        return qrt_fail_os(err, QRT_E_IO, errno, "--sheets: making the folder");
    }
    sheets->fd = open(sheets->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    sheets->open = sheets->fd >= 0;
    return sheets->open ? QRT_OK : qrt_fail_os(err, QRT_E_IO, errno, "--sheets: the folder");
}

static enum qrt_code ready_folder(struct qrt_sheets *sheets, struct qrt_err *err)
{
    enum qrt_code code = open_folder(sheets, err);
    if (code != QRT_OK) {
        return code;
    }
    int listed = fcntl(sheets->fd, F_DUPFD_CLOEXEC, 0);
    DIR *dir = listed < 0 ? NULL : fdopendir(listed);
    if (dir == NULL) {
        return qrt_fail_os(err, QRT_E_IO, errno, "--sheets: the folder");
    }
    bool free_of_sheets = true;
    const struct dirent *item;
    while ((item = readdir(dir)) != NULL) {
        free_of_sheets = free_of_sheets && !is_sheet_name(item->d_name);
    }
    closedir(dir);
    return free_of_sheets ? QRT_OK
                          : qrt_fail(err, QRT_E_USAGE,
                                     "--sheets: sheets lie in the folder already; name a new one");
}

enum qrt_code qrt_sheets_options(struct qrt_sheets *sheets, const struct qrt_cli *cli, int *argc,
                                 char **argv, bool optional, struct qrt_err *err)
{
    const char *sides;
    enum qrt_code code;
    if ((code = qrt_cli_option(&sheets->folder, argc, argv, "--sheets", err)) != QRT_OK ||
        (code = qrt_cli_option(&sheets->printer, argc, argv, "--printer", err)) != QRT_OK ||
        (code = qrt_cli_option(&sides, argc, argv, "--sides", err)) != QRT_OK ||
        (code = qrt_sheets_paper(&sheets->paper, argc, argv, err)) != QRT_OK) {
        return code;
    }
    bool none = sheets->folder == NULL && sheets->printer == NULL;
    if ((none && !optional) || (sheets->folder != NULL && sheets->printer != NULL)) {
        return qrt_fail(err, QRT_E_USAGE,
                        sheets->folder == NULL
                            ? "--printer NAME or --sheets DIR: needed, where the sheets go"
                            : "--printer, --sheets: the sheets go to one of them, not to both");
    }
    if (sheets->folder != NULL && !qrt_text_is_nfc(sheets->folder, strlen(sheets->folder))) {
        return qrt_fail(err, QRT_E_USAGE, "--sheets: not a path in UTF-8");
    }
    if (sides != NULL &&
        (sheets->printer == NULL || (strcmp(sides, "one") != 0 && strcmp(sides, "two") != 0))) {
        return qrt_fail(err, QRT_E_USAGE, "--sides: one or two, with --printer");
    }
    sheets->both_sides = sides != NULL && strcmp(sides, "two") == 0;
    sheets->spool = cli->spool;
    return QRT_OK;
}

static enum qrt_code make_trial(struct qrt_secret *pdf, const struct qrt_sheets *sheets,
                                struct qrt_err *err)
{
    QRT_SECRET description = {0};
    struct qrt_sheet_trial trial = {
        .printer = sheets->printer, .paper = sheets->paper, .made_unix_s = qrt_clock_unix_s()};
    enum qrt_code code = qrt_sheet_trial_describe(&description, &trial, err);
    return code == QRT_OK ? qrt_print_pdf(pdf, &description, err) : code;
}

static enum qrt_code ready_printer(struct qrt_sheets *sheets, bool keeping_taken,
                                   struct qrt_err *err)
{
    QRT_SECRET pdf = {0};
    bool kept = false;
    enum qrt_code code;
    if ((code = qrt_spool_check(sheets->spool, sheets->printer, err)) != QRT_OK ||
        (code = make_trial(&pdf, sheets, err)) != QRT_OK ||
        (code = qrt_spool_print(sheets->spool, &kept, &pdf, "trial", false, &sheets->room, err)) !=
            QRT_OK) {
        return code;
    }
    if (kept && !keeping_taken) {
        return qrt_fail(err, QRT_E_REFUSED,
                        "printer %.60s: the trial sheet was still in CUPS when it was printed; set "
                        "`PreserveJobFiles No` in cupsd.conf and restart CUPS",
                        sheets->printer);
    }
    sheets->room.tell(sheets->room.ctx, "A trial sheet is printed. Hold a ruler to it before you "
                                        "go on: its line is 100 mm long.");
    if (kept) {
        sheets->room.tell(sheets->room.ctx,
                          "CUPS kept the trial sheet, as it will keep every card: whoever can read "
                          "its spool has the shares.");
    }
    return QRT_OK;
}

enum qrt_code qrt_sheets_ready(struct qrt_sheets *sheets, bool keeping_taken, struct qrt_err *err)
{
    return sheets->printer != NULL ? ready_printer(sheets, keeping_taken, err)
                                   : ready_folder(sheets, err);
}

static enum qrt_code deliver_to_printer(struct qrt_sheets *sheets, struct qrt_buf *where,
                                        const char *name, const struct qrt_secret *pdf,
                                        struct qrt_err *err)
{
    bool kept = false;
    enum qrt_code code =
        qrt_spool_print(sheets->spool, &kept, pdf, name, sheets->both_sides, &sheets->room, err);
    if (code != QRT_OK) {
        return code;
    }
    if (kept) {
        QRT_BUF line = {0};
        qrt_buf_printf(&line, "CUPS still had %s when it was printed, and was told to delete it.",
                       name);
        sheets->room.tell(sheets->room.ctx, qrt_buf_str(&line));
    }
    qrt_buf_printf(where, "printer:%s", sheets->printer);
    return qrt_buf_check(where, err);
}

enum qrt_code qrt_sheets_deliver(struct qrt_sheets *sheets, struct qrt_buf *where, const char *name,
                                 const struct qrt_secret *pdf, struct qrt_err *err)
{
    if (sheets->printer != NULL) {
        return deliver_to_printer(sheets, where, name, pdf, err);
    }
    enum qrt_code code = qrt_file_create(sheets->fd, name, pdf->data, pdf->len_bytes, err);
    if (code == QRT_OK) {
        qrt_buf_printf(where, "%s/%s", sheets->folder, name);
        code = qrt_buf_check(where, err);
    }
    return code;
}

enum qrt_code qrt_sheets_put(struct qrt_buf *where, struct qrt_sheets *sheets, const char *name,
                             const struct qrt_secret *description, struct qrt_err *err)
{
    QRT_SECRET pdf = {0};
    enum qrt_code code = qrt_print_pdf(&pdf, description, err);
    if (code == QRT_OK) {
        code = sheets->folder != NULL ? open_folder(sheets, err)
                                      : qrt_spool_check(sheets->spool, sheets->printer, err);
    }
    if (code == QRT_OK) {
        code = qrt_sheets_deliver(sheets, where, name, &pdf, err);
    }
    if (code != QRT_OK) {
        qrt_sheets_abandon(sheets);
    }
    return code;
}

void qrt_sheets_abandon(const struct qrt_sheets *sheets)
{
    if (sheets->made) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): what was made has a name. */
        (void)rmdir(sheets->folder);
    }
}

void qrt_sheets_close(struct qrt_sheets *sheets)
{
    if (sheets->open) {
        qrt_fd_close(&sheets->fd);
    }
    *sheets = (struct qrt_sheets){0};
}
