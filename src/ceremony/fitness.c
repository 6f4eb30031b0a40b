#include "ceremony/fitness.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "worker/cage.h"
#include "worker/calls.h"
#include "worker/spool.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

/* The answers, a page of cards and the keys of a ceremony at once. */
#define LOCKED_BYTES (6U << 20)
#define FILE_BYTES   (1U << 20)
/* 2026 to 2100: before it the clock has lost its battery. */
#define CLOCK_FIRST_UNIX_S 1767225600
#define CLOCK_LAST_UNIX_S  4102444800

static void add(struct qrt_fitness *fitness, const char *name, bool finding, const char *format,
                ...) QRT_PRINTF(4, 5);

static void add(struct qrt_fitness *fitness, const char *name, bool finding, const char *format,
                ...)
{
    struct qrt_check *check = &fitness->checks[fitness->len++];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(check->words, sizeof check->words, format, args);
    va_end(args);
    check->name = name;
    check->finding = finding;
}

static bool read_text(struct qrt_buf *out, const struct qrt_surroundings *here, const char *path)
{
    QRT_BUF whole = {0};
    qrt_buf_printf(&whole, "%s%s", here->root, path);
    return qrt_file_read(out, AT_FDCWD, qrt_buf_str(&whole), FILE_BYTES, NULL) == QRT_OK;
}

static void cannot_read(struct qrt_fitness *fitness, const char *name, const char *path)
{
    add(fitness, name, true, "%s cannot be read, so that nothing is known of it", path);
}

static void look_at_swap(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    QRT_BUF text = {0};
    if (!read_text(&text, here, "/proc/swaps")) {
        cannot_read(fitness, "swap", "/proc/swaps");
        return;
    }
    /* A heading, then a line for each. */
    const char *line = strchr(qrt_buf_str(&text), '\n');
    bool on = line != NULL && line[1] != '\0';
    add(fitness, "swap", on, "%s",
        on ? "swap is on, and memory may reach a disk: run `swapoff -a`" : "no swap");
}

static void look_at_core_pattern(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    static const char path[] = "/proc/sys/kernel/core_pattern";
    QRT_BUF text = {0};
    if (!read_text(&text, here, path)) {
        cannot_read(fitness, "core-pattern", path);
        return;
    }
    bool piped = qrt_buf_str(&text)[0] == '|';
    add(fitness, "core-pattern", piped, "%s",
        piped ? "the memory of crashed programs is handed to another program: run "
                "`sysctl kernel.core_pattern=core`"
              : "no program is handed the memory of crashed ones");
}

static void look_at_mlock(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    bool can = here->can_lock(LOCKED_BYTES);
    add(fitness, "mlock", !can,
        can ? "%u MiB can be locked in RAM"
            : "%u MiB cannot be locked in RAM: raise `ulimit -l` for this user",
        LOCKED_BYTES >> 20);
}

/* Is it up? The flags are hexadecimal; what cannot be read counts as up. */
static bool is_up(const struct qrt_surroundings *here, const char *interface)
{
    QRT_BUF path = {0};
    QRT_BUF text = {0};
    qrt_buf_printf(&path, "/sys/class/net/%s/flags", interface);
    return !read_text(&text, here, qrt_buf_str(&path)) ||
           (strtoul(qrt_buf_str(&text), NULL, 16) & IFF_UP) != 0;
}

static void look_at_interfaces(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    QRT_BUF path = {0};
    QRT_BUF up = {0};
    qrt_buf_printf(&path, "%s/sys/class/net", here->root);
    DIR *dir = opendir(qrt_buf_str(&path));
    if (dir == NULL) {
        cannot_read(fitness, "network-interface", "/sys/class/net");
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
    bool any = up.len_bytes > 0;
    add(fitness, "network-interface", any, "%s%.120s%s",
        any ? "a network interface is up: " : "no network interface is up", qrt_buf_str(&up),
        any ? "; pull the cable, switch the radio off, run `ip link set NAME down`" : "");
}

static void look_at_rng(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    add(fitness, "rng", !here->rng_ready, "%s",
        here->rng_ready ? "the kernel's random numbers are seeded"
                        : "the kernel's random numbers are not seeded yet: wait, and type on the "
                          "keyboard meanwhile");
}

/* The type of file system on which `path` lies: of the mounts above it the one
 * with the longest name, and of those the last. */
static bool is_in_memory(const char *mounts, const char *path)
{
    size_t longest = 0;
    bool memory = false;
    for (const char *line = mounts; *line != '\0';) {
        char place[PATH_MAX];
        char type[64];
        size_t len;
        if (sscanf(line, "%*s %4095s %63s", place, type) == 2 && (len = strlen(place)) > 0) {
            bool above = strcmp(place, "/") == 0 ||
                         (strncmp(path, place, len) == 0 && (path[len] == '/' || path[len] == 0));
            if (above && len >= longest) {
                longest = len;
                memory = strcmp(type, "tmpfs") == 0 || strcmp(type, "ramfs") == 0;
            }
        }
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    return memory;
}

static void look_at_spool(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    static const char spool[] = "/var/spool/cups";
    QRT_BUF path = {0};
    QRT_BUF mounts = {0};
    struct stat st;
    qrt_buf_printf(&path, "%s%s", here->root, spool);
    if (stat(qrt_buf_str(&path), &st) != 0 && errno == ENOENT) {
        add(fitness, "spool", false, "no printer's spool");
        return;
    }
    bool known = read_text(&mounts, here, "/proc/self/mounts");
    bool memory = known && is_in_memory(qrt_buf_str(&mounts), spool);
    add(fitness, "spool", !memory, "%s",
        memory ? "the printer's spool is in memory"
               : "the printer's spool is on a disk, and keeps what is printed: mount a tmpfs on "
                 "/var/spool/cups");
}

static void look_at_clock(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    char now[QRT_TIME_CHARS + 1];
    qrt_clock_format(now, here->now_unix_s);
    bool plausible = here->now_unix_s >= CLOCK_FIRST_UNIX_S && here->now_unix_s < CLOCK_LAST_UNIX_S;
    add(fitness, "clock", !plausible, "%s %s",
        plausible ? "it is, by this clock," : "set the clock from a wall clock: it says", now);
}

static void look_for_debugger(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    QRT_BUF text = {0};
    const char *line = NULL;
    if (read_text(&text, here, "/proc/self/status")) {
        line = strstr(qrt_buf_str(&text), "\nTracerPid:");
    }
    if (line == NULL) {
        cannot_read(fitness, "debugger", "/proc/self/status");
        return;
    }
    bool traced = strtoul(line + strlen("\nTracerPid:"), NULL, 10) != 0;
    add(fitness, "debugger", traced, "%s",
        traced ? "another program is tracing this one, and can read all that it holds"
               : "nothing traces this program");
}

static void look_at_landlock(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    bool has = here->landlock_abi > 0;
    add(fitness, "landlock", !has, "%s",
        has ? "the kernel keeps the workers from all files"
            : "the kernel has no Landlock: seccomp alone keeps the workers from files; boot with "
              "`lsm=landlock,...`, or a kernel of 5.13 or later");
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
    look_at_spool(fitness, here);
    look_at_clock(fitness, here);
    look_for_debugger(fitness, here);
    look_at_landlock(fitness, here);
}

void qrt_fitness_try_workers(struct qrt_fitness *fitness)
{
    static const char *const programs[] = {QRT_PRINT_PROGRAM, QRT_SCAN_PROGRAM, QRT_SPOOL_PROGRAM};
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        QRT_WORKER worker = {0};
        struct qrt_err why = {0};
        if (qrt_worker_start(&worker, programs[i], &why) != QRT_OK) {
            add(fitness, "workers", true, "%s", why.what);
            return;
        }
    }
    add(fitness, "workers", false, "each worker starts and is caged");
}

enum qrt_code qrt_fitness_admit(const struct qrt_policy *policy, const struct qrt_ui *ui,
                                struct qrt_err *err)
{
    struct qrt_surroundings here;
    struct qrt_fitness fitness;
    const struct qrt_check *refused = NULL;
    qrt_surroundings_here(&here);
    qrt_fitness_look(&fitness, &here);
    for (size_t i = 0; i < fitness.len; i++) {
        const struct qrt_check *check = &fitness.checks[i];
        if (!check->finding) {
            continue;
        }
        QRT_BUF line = {0};
        qrt_buf_printf(&line, "machine: %s: %s", check->name, check->words);
        ui->tell(ui->ctx, qrt_buf_str(&line));
        if (refused == NULL && !policy->practice && !qrt_policy_excepts(policy, check->name)) {
            refused = check;
        }
    }
    return refused == NULL
               ? QRT_OK
               : qrt_fail(err, QRT_E_FAILED, "this machine is not fit for a real vault: %s: %.140s",
                          refused->name, refused->words);
}
