/* Explores the commit protocol to its end: every sub-step killed or cut off
 * from power, recoveries too, with an attacker who puts older files back.
 *
 * usage: commit_model [--row N] [--texts N] [--copies N] [--puts N] [--cosign 1] [--fault NAME]
 *                     [--stray] [--renames] [--states]
 *   --fault   a fault is planted: exit 0 if, and only if, it is found
 *   --renames the file system cannot exchange two files
 *   --states  every state of the files between runs, and what opening makes of it
 */
#include "checks.h"
#include "seen.h"
#include "states.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const fault_names[FAULTS] = {
    "sign-early",      "show-early",      "no-folder-sync", "no-file-sync",
    "overwrite-early", "no-step-1",       "step-3-first",   "synchronous-off",
    "no-opening-sync", "no-parent-sync",  "play-always",    "play-untried",
    "heads-alone",     "replace-pending", "no-mark",        "cosign-untold",
};

static const char *const command_names[] = {"found", "look", "add", "cosign", "copy", "put back"};
static const char *const end_names[] = {"", ", killed", ", power cut"};

static struct {
    unsigned row, copies, puts, cosign;
} limit = {3, 1, 1, 0};

static struct how going; /* the run that is under way */
static uint64_t moments, cuts;
static const char *broken;

static void tell_way(uint32_t i)
{
    struct how how = seen.how[i];
    if (i != 0) {
        tell_way(how.from);
        printf("  %s%s", command_names[how.command], end_names[how.end]);
        printf(how.end == ENDED ? "" : " after step %u", how.step);
        printf(how.command == PUT ? " %s%s%s" : "", how.files & 1 ? "log.key " : "",
               how.files & 2 ? "vault.sqlite " : "", how.files & 4 ? "journal" : "");
        printf("\n      ");
        world_print(&seen.world[i]);
    }
}

void check_failed(const struct world *w, const char *why)
{
    if (broken != NULL) {
        return;
    }
    broken = why;
    printf("BROKEN: %s\n", why);
    tell_way(going.from);
    printf("  %s, step %u\n      ", command_names[going.command], going.step);
    world_print(w);
}

static void after_cut(const struct world *after)
{
    struct how how = going;
    how.end = POWER_CUT;
    cuts++;
    seen_add(after, how);
}

void world_moment(struct world *w)
{
    if (check_quiet || broken != NULL) {
        return;
    }
    moments++;
    going.step++;
    check_signatures(w);
    if (w->row < limit.row) {
        struct world left = *w;
        struct how how = going;
        left.row++;
        how.end = KILLED;
        struct world cut = left;
        world_tidy(&left);
        seen_add(&left, how);
        world_power_cut(&cut, after_cut);
    }
}

/* ---- the search ---- */

static void run(const struct world *start, enum command command, uint32_t from)
{
    struct world w = *start;
    going = (struct how){.from = from, .command = (uint8_t)command, .end = ENDED};
    world_moment(&w);
    if (command == FOUND) {
        if (!protocol_found(&w)) {
            return;
        }
    } else {
        struct outcome outcome = protocol_open(&w, command != LOOK);
        check_opening(start, &w, command != LOOK, outcome);
        if (command == ADD && outcome.verdict == OPEN && broken == NULL) {
            (void)protocol_commit(&w, outcome.head);
        } else if (command == COSIGN && outcome.verdict == OPEN && broken == NULL) {
            (void)protocol_cosign(&w, outcome.head);
        }
    }
    protocol_close(&w);
    w.row = 0;
    world_tidy(&w);
    check_signatures(&w);
    seen_add(&w, going);
}

static const enum name swapped[] = {KEY, DB, JNL};

static void put_by(const struct world *start, uint32_t from)
{
    struct world w = *start;
    memset(&w.copy, 0, sizeof w.copy);
    for (unsigned i = 0; i < 3; i++) {
        enum name name = swapped[i];
        if (w.now[name] != NOTHING) {
            w.copy.there[name] = 1;
            w.copy.file[name] = w.inode[w.now[name]];
            for (unsigned c = 0; c < 2; c++) {
                w.copy.file[name].maybe[c] = (uint16_t)(1U << w.copy.file[name].cell[c]);
            }
        }
    }
    w.copied = 1;
    w.copies++;
    world_tidy(&w);
    seen_add(&w, (struct how){.from = from, .command = COPY});
}

/* The attacker's files reach the disk, and so does all else. */
static void put_back(const struct world *start, unsigned files, uint32_t from)
{
    struct world w = *start;
    bool differs = false;
    memcpy(w.synced, w.now, sizeof w.synced);
    memset(w.change, 0, sizeof w.change);
    w.changes = 0;
    for (unsigned n = 0; n < NAMES; n++) {
        for (unsigned c = 0; w.now[n] != NOTHING && c < 2; c++) {
            w.inode[w.now[n]].maybe[c] = (uint16_t)(1U << w.inode[w.now[n]].cell[c]);
        }
    }
    for (unsigned i = 0; i < 3; i++) {
        enum name name = swapped[i];
        struct world with = w;
        if ((files & 1U << i) == 0) {
            continue;
        }
        with.now[name] = 0;
        if (w.copy.there[name]) {
            with.now[name] = INODES - 1;
            with.inode[INODES - 1] = w.copy.file[name];
        }
        with.synced[name] = with.now[name];
        if (check_same_file(&with, &w, name)) {
            return; /* a smaller choice does the same */
        }
        differs = true;
        with.key_back |= name == KEY;
        world_tidy(&with);
        w = with;
    }
    if (differs) {
        w.attacked = 1;
        w.puts++;
        world_tidy(&w);
        seen_add(&w, (struct how){.from = from, .command = PUT, .files = (uint8_t)files});
    }
}

static void expand(uint32_t i)
{
    struct world w = seen.world[i];
    if (w.folder == 0 || w.now[KEY] == NOTHING) {
        run(&w, FOUND, i);
    }
    if (w.folder != 0) {
        run(&w, LOOK, i);
        run(&w, ADD, i);
        if (limit.cosign) {
            run(&w, COSIGN, i);
        }
    }
    if (w.copies < limit.copies && limit.puts > 0 && w.folder != 0) {
        put_by(&w, i);
    }
    for (unsigned files = 1; files < 8 && w.copied && w.puts < limit.puts; files++) {
        put_back(&w, files, i);
    }
}

static void explore(void)
{
    struct world nothing;
    memset(&nothing, 0, sizeof nothing);
    seen_add(&nothing, (struct how){0});
    for (uint32_t i = 0; i < seen.len && broken == NULL; i++) {
        expand(i);
    }
}

static bool wants_states;

static void read_options(char **argv)
{
    for (int i = 1; argv[i] != NULL; i++) {
        const char *value = argv[i + 1];
        if (strcmp(argv[i], "--stray") == 0) {
            stray_journal_fits = true;
        } else if (strcmp(argv[i], "--renames") == 0) {
            only_renames = true;
        } else if (strcmp(argv[i], "--states") == 0) {
            wants_states = true;
        } else if (value == NULL) {
            fprintf(stderr, "%s: no value\n", argv[i]);
            exit(2);
        } else if (strcmp(argv[i], "--fault") == 0) {
            for (planted = 0; planted < FAULTS; planted++) {
                if (strcmp(value, fault_names[planted]) == 0) {
                    break;
                }
            }
            if (planted == FAULTS) {
                fprintf(stderr, "%s: no such fault\n", value);
                exit(2);
            }
            i++;
        } else {
            unsigned number = (unsigned)strtoul(value, NULL, 10);
            unsigned *to = strcmp(argv[i], "--row") == 0      ? &limit.row
                           : strcmp(argv[i], "--texts") == 0  ? &world_texts
                           : strcmp(argv[i], "--copies") == 0 ? &limit.copies
                           : strcmp(argv[i], "--cosign") == 0 ? &limit.cosign
                                                              : &limit.puts;
            *to = number;
            i++;
        }
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    world_texts = 3;
    read_options(argv);
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    explore();
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds =
        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    fprintf(wants_states ? stderr : stdout,
            "%s%s%zu states, %llu moments, %llu power cuts, %.1f s\n",
            planted == FAULTS ? "" : fault_names[planted], planted == FAULTS ? "" : ": ", seen.len,
            (unsigned long long)moments, (unsigned long long)cuts, seconds);
    if (wants_states) {
        states_print(limit.cosign != 0);
    }
    return (broken != NULL) == (planted != FAULTS) ? 0 : 1;
}
