#include "cli/cmd_log.h"

#include "base/file.h"
#include "base/text.h"
#include "cli/given.h"
#include "cli/log_proof.h"
#include "cli/progress.h"
#include "log/db.h"
#include "log/export_parts.h"
#include "log/people.h"
#include <fcntl.h>
#include <quorate/log.h>
#include <stdio.h>
#include <unistd.h>

/* What is verified, and what was found. */
struct verifying {
    const char *dir; /* an export; NULL: the vault */
    struct qrt_buf people;
    bool has_people;
    json_t *faults; /* NULL: printed as they come */
    json_t *notices;
    struct qrt_progress_line progress;
};

static void verifying_free(struct verifying *verifying)
{
    qrt_buf_free(&verifying->people);
    json_decref(verifying->faults);
    json_decref(verifying->notices);
}

static json_t *finding_json(const struct qrt_log_finding *finding, const char *word)
{
    return finding->file != NULL
               ? json_pack("{s:s, s:I, s:s}", "file", finding->file, "offset",
                           (json_int_t)finding->offset, word, finding->text)
               : json_pack("{s:I, s:I, s:s}", "index", (json_int_t)finding->index, "epoch",
                           (json_int_t)finding->epoch, word, finding->text);
}

static void found(void *ctx, const struct qrt_log_finding *finding)
{
    struct verifying *verifying = ctx;
    qrt_progress_end(&verifying->progress);
    const char *word = finding->fault ? "fault" : "notice";
    if (verifying->faults != NULL) {
        json_array_append_new(finding->fault ? verifying->faults : verifying->notices,
                              finding_json(finding, word));
    } else if (finding->file != NULL) {
        printf("%s: %s, byte %llu: %s\n", word, finding->file, (unsigned long long)finding->offset,
               finding->text);
    } else {
        printf("%s: entry %llu, epoch %llu: %s\n", word, (unsigned long long)finding->index,
               (unsigned long long)finding->epoch, finding->text);
    }
}

static void tell_progress(void *ctx, uint64_t done, uint64_t all)
{
    struct verifying *verifying = ctx;
    qrt_progress_tell(&verifying->progress, done, all);
}

static void print_vouched(const struct qrt_log_summary *summary)
{
    if (summary->faults > 0) {
        puts("Of a log with faults nothing is vouched for.");
        return;
    }
    printf("%llu of %llu entries are vouched for by the people given",
           (unsigned long long)summary->vouched, (unsigned long long)summary->entries);
    if (summary->vouched == summary->entries) {
        printf(": %u cosigned the last checkpoint; the policy asks for %u.\n", summary->cosigners,
               summary->cosigners_wanted);
        return;
    }
    puts(". Those after them are not: a session that lasts looks so, and so do entries that one "
         "badge wrote alone. Look at them, or ask for an export of after the session's end.");
}

static enum qrt_code print_summary(const struct verifying *verifying,
                                   const struct qrt_log_summary *summary, struct qrt_err *err)
{
    char fingerprint[2 * sizeof summary->fingerprint + 1];
    printf("%llu entries in %llu epochs: %s.\n", (unsigned long long)summary->entries,
           (unsigned long long)summary->epochs, summary->faults == 0 ? "no fault" : "FAULTS");
    if (summary->more) {
        puts("There are more faults than these, which are not listed.");
    }
    if (summary->entries > 0) {
        qrt_text_hex(fingerprint, summary->fingerprint, sizeof summary->fingerprint);
        printf("Fingerprint %s: compare it with a card or a receipt of %s.\n", fingerprint,
               summary->origin);
    }
    if (summary->pending) {
        puts("A commit is unfinished: the next command with an operator's badge completes it.");
    }
    if (verifying->has_people) {
        print_vouched(summary);
    } else if (verifying->dir != NULL) {
        puts("No people's keys were given, so only the log vouches for itself: take them from "
             "paper (--people).");
    }
    puts("This tells whether the log is whole and of its keys, not whether it is the latest: "
         "compare a receipt.");
    return qrt_cli_flush(err);
}

static enum qrt_code print_json(const struct verifying *verifying,
                                const struct qrt_log_summary *summary, struct qrt_err *err)
{
    char fingerprint[2 * sizeof summary->fingerprint + 1];
    qrt_text_hex(fingerprint, summary->fingerprint, sizeof summary->fingerprint);
    json_t *json = json_pack("{s:s, s:s, s:I, s:I, s:O, s:b, s:O}", "log", summary->origin,
                             "fingerprint", fingerprint, "entries", (json_int_t)summary->entries,
                             "epochs", (json_int_t)summary->epochs, "faults", verifying->faults,
                             "more", summary->more, "notices", verifying->notices);
    if (json != NULL && verifying->has_people) {
        json_object_set_new(json, "cosigners", json_integer(summary->cosigners));
        json_object_set_new(json, "cosigners_wanted", json_integer(summary->cosigners_wanted));
        json_object_set_new(json, "vouched", json_integer((json_int_t)summary->vouched));
    }
    return qrt_cli_print_json(json, err);
}

static enum qrt_code verify(struct verifying *verifying, const struct qrt_cli *cli,
                            struct qrt_err *err)
{
    struct qrt_log_summary summary;
    enum qrt_code code;
    if (cli->json) {
        verifying->faults = json_array();
        verifying->notices = json_array();
    }
    qrt_progress_start(&verifying->progress, cli);
    code =
        verifying->dir == NULL
            ? qrt_vault_verify(&summary, cli->vault, found, tell_progress, verifying, err)
            : qrt_export_verify(&summary, verifying->dir,
                                verifying->has_people ? qrt_buf_str(&verifying->people) : NULL,
                                verifying->people.len_bytes, found, tell_progress, verifying, err);
    qrt_progress_end(&verifying->progress);
    if (code != QRT_OK && verifying->dir == NULL) {
        qrt_cli_name_vault(cli, err);
    }
    if (code == QRT_OK) {
        code = cli->json ? print_json(verifying, &summary, err)
                         : print_summary(verifying, &summary, err);
    }
    if (code == QRT_OK && summary.faults > 0) {
        code = qrt_fail(err, QRT_E_TAMPERED, "the log: it has %s%llu fault%s",
                        summary.more ? "more than " : "", (unsigned long long)summary.faults,
                        summary.faults == 1 ? "" : "s");
    }
    return code;
}

/* A vault where an export was to be. */
static bool is_vault(const char *dir)
{
    QRT_FD dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return dir_fd >= 0 && faccessat(dir_fd, QRT_DB_FILE, F_OK, AT_SYMLINK_NOFOLLOW) == 0 &&
           faccessat(dir_fd, QRT_EXPORT_CHECKPOINT, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
}

/* Is anything of one there? What is missing of it is a fault. */
static bool is_export(const char *dir)
{
    static const char *const files[] = {QRT_EXPORT_CHECKPOINT, QRT_EXPORT_ENTRIES, QRT_EXPORT_SUMS};
    QRT_FD dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool any = dir_fd < 0; /* reading it tells */
    for (size_t i = 0; !any && i < sizeof files / sizeof files[0]; i++) {
        any = faccessat(dir_fd, files[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    }
    return any;
}

enum qrt_code qrt_cmd_log_verify(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    __attribute__((cleanup(verifying_free))) struct verifying verifying = {0};
    struct qrt_proof_options proof = {0};
    const char *people;
    enum qrt_code code;
    if ((code = qrt_cli_option(&people, &argc, argv, "--people", err)) != QRT_OK ||
        (code = qrt_cli_option(&proof.file, &argc, argv, "--proof", err)) != QRT_OK ||
        (code = qrt_cli_option(&proof.entry, &argc, argv, "--entry", err)) != QRT_OK ||
        (code = qrt_cli_option(&proof.receipt, &argc, argv, "--receipt", err)) != QRT_OK ||
        (code = qrt_cli_no_more_options(argc, argv, err)) != QRT_OK) {
        return code;
    }
    if (argc > 2 || (argc == 2 && (proof.file != NULL || cli->vault != NULL))) {
        return qrt_fail(err, QRT_E_USAGE,
                        "log verify: a vault (--vault), or one directory of an export, or --proof");
    }
    verifying.dir = argc == 2 ? argv[1] : NULL;
    if (verifying.dir != NULL && is_vault(verifying.dir)) {
        return qrt_fail(err, QRT_E_USAGE,
                        "%s is a vault, not an export of its log: give it with --vault",
                        verifying.dir);
    }
    if (verifying.dir != NULL && !is_export(verifying.dir)) {
        return qrt_fail(err, QRT_E_USAGE, "%s holds no export of a log", verifying.dir);
    }
    verifying.has_people = people != NULL;
    if (people != NULL &&
        (code = qrt_given_file(&verifying.people, people, QRT_PEOPLE_MAX_BYTES, err)) != QRT_OK) {
        return code;
    }
    if (proof.file != NULL) {
        return qrt_log_verify_proof(cli, &proof, people == NULL ? NULL : &verifying.people, err);
    }
    if (proof.entry != NULL || proof.receipt != NULL || (people != NULL && argc == 1)) {
        return qrt_fail(err, QRT_E_USAGE, "%s",
                        people != NULL && argc == 1 ? "--people: with an export or a proof"
                                                    : "--entry, --receipt: with --proof");
    }
    if (verifying.dir == NULL && (code = qrt_cli_vault(cli, err)) != QRT_OK) {
        return code;
    }
    return verify(&verifying, cli, err);
}
