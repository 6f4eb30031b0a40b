#include "cli/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define FIRST_MS 500 /* what is read in less is not told of */
#define EACH_MS  100

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void qrt_progress_start(struct qrt_progress_line *line, const struct qrt_cli *cli)
{
    *line = (struct qrt_progress_line){.wanted =
                                           !cli->json && !cli->quiet && isatty(STDERR_FILENO) == 1,
                                       .next_ms = monotonic_ms() + FIRST_MS};
}

/* The last column stays free: a line that fills it moves some terminals on. */
static unsigned columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col - 1U : 79;
}

void qrt_progress_tell(struct qrt_progress_line *line, uint64_t done, uint64_t all)
{
    int64_t now_ms = line->wanted ? monotonic_ms() : 0;
    if (!line->wanted || now_ms < line->next_ms) {
        return;
    }
    char text[80];
    line->next_ms = now_ms + EACH_MS;
    if (all > 0 && done <= all) {
        snprintf(text, sizeof text, "%u %% of %llu entries read", (unsigned)(done * 100 / all),
                 (unsigned long long)all);
    } else {
        snprintf(text, sizeof text, "%llu entries read", (unsigned long long)done);
    }
    unsigned room = columns();
    int n = fprintf(stderr, "\r%-*.*s", (int)(line->drawn < room ? line->drawn : room), (int)room,
                    text);
    fflush(stderr);
    line->drawn = n > 0 ? (unsigned)n - 1 : 0;
}

void qrt_progress_end(struct qrt_progress_line *line)
{
    if (line->drawn > 0) {
        fprintf(stderr, "\r%*s\r", (int)line->drawn, "");
        fflush(stderr);
    }
    *line = (struct qrt_progress_line){0};
}
