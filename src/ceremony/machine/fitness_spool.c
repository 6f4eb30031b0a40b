#include "ceremony/machine/fitness_spool.h"

#include "base/text.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define NAME     "spool"
#define FIT      "the printer's spool is in memory, and forgets what was printed"
#define SETTINGS "/etc/cups/cupsd.conf"
#define PLACES   "/etc/cups/cups-files.conf"
#define SPOOL    "/var/spool/cups"

/* The last value of a directive in CUPS's settings; as it is if there is none.
 * A value longer than a path is none that could be right. */
static void directive(char value[static PATH_MAX], const char *text, const char *name)
{
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n"), line += *line != 0) {
        char key[64];
        char given[PATH_MAX];
        if (sscanf(line, "%63s %4095[^\n]", key, given) == 2 && strcasecmp(key, name) == 0) {
            size_t len = strlen(given);
            while (len > 0 && (given[len - 1] == ' ' || given[len - 1] == '\r')) {
                given[--len] = '\0';
            }
            memcpy(value, given, len + 1);
        }
    }
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

static bool is_there(const struct qrt_surroundings *here, const char *path)
{
    struct stat st;
    QRT_BUF whole = {0};
    qrt_buf_printf(&whole, "%s%s", here->root, path);
    return stat(qrt_buf_str(&whole), &st) == 0 || errno != ENOENT;
}

static void on_disk(struct qrt_fitness *fitness, const char *path)
{
    QRT_BUF shown = {0};
    qrt_text_escape(&shown, path, strlen(path));
    qrt_fitness_unfit(fitness, NAME, FIT,
                      "run `mount -t tmpfs -o mode=710,group=lp tmpfs` with that folder behind it, "
                      "then `systemctl restart cups`, both as root",
                      "the printer's spool is on a disk, where cards would stay: %.90s",
                      qrt_buf_str(&shown));
}

void qrt_fitness_look_at_spool(struct qrt_fitness *fitness, const struct qrt_surroundings *here)
{
    QRT_BUF settings = {0};
    QRT_BUF places = {0};
    QRT_BUF mounts = {0};
    char spool[PATH_MAX] = SPOOL;
    char temporary[PATH_MAX] = "";
    char keeps[PATH_MAX] = "86400";
    bool installed = is_there(here, SETTINGS);
    if (!installed && !is_there(here, SPOOL)) {
        qrt_fitness_fit(fitness, NAME, "no printer's spool");
        return;
    }
    if (installed && !qrt_fitness_read(&settings, here, SETTINGS)) {
        qrt_fitness_unknown(fitness, NAME, FIT, SETTINGS);
        return;
    }
    if (is_there(here, PLACES) && !qrt_fitness_read(&places, here, PLACES)) {
        qrt_fitness_unknown(fitness, NAME, FIT, PLACES);
        return;
    }
    directive(spool, qrt_buf_str(&places), "RequestRoot");
    directive(temporary, qrt_buf_str(&places), "TempDir");
    directive(keeps, qrt_buf_str(&settings), "PreserveJobFiles");
    if (!qrt_fitness_read(&mounts, here, "/proc/self/mounts") ||
        !is_in_memory(qrt_buf_str(&mounts), spool)) {
        on_disk(fitness, spool);
    } else if (temporary[0] != '\0' && !is_in_memory(qrt_buf_str(&mounts), temporary)) {
        on_disk(fitness, temporary);
    } else if (strcasecmp(keeps, "no") != 0 && strcasecmp(keeps, "off") != 0 &&
               strcasecmp(keeps, "false") != 0) {
        qrt_fitness_unfit(fitness, NAME, FIT,
                          "write the line `PreserveJobFiles No` into " SETTINGS
                          ", then run `systemctl restart cups`, both as root",
                          "CUPS keeps each sheet after it was printed, for a day if it is not told "
                          "otherwise");
    } else {
        qrt_fitness_fit(fitness, NAME, FIT);
    }
}
