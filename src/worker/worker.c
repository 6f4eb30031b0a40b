#include "worker/worker.h"

#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_TIMEOUT_MS 10000
#define DEATH_TIMEOUT_MS 200

/* Never from PATH or the environment: who names the worker sees the shares. */
bool qrt_worker_find(char path[static PATH_MAX], const char *name)
{
    static const char *const places[] = {"", QRT_LIBEXEC_FROM_BIN "/"};
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(self, '/');
    int dir_chars = slash == NULL ? 0 : (int)(slash - self) + 1;
    for (size_t i = 0; dir_chars > 0 && i < sizeof places / sizeof places[0]; i++) {
        int len = snprintf(path, PATH_MAX, "%.*s%s%s", dir_chars, self, places[i], name);
        if (len < PATH_MAX && access(path, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

static int spawn_actions(posix_spawn_file_actions_t *actions, int in_fd, int out_fd)
{
    int rc = posix_spawn_file_actions_adddup2(actions, in_fd, STDIN_FILENO);
    if (rc == 0) {
        rc = posix_spawn_file_actions_adddup2(actions, out_fd, STDOUT_FILENO);
    }
#ifndef QRT_SANITIZED
    /* Libraries may print what an image told them to. */
    if (rc == 0) {
        rc = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    }
#endif
    return rc == 0 ? posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1) : rc;
}

static int spawn(pid_t *pid, const char *path, const char *name, int in_fd, int out_fd)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int rc = posix_spawn_file_actions_init(&actions);
    if (rc != 0) {
        return rc;
    }
    rc = posix_spawnattr_init(&attributes);
    if (rc != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return rc;
    }
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    /* A group of its own: Ctrl-C is for the parent to answer. */
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    rc = spawn_actions(&actions, in_fd, out_fd);
    if (rc == 0) {
        char argv0[NAME_MAX];
        snprintf(argv0, sizeof argv0, "%s", name);
        char *argv[] = {argv0, NULL};
        char *envp[] = {NULL};
        rc = posix_spawn(pid, path, &actions, &attributes, argv, envp);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

enum qrt_code qrt_worker_start(struct qrt_worker *worker, const char *name, struct qrt_err *err)
{
    *worker = (struct qrt_worker){0};
    char path[PATH_MAX];
    if (!qrt_worker_find(path, name)) {
        return qrt_fail(err, QRT_E_WORKER,
                        "%s: neither beside this program nor in " QRT_LIBEXEC_FROM_BIN, name);
    }
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0) {
        return qrt_fail_os(err, QRT_E_WORKER, errno, "%s: no pipe", name);
    }
    QRT_FD in_read = in[0];
    QRT_FD in_write = in[1];
    if (pipe2(out, O_CLOEXEC) != 0) {
        return qrt_fail_os(err, QRT_E_WORKER, errno, "%s: no pipe", name);
    }
    QRT_FD out_read = out[0];
    QRT_FD out_write = out[1];
    if (fcntl(in_write, F_SETFL, O_NONBLOCK) != 0 || fcntl(out_read, F_SETFL, O_NONBLOCK) != 0) {
        return qrt_fail_os(err, QRT_E_WORKER, errno, "%s: pipe", name);
    }
    pid_t pid = 0;
    int rc = spawn(&pid, path, name, in_read, out_write);
    if (rc != 0) {
        return qrt_fail_os(err, QRT_E_WORKER, rc, "%s cannot be started", name);
    }
    *worker = (struct qrt_worker){.pid = pid, .to_fd = in_write, .from_fd = out_read, .name = name};
    in_write = -1;
    out_read = -1;
    /* Else the worker's death would leave our own copies open, and no end. */
    qrt_fd_close(&in_read);
    qrt_fd_close(&out_write);

    int64_t deadline = qrt_frame_deadline(START_TIMEOUT_MS);
    uint32_t len_bytes;
    enum qrt_code code = qrt_worker_answer(worker, &len_bytes, QRT_FRAME_READY, 1, deadline, err);
    if (code == QRT_OK) {
        uint8_t landlocked = 0;
        code = qrt_frame_read_bytes(&landlocked, 1, worker->from_fd, deadline, err);
        if (code == QRT_OK && (len_bytes != 1 || landlocked > 1)) {
            code = qrt_fail(err, QRT_E_WORKER, "its greeting is malformed");
        }
        if (code != QRT_OK) {
            return qrt_worker_broken(worker, err);
        }
        worker->landlocked = landlocked != 0;
        return QRT_OK;
    }
    qrt_worker_stop(worker);
    return code;
}

/* Waits a little for a worker that is dying on its own, so that its end can be
 * told; then ends it. */
static int bury(struct qrt_worker *worker, int wait_ms)
{
    int status = 0;
    for (int waited_ms = 0; waited_ms < wait_ms; waited_ms += 5) {
        if (waitpid(worker->pid, &status, WNOHANG) != 0) {
            return status;
        }
        usleep(5000);
    }
    kill(worker->pid, SIGKILL);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

void qrt_worker_stop(struct qrt_worker *worker)
{
    if (worker->pid > 0) {
        close(worker->to_fd);
        close(worker->from_fd);
        bury(worker, 0);
    }
    *worker = (struct qrt_worker){0};
}

enum qrt_code qrt_worker_broken(struct qrt_worker *worker, struct qrt_err *err)
{
    char why[QRT_ERR_WHAT_BYTES] = "";
    if (err != NULL) {
        memcpy(why, err->what, sizeof why);
    }
    const char *name = worker->name;
    close(worker->to_fd);
    close(worker->from_fd);
    int status = bury(worker, DEATH_TIMEOUT_MS);
    *worker = (struct qrt_worker){0};
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
        return qrt_fail(err, QRT_E_WORKER, "%s left its cage and was killed", name);
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF) {
        return qrt_fail(err, QRT_E_WORKER, "%s: this takes too long", name);
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL) {
        return qrt_fail(err, QRT_E_WORKER, "%s died of signal %d", name, WTERMSIG(status));
    }
    return qrt_fail(err, QRT_E_WORKER, "%s was ended: %.150s", name, why);
}

enum qrt_code qrt_worker_answer(struct qrt_worker *worker, uint32_t *len_bytes,
                                enum qrt_frame_type type, uint32_t max_len_bytes, int64_t deadline,
                                struct qrt_err *err)
{
    struct qrt_err why = {0};
    uint8_t got = 0;
    uint32_t most_bytes =
        max_len_bytes > QRT_FRAME_FAILED_BYTES ? max_len_bytes : QRT_FRAME_FAILED_BYTES;
    enum qrt_code code =
        qrt_frame_read_head(&got, len_bytes, worker->from_fd, most_bytes, deadline, &why);
    if (code == QRT_OK && got == QRT_FRAME_FAILED) {
        code = qrt_frame_read_failure(worker->from_fd, *len_bytes, deadline, &why);
        if (code != QRT_E_WORKER && code != QRT_E_IO) {
            return qrt_fail(err, code, "%s", why.what);
        }
    } else if (code == QRT_OK && (got != type || *len_bytes > max_len_bytes)) {
        code = qrt_fail(&why, QRT_E_WORKER, "an answer of type %u and %u bytes", got, *len_bytes);
    }
    if (code == QRT_OK) {
        return QRT_OK;
    }
    *len_bytes = 0;
    code = qrt_worker_broken(worker, &why);
    return qrt_fail(err, code, "%s", why.what);
}
