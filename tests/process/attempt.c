/* Tries, from inside a filter, what the filter refuses: `attempt quorate CALL`
 * behind qrt_harden_no_network, `attempt worker CALL` behind a worker's cage,
 * `attempt spool CALL` behind that of quorate-spool,
 * `attempt none CALL` behind none. Prints errno, or 0; or is killed. */
#include "base/harden.h"
#include "worker/cage.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define X32_BIT 0x40000000

/* socket() as a 32-bit program calls it: number 359. */
static long call_int80(void)
{
    long result = -ENOSYS;
#if defined(__x86_64__)
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(359L), "b"(AF_INET), "c"(SOCK_STREAM), "d"(0)
                     : "memory");
#endif
    errno = result < 0 ? (int)-result : 0;
    return result < 0 ? -1 : result;
}

static long attempt(const char *call)
{
    int pair[2];
    if (strcmp(call, "inet") == 0) {
        return socket(AF_INET, SOCK_STREAM, 0);
    }
    if (strcmp(call, "unix") == 0) {
        return socket(AF_UNIX, SOCK_STREAM, 0);
    }
    if (strcmp(call, "unix-datagram") == 0) {
        return socket(AF_UNIX, SOCK_DGRAM, 0);
    }
    if (strcmp(call, "inet6") == 0) {
        return socket(AF_INET6, SOCK_DGRAM, 0);
    }
    if (strcmp(call, "open") == 0) {
        return open("/etc/passwd", O_RDONLY);
    }
    if (strcmp(call, "exec") == 0) {
        return execl("/bin/true", "true", NULL);
    }
    if (strcmp(call, "netlink") == 0) {
        return socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    }
    if (strcmp(call, "packet") == 0) {
        return socket(AF_PACKET, SOCK_RAW, 0);
    }
    if (strcmp(call, "socketpair") == 0) {
        return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    }
    if (strcmp(call, "io-uring") == 0) {
        char params[256] = {0};
        return syscall(SYS_io_uring_setup, 4, params);
    }
    if (strcmp(call, "connect") == 0) {
        return connect(0, NULL, 0);
    }
    if (strcmp(call, "sendmsg") == 0) {
        return sendmsg(0, NULL, 0);
    }
    if (strcmp(call, "recvmsg") == 0) {
        return recvmsg(0, NULL, 0);
    }
    if (strcmp(call, "ptrace") == 0) {
        return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    }
    if (strcmp(call, "x32") == 0) {
        return syscall(X32_BIT | SYS_socket, AF_INET, SOCK_STREAM, 0);
    }
    if (strcmp(call, "int80") == 0) {
        return call_int80();
    }
    exit(3);
}

int main(int argc, char **argv)
{
    struct qrt_err err = {0};
    bool landlocked;
    enum qrt_code code = argc == 3 ? QRT_OK : QRT_E_USAGE;
    if (code == QRT_OK && strcmp(argv[1], "quorate") == 0) {
        code = qrt_harden_process(&err);
        if (code == QRT_OK) {
            code = qrt_harden_no_network(&err);
        }
    } else if (code == QRT_OK && strcmp(argv[1], "none") != 0) {
        unsigned flags = strcmp(argv[1], "spool") == 0 ? QRT_CAGE_SPOOL : 0;
        code = qrt_cage_enter(&err);
        if (code == QRT_OK) {
            code = qrt_cage_close(&landlocked, 64U << 20, flags, &err);
        }
    }
    if (code != QRT_OK) {
        return 3;
    }
    char text[8];
    long result = attempt(argv[2]);
    int len = snprintf(text, sizeof text, "%d\n", result < 0 ? errno : 0);
    return write(STDOUT_FILENO, text, (size_t)len) == len ? 0 : 3;
}
