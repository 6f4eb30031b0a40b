#include "worker/cage.h"

#include "base/harden.h"
#include "worker/frame.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

int qrt_cage_landlock_abi(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return abi < 0 ? 0 : (int)abi;
}

enum qrt_code qrt_cage_enter(struct qrt_err *err)
{
    enum qrt_code code = qrt_harden_process(err);
    if (code != QRT_OK) {
        return code;
    }
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || close_range(3, ~0U, 0) != 0) {
        return qrt_fail_os(err, QRT_E_FAILED, errno, "this worker cannot be shut off");
    }
    return QRT_OK;
}

/* Every right over files that the kernel's ABI knows is handled, and no rule
 * grants one back. */
static bool landlock(struct qrt_err *err)
{
    int abi = qrt_cage_landlock_abi();
    if (abi == 0) {
        return true;
    }
    /* 13 rights in the first ABI; REFER came second, TRUNCATE third. */
    struct landlock_ruleset_attr rules = {.handled_access_fs = (1ULL << 13) - 1};
    if (abi >= 2) {
        rules.handled_access_fs |= 1ULL << 13;
    }
    if (abi >= 3) {
        rules.handled_access_fs |= 1ULL << 14;
    }
    long fd = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    long rc = fd < 0 ? -1 : syscall(SYS_landlock_restrict_self, fd, 0);
    int os = errno;
    if (fd >= 0) {
        close((int)fd);
    }
    if (rc != 0) {
        qrt_fail_os(err, QRT_E_FAILED, os, "Landlock");
    }
    return rc == 0;
}

static enum qrt_code limit(size_t data_bytes, unsigned flags, struct qrt_err *err)
{
    rlim_t most = (flags & QRT_CAGE_SPOOL) != 0 ? 4 : 3;
    struct rlimit files = {most, most};
    if (setrlimit(RLIMIT_NOFILE, &files) != 0) {
        return qrt_fail_os(err, QRT_E_FAILED, errno, "descriptors cannot be limited");
    }
#ifdef QRT_SANITIZED
    (void)data_bytes; /* the sanitizers' shadow is larger than any limit */
#else
    struct rlimit data = {data_bytes, data_bytes};
    if (setrlimit(RLIMIT_DATA, &data) != 0) {
        return qrt_fail_os(err, QRT_E_FAILED, errno, "memory cannot be limited");
    }
#endif
    return QRT_OK;
}

static void seccomp_free(scmp_filter_ctx *filter)
{
    if (*filter != NULL) {
        seccomp_release(*filter);
    }
}

/* A rule for a call with its arguments bounded. */
struct bounded {
    int call;
    unsigned int conditions;
    struct scmp_arg_cmp when[2];
};

static struct scmp_arg_cmp is(unsigned int argument, scmp_datum_t value)
{
    return (struct scmp_arg_cmp){argument, SCMP_CMP_EQ, value, 0};
}

static struct scmp_arg_cmp has(unsigned int argument, scmp_datum_t mask, scmp_datum_t value)
{
    return (struct scmp_arg_cmp){argument, SCMP_CMP_MASKED_EQ, mask, value};
}

static int allow_bounded(scmp_filter_ctx filter, const struct bounded *rules, size_t count)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rules[i].call, rules[i].conditions,
                                    rules[i].when);
    }
    return rc;
}

static int allow_plain(scmp_filter_ctx filter, const int *calls, size_t count)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    }
    return rc;
}

/* The kind of a socket, without the flags that may stand beside it. */
#define SOCK_KIND 0xf

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* (qsort asks sysinfo how much memory there is.) */
static int allow_work(scmp_filter_ctx filter)
{
    static const int plain[] = {
        SCMP_SYS(sysinfo),
        SCMP_SYS(munmap),
        SCMP_SYS(mremap),
        SCMP_SYS(brk),
        SCMP_SYS(madvise),
        SCMP_SYS(munlock),
        SCMP_SYS(futex),
        SCMP_SYS(clock_gettime),
        SCMP_SYS(exit_group),
        SCMP_SYS(exit),
#ifdef QRT_SANITIZED
        SCMP_SYS(sched_getaffinity),
        SCMP_SYS(gettid),
        SCMP_SYS(getpid),
        SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(sigaltstack),
        SCMP_SYS(sched_yield),
#endif
    };
    const struct bounded bounded[] = {
        {SCMP_SYS(read), 1, {is(0, STDIN_FILENO)}},
        {SCMP_SYS(write), 1, {is(0, STDOUT_FILENO)}},
        {SCMP_SYS(write), 1, {is(0, STDERR_FILENO)}},
        {SCMP_SYS(mmap), 2, {has(2, PROT_EXEC, 0), has(3, MAP_ANONYMOUS, MAP_ANONYMOUS)}},
        {SCMP_SYS(mprotect), 1, {has(2, PROT_EXEC, 0)}},
    };
    int rc = allow_plain(filter, plain, COUNT(plain));
    return rc == 0 ? allow_bounded(filter, bounded, COUNT(bounded)) : rc;
}

/* For each new size of a font, pango starts threads that sort the fonts, and asks
 * whether the font's file, which is open, is there: it is told so. */
static int allow_pango(scmp_filter_ctx filter)
{
    static const int plain[] = {
        SCMP_SYS(rseq),
        SCMP_SYS(set_robust_list),
        SCMP_SYS(rt_sigprocmask),
    };
    const scmp_datum_t thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
    const scmp_datum_t apart = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                               CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_VFORK |
                               CLONE_PTRACE;
    const struct bounded bounded[] = {
        {SCMP_SYS(clone), 1, {has(0, thread | apart, thread)}},
        {SCMP_SYS(prctl), 1, {is(0, PR_SET_NAME)}},
    };
    int rc = allow_plain(filter, plain, COUNT(plain));
    if (rc == 0) {
        rc = allow_bounded(filter, bounded, COUNT(bounded));
    }
    /* A filter cannot look into clone3's struct; without it the C library
     * takes clone. */
    if (rc == 0) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    }
    if (rc == 0) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), SCMP_SYS(access), 0);
    }
    return rc == 0 ? seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), SCMP_SYS(faccessat), 0) : rc;
}

/* What a client of a server on this machine's own socket needs. Of a socket the
 * family is bounded; where it leads the kernel cannot bound, so the worker asks
 * who listens. Libraries that look for their settings or a catalogue of messages
 * find none. */
static int allow_spool(scmp_filter_ctx filter)
{
    static const int plain[] = {
        SCMP_SYS(connect),  SCMP_SYS(close),    SCMP_SYS(poll),       SCMP_SYS(getsockopt),
        SCMP_SYS(shutdown), SCMP_SYS(getuid),   SCMP_SYS(geteuid),    SCMP_SYS(getpid),
        SCMP_SYS(fstat),    SCMP_SYS(mlock),    SCMP_SYS(mlock2),     SCMP_SYS(gettimeofday),
        SCMP_SYS(sendto),   SCMP_SYS(recvfrom), SCMP_SYS(setsockopt), SCMP_SYS(restart_syscall),
        SCMP_SYS(uname),
    };
    static const int absent[] = {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(access),
                                 SCMP_SYS(stat), SCMP_SYS(lstat),  SCMP_SYS(newfstatat)};
    const struct bounded bounded[] = {
        {SCMP_SYS(socket), 2, {is(0, AF_UNIX), has(1, SOCK_KIND, SOCK_STREAM)}},
        {SCMP_SYS(fcntl), 1, {is(1, F_GETFL)}},
        {SCMP_SYS(fcntl), 1, {is(1, F_SETFL)}},
        {SCMP_SYS(fcntl), 1, {is(1, F_SETFD)}},
        {SCMP_SYS(fcntl), 1, {is(1, F_GETFD)}},
    };
    int rc = allow_plain(filter, plain, COUNT(plain));
    if (rc == 0) {
        rc = allow_bounded(filter, bounded, COUNT(bounded));
    }
    for (size_t i = 0; rc == 0 && i < COUNT(absent); i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOENT), absent[i], 0);
    }
    return rc;
}

enum qrt_code qrt_cage_close(bool *landlocked, size_t data_bytes, unsigned flags,
                             struct qrt_err *err)
{
    *landlocked = false;
    if (!landlock(err)) {
        return err == NULL ? QRT_E_FAILED : err->code;
    }
    *landlocked = qrt_cage_landlock_abi() > 0;
    enum qrt_code code = limit(data_bytes, flags, err);
    if (code != QRT_OK) {
        return code;
    }
    __attribute__((cleanup(seccomp_free))) scmp_filter_ctx filter =
        seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL) {
        return qrt_fail(err, QRT_E_FAILED, "seccomp: no filter");
    }
    int rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (rc == 0) {
        rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    }
    if (rc == 0) {
        rc = allow_work(filter);
    }
    if (rc == 0 && (flags & QRT_CAGE_PANGO) != 0) {
        rc = allow_pango(filter);
    }
    if (rc == 0 && (flags & QRT_CAGE_TIMER) != 0) {
        const struct bounded timer = {SCMP_SYS(setitimer), 1, {is(0, ITIMER_PROF)}};
        rc = allow_bounded(filter, &timer, 1);
    }
    if (rc == 0 && (flags & QRT_CAGE_SPOOL) != 0) {
        rc = allow_spool(filter);
    }
    if (rc == 0) {
        rc = seccomp_load(filter);
    }
    return rc == 0 ? QRT_OK : qrt_fail_os(err, QRT_E_FAILED, -rc, "seccomp");
}

enum qrt_code qrt_cage_greet(bool landlocked, struct qrt_err *err)
{
    uint8_t told = landlocked;
    return qrt_frame_write(STDOUT_FILENO, QRT_FRAME_READY, 1, &told, 1, QRT_NO_DEADLINE, err);
}
