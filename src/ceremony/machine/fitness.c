#include "ceremony/machine/fitness.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "ceremony/machine/fitness_spool.h"
#include "worker/cage.h"
#include "worker/calls.h"
#include "worker/spool.h"
#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* The answers, a page of cards and the keys of a ceremony at once. */
#define LOCKED_BYTES (6U << 20)
#define FILE_BYTES   (1U << 20)
/* 2026 to 2100: before it the clock has lost its battery. */
#define CLOCK_FIRST_UNIX_S 1767225600
#define CLOCK_LAST_UNIX_S  4102444800

void qrt_fitness_fit(struct qrt_fitness *fitness, const char *name, const char *fit)
{
    struct qrt_check *check = &fitness->checks[fitness->len++];
    *check = (struct qrt_check){.name = name, .fit = fit};
    (void)snprintf(check->words, sizeof check->words, "%s", fit);
}

void qrt_fitness_unfit(struct qrt_fitness *fitness, const char *name, const char *fit,
                       const char *remedy, const char *format, ...)
{
    struct qrt_check *check = &fitness->checks[fitness->len++];
    *check = (struct qrt_check){.name = name, .finding = true, .fit = fit, .remedy = remedy};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(check->words, sizeof check->words, format, args);
    va_end(args);
}

bool qrt_fitness_read(struct qrt_buf *out, const struct qrt_surroundings *here, const char *path)
{
    QRT_BUF whole = {0};
    qrt_buf_printf(&whole, "%s%s", here->root, path);
    return qrt_file_read(out, AT_FDCWD, qrt_buf_str(&whole), FILE_BYTES, NULL) == QRT_OK;
}

void qrt_fitness_unknown(struct qrt_fitness *fitness, const char *name, const char *fit,
                         const char *path)
{
    qrt_fitness_unfit(fitness, name, fit, "have it readable for this user, and look again",
                      "%s cannot be read, so that nothing is known of it", path);
}

static void look_at_swap(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    static const char name[] = "swap";
    static const char fit[] = "swap is off";
    QRT_BUF text = {0};
    if (!qrt_fitness_read(&text, here, "/proc/swaps")) {
        qrt_fitness_unknown(fitness, name, fit, "/proc/swaps");
        return;
    }
    /* A heading, then a line for each. */
    const char *line = strchr(qrt_buf_str(&text), '\n');
    if (line != NULL && line[1] != '\0') {
        qrt_fitness_unfit(fitness, name, fit, "run `swapoff -a` as root",
                          "swap is on: memory may be written to a disk");
        return;
    }
    qrt_fitness_fit(fitness, name, fit);
}

static void look_at_core_pattern(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    static const char name[] = "core-pattern";
    static const char fit[] = "no program is handed the memory of crashed ones";
    static const char path[] = "/proc/sys/kernel/core_pattern";
    QRT_BUF text = {0};
    if (!qrt_fitness_read(&text, here, path)) {
        qrt_fitness_unknown(fitness, name, fit, path);
    } else if (qrt_buf_str(&text)[0] == '|') {
        qrt_fitness_unfit(fitness, name, fit, "run `sysctl -w kernel.core_pattern=core` as root",
                          "when a program crashes, another is handed its memory");
    } else {
        qrt_fitness_fit(fitness, name, fit);
    }
}

static void look_at_mlock(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    static const char name[] = "mlock";
    static const char fit[] = "memory can be locked, so that it never reaches a disk";
    if (here->can_lock(LOCKED_BYTES)) {
        qrt_fitness_fit(fitness, name, fit);
        return;
    }
    qrt_fitness_unfit(fitness, name, fit,
                      "run `ulimit -l unlimited` in this shell first; if it is refused, have root "
                      "raise memlock in /etc/security/limits.conf, and log in again",
                      "%u MiB of memory cannot be locked: secrets could reach a disk",
                      LOCKED_BYTES >> 20);
}

/* Is it up? The flags are hexadecimal; what cannot be read counts as up. */
static bool is_up(const struct qrt_surroundings *here, const char *interface)
{
    QRT_BUF path = {0};
    QRT_BUF text = {0};
    qrt_buf_printf(&path, "/sys/class/net/%s/flags", interface);
    return !qrt_fitness_read(&text, here, qrt_buf_str(&path)) ||
           (strtoul(qrt_buf_str(&text), NULL, 16) & IFF_UP) != 0;
}

static void look_at_interfaces(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    static const char name[] = "network-interface";
    static const char fit[] = "no network interface is up";
    QRT_BUF path = {0};
    QRT_BUF up = {0};
    qrt_buf_printf(&path, "%s/sys/class/net", here->root);
    DIR *dir = opendir(qrt_buf_str(&path));
    if (dir == NULL) {
        qrt_fitness_unknown(fitness, name, fit, "/sys/class/net");
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "lo") != 0 &&
            is_up(here, entry->d_name)) {
            qrt_buf_text(&up, up.len_bytes > 0 ? ", " : "");
            qrt_text_escape(&up, entry->d_name, strlen(entry->d_name));
        }
    }
    closedir(dir);
    if (up.len_bytes == 0) {
        qrt_fitness_fit(fitness, name, fit);
        return;
    }
    qrt_fitness_unfit(fitness, name, fit,
                      "pull the cable, switch the radio off, then run `ip link set dev NAME down` "
                      "as root for each",
                      "a network interface is up: %.120s", qrt_buf_str(&up));
}

static void look_at_rng(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    static const char name[] = "rng";
    static const char fit[] = "the kernel's random numbers are seeded";
    if (here->rng_ready) {
        qrt_fitness_fit(fitness, name, fit);
        return;
    }
    qrt_fitness_unfit(fitness, name, fit,
                      "wait some minutes, type on the keyboard meanwhile, and look again",
                      "the kernel's random numbers are not seeded yet");
}

static void look_at_clock(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    static const char name[] = "clock";
    static const char fit[] = "the clock can be right";
    char now[QRT_TIME_CHARS + 1];
    qrt_clock_format(now, here->now_unix_s);
    if (here->now_unix_s < CLOCK_FIRST_UNIX_S || here->now_unix_s >= CLOCK_LAST_UNIX_S) {
        qrt_fitness_unfit(fitness, name, fit,
                          "set it from a wall clock, in UTC: `date -u -s 'YYYY-MM-DD HH:MM'` as "
                          "root; then have its battery changed",
                          "the clock says %s, which cannot be: codes would be wrong", now);
        return;
    }
    qrt_fitness_fit(fitness, name, fit);
    struct qrt_check *check = &fitness->checks[fitness->len - 1];
    (void)snprintf(check->words, sizeof check->words, "it says %s: compare it with a wall clock",
                   now);
}

static void look_for_debugger(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    static const char name[] = "debugger";
    static const char fit[] = "no other program reads this one's memory";
    static const char path[] = "/proc/self/status";
    QRT_BUF text = {0};
    const char *line = NULL;
    if (qrt_fitness_read(&text, here, path)) {
        line = strstr(qrt_buf_str(&text), "\nTracerPid:");
    }
    unsigned long tracer = line == NULL ? 0 : strtoul(line + strlen("\nTracerPid:"), NULL, 10);
    if (line == NULL) {
        qrt_fitness_unknown(fitness, name, fit, path);
    } else if (tracer != 0) {
        qrt_fitness_unfit(fitness, name, fit,
                          "find out with `ps` what it is, and end it; until then nothing secret "
                          "belongs on this machine",
                          "process %lu traces this one, and can read all that it holds", tracer);
    } else {
        qrt_fitness_fit(fitness, name, fit);
    }
}

static void look_at_landlock(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    static const char name[] = "landlock";
    static const char fit[] = "the kernel keeps the workers from all files";
    if (here->landlock_abi > 0) {
        qrt_fitness_fit(fitness, name, fit);
        return;
    }
    qrt_fitness_unfit(fitness, name, fit,
                      "boot a kernel of 5.13 or later, with landlock among its `lsm=` modules",
                      "the kernel has no Landlock: seccomp alone keeps the workers from files");
}

static bool can_lock(size_t len_bytes)
{
    QRT_SECRET probe = {0};
    return qrt_secret_init(&probe, len_bytes, NULL) == QRT_OK;
}

void qrt_surroundings_here(struct qrt_surroundings *here)
{
    uint8_t byte;
    *here = (struct qrt_surroundings){
        .root = "",
        .now_unix_s = qrt_clock_unix_s(),
        .rng_ready = getrandom(&byte, 1, GRND_NONBLOCK) == 1,
        .can_lock = can_lock,
        .landlock_abi = qrt_cage_landlock_abi(),
    };
}

void qrt_fitness_look(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    *fitness = (struct qrt_fitness){0};
    look_at_swap(fitness, here);
    look_at_core_pattern(fitness, here);
    look_at_mlock(fitness, here);
    look_at_interfaces(fitness, here);
    look_at_rng(fitness, here);
    qrt_fitness_look_at_spool(fitness, here);
    look_at_clock(fitness, here);
    look_for_debugger(fitness, here);
    look_at_landlock(fitness, here);
}

void qrt_fitness_try_workers(struct qrt_fitness *fitness)
{
    static const char name[] = "workers";
    static const char fit[] = "each worker starts and is caged";
    static const char *const programs[] = {QRT_PRINT_PROGRAM, QRT_SCAN_PROGRAM, QRT_SPOOL_PROGRAM};
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        QRT_WORKER worker = {0};
        struct qrt_err why = {0};
        if (qrt_worker_start(&worker, programs[i], &why) != QRT_OK) {
            qrt_fitness_unfit(fitness, name, fit,
                              "install quorate anew: its programs belong together", "%.200s",
                              why.what);
            return;
        }
    }
    qrt_fitness_fit(fitness, name, fit);
}

/* A person reads it as a question, which is gone with its answer: as notes it
 * would fill the page. */
static enum qrt_code tell_findings(const struct qrt_ui *ui, const struct qrt_buf *findings,
                                   struct qrt_err *err)
{
    QRT_BUF words = {0};
    if (findings->len_bytes == 0) {
        return QRT_OK;
    }
    if (!ui->person) {
        ui->tell(ui->ctx, qrt_buf_str(findings));
        return QRT_OK;
    }
    qrt_buf_printf(&words, "%sPress Enter to go on, or stop and mend it.", qrt_buf_str(findings));
    return ui->wait(ui->ctx, qrt_buf_str(&words), err);
}

enum qrt_code qrt_fitness_admit(struct qrt_fitness *taken, const struct qrt_policy *policy,
                                const struct qrt_ui *ui, struct qrt_err *err)
{
    struct qrt_surroundings here;
    struct qrt_fitness fitness;
    const struct qrt_check *refused = NULL;
    *taken = (struct qrt_fitness){0};
    QRT_BUF findings = {0};
    qrt_surroundings_here(&here);
    qrt_fitness_look(&fitness, &here);
    for (size_t i = 0; i < fitness.len; i++) {
        const struct qrt_check *check = &fitness.checks[i];
        if (!check->finding) {
            continue;
        }
        qrt_buf_printf(&findings, "This machine: %s (%s). To mend it: %s.\n", check->words,
                       check->name, check->remedy);
        if (policy->practice) {
            continue;
        }
        if (qrt_policy_excepts(policy, check->name)) {
            taken->checks[taken->len++] = *check;
        } else if (refused == NULL) {
            refused = check;
        }
    }
    enum qrt_code code = tell_findings(ui, &findings, err);
    return code != QRT_OK || refused == NULL
               ? code
               : qrt_fail(err, QRT_E_FAILED, "this machine is not fit for a real vault: %s: %.140s",
                          refused->name, refused->words);
}
