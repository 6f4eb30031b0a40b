/* A worker that breaks its word once it is spoken to. It is built once for
 * each MODE; those of the cage answer with a PDF frame if they get away. */
#include "worker/cage.h"
#include "worker/frame.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum mode { MUTE, HANG, GARBAGE, WRONG, LONG, DIE, CRASH, OPEN, SOCKET, EXEC, FORK, CODE, WRITE };

static void misbehave(enum mode mode)
{
    static char *const argv[] = {NULL};
    void *page;
    pid_t pid;
    switch (mode) {
    case HANG:
        for (;;) {
        }
    case GARBAGE:
        (void)!write(STDOUT_FILENO, "garbage, and a lot of it", 24);
        return;
    case WRONG:
        (void)!qrt_frame_write(STDOUT_FILENO, QRT_FRAME_READY, 1, "", 1, QRT_NO_DEADLINE, NULL);
        return;
    case LONG:
        (void)!qrt_frame_write(STDOUT_FILENO, QRT_FRAME_PDF, QRT_FRAME_PDF_BYTES + 1, "", 1,
                               QRT_NO_DEADLINE, NULL);
        return;
    case CRASH:
        __builtin_trap();
    case OPEN:
        (void)!open("/dev/null", O_RDONLY);
        break;
    case SOCKET:
        (void)!socket(AF_UNIX, SOCK_STREAM, 0);
        break;
    case EXEC:
        execve("/bin/true", argv, argv);
        break;
    case FORK:
        pid = fork();
        if (pid == 0) {
            _exit(0);
        }
        break;
    case CODE:
        page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                    0);
        (void)page;
        break;
    case WRITE:
        (void)!write(7, "x", 1);
        break;
    case MUTE:
    case DIE:
        _exit(3);
    }
    (void)!qrt_frame_write(STDOUT_FILENO, QRT_FRAME_PDF, 1, "", 1, QRT_NO_DEADLINE, NULL);
}

int main(void)
{
    bool landlocked = false;
    unsigned flags = MODE == FORK ? QRT_CAGE_PANGO : 0;
    if (MODE == MUTE || qrt_cage_enter(NULL) != QRT_OK ||
        qrt_cage_close(&landlocked, 32U << 20, flags, NULL) != QRT_OK ||
        qrt_cage_greet(landlocked, NULL) != QRT_OK) {
        _exit(4);
    }
    char head[QRT_FRAME_HEAD_BYTES];
    if (qrt_frame_read_bytes(head, sizeof head, STDIN_FILENO, QRT_NO_DEADLINE, NULL) == QRT_OK) {
        misbehave(MODE);
    }
    _exit(0);
}
