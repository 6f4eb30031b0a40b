/* Whole processes against one another, in turn, so that they meet the same
 * machine. Usage:
 *
 *   bench_process RUNS INPUT ANSWERS COMMAND… [+ INPUT ANSWERS COMMAND…]…
 *
 * INPUT is descriptor 0, ANSWERS descriptor 3, a pipe that nobody reads is
 * descriptor 4. One line a command: median and fastest run in microseconds, and
 * the peak of resident memory in KiB, its children included. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS_MAX = 8 };

struct command {
    const char *input;
    const char *answers;
    char **argv;
    double *us;
    long peak_kib;
};

extern char **environ;

static void need(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "bench_process: %s\n", what);
        exit(1);
    }
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double run(struct command *command)
{
    posix_spawn_file_actions_t actions;
    int secrets[2];
    pid_t pid;
    int status;
    struct rusage usage;
    need(pipe2(secrets, O_CLOEXEC) == 0, "no pipe");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, command->input, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, secrets[1], 4);
    posix_spawn_file_actions_addopen(&actions, 3, command->answers, O_RDONLY, 0);
    double start = now_us();
    need(posix_spawn(&pid, command->argv[0], &actions, NULL, command->argv, environ) == 0,
         command->argv[0]);
    need(wait4(pid, &status, 0, &usage) == pid, "no child");
    double us = now_us() - start;
    need(WIFEXITED(status) && WEXITSTATUS(status) == 0, command->argv[0]);
    command->peak_kib = usage.ru_maxrss > command->peak_kib ? usage.ru_maxrss : command->peak_kib;
    posix_spawn_file_actions_destroy(&actions);
    close(secrets[0]);
    close(secrets[1]);
    return us;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    struct command commands[COMMANDS_MAX] = {0};
    size_t n = 0;
    need(argc > 4, "usage: bench_process RUNS INPUT ANSWERS COMMAND... [+ ...]");
    size_t runs = (size_t)atoi(argv[1]);
    for (int i = 2; i < argc; n++) {
        need(n < COMMANDS_MAX && i + 2 < argc, "too many commands, or half a one");
        commands[n] = (struct command){argv[i], argv[i + 1], &argv[i + 2],
                                       calloc(runs + 1, sizeof(double)), 0};
        need(commands[n].us != NULL, "no memory");
        while (i < argc && strcmp(argv[i], "+") != 0) {
            i++;
        }
        if (i < argc) {
            argv[i++] = NULL;
        }
    }
    /* The first run of each warms the caches and does not count; but what is run once is run
     * once, for a command may leave something behind. */
    for (size_t r = runs > 1 ? 0 : 1; r <= runs; r++) {
        for (size_t c = 0; c < n; c++) {
            commands[c].us[r] = run(&commands[c]);
        }
    }
    for (size_t c = 0; c < n; c++) {
        qsort(commands[c].us + 1, runs, sizeof(double), compare);
        printf("%.0f %.0f %ld\n", commands[c].us[1 + runs / 2], commands[c].us[1],
               commands[c].peak_kib);
        free(commands[c].us);
    }
    return 0;
}
