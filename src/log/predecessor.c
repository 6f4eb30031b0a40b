#include "log/predecessor.h"

#include "base/base64.h"
#include "base/file.h"
#include "base/text.h"
#include "log/replay.h"
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct qrt_span word(struct qrt_span *rest)
{
    struct qrt_span out = {rest->data, 0};
    while (out.len_bytes < rest->len_bytes && rest->data[out.len_bytes] != ' ') {
        out.len_bytes++;
    }
    size_t taken = out.len_bytes + (out.len_bytes < rest->len_bytes ? 1 : 0);
    rest->data += taken;
    rest->len_bytes -= taken;
    return out;
}

static bool number(struct qrt_span *rest, uint64_t *value)
{
    struct qrt_span digits = word(rest);
    return qrt_text_u64(digits.data, digits.len_bytes, INT64_MAX, value);
}

bool qrt_predecessor_parse(struct qrt_predecessor *said, struct qrt_span value)
{
    size_t len_bytes;
    bool fits = qrt_span_copy(said->origin, sizeof said->origin, word(&value));
    if (!fits || !number(&value, &said->head.epochs) || !number(&value, &said->head.size)) {
        return false;
    }
    return qrt_base64_decode(said->head.root, sizeof said->head.root, &len_bytes, value.data,
                             value.len_bytes) &&
           len_bytes == sizeof said->head.root;
}

void qrt_predecessor_format(struct qrt_buf *out, const struct qrt_log *predecessor)
{
    const struct qrt_head *head = &predecessor->head;
    qrt_buf_printf(out, "%s %llu %llu ", predecessor->origin, (unsigned long long)head->epochs,
                   (unsigned long long)head->size);
    qrt_base64_add(out, head->root, sizeof head->root);
}

enum qrt_code qrt_file_hash(uint8_t digest[static QRT_HASH_BYTES], int dir_fd, const char *name,
                            struct qrt_err *err)
{
    uint8_t chunk[65536];
    struct sha256_ctx hash;
    struct stat st;
    QRT_FD fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return qrt_fail_os(err, errno == ENOENT ? QRT_E_NOT_FOUND : QRT_E_IO, errno, "a file");
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return qrt_fail(err, QRT_E_IO, "not a file that can be read");
    }
    sha256_init(&hash);
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0) {
            return qrt_fail_os(err, QRT_E_IO, errno, "a file");
        }
        if (got == 0) {
            sha256_digest(&hash, QRT_HASH_BYTES, digest);
            return QRT_OK;
        }
        sha256_update(&hash, (size_t)got, chunk);
    }
}

uint64_t qrt_predecessor_entries(const struct qrt_log *log)
{
    uint64_t entries = 0;
    for (const struct qrt_log *old = log->predecessor; old != NULL; old = old->predecessor) {
        entries += old->head.size;
    }
    return entries;
}

void qrt_predecessor_free(struct qrt_log *log)
{
    if (log->predecessor != NULL) {
        qrt_log_close(log->predecessor);
        free(log->predecessor);
        log->predecessor = NULL;
    }
}

void qrt_predecessor_tell(struct qrt_faults *faults, const struct qrt_faults *theirs,
                          const struct qrt_log *predecessor)
{
    for (size_t i = 0; i < theirs->len; i++) {
        const struct qrt_fault *fault = &theirs->list[i];
        qrt_faults_add(faults, fault->index, fault->epoch, "predecessor %.60s: %.120s",
                       predecessor->origin, fault->text);
    }
    faults->more = faults->more || theirs->more;
}

enum qrt_code qrt_predecessor_fail(const struct qrt_log *log, enum qrt_code code,
                                   struct qrt_err *err)
{
    return log->successors == 0 && code != QRT_OK ? qrt_err_prefix(err, "%s", QRT_PREDECESSOR_DIR)
                                                  : code;
}

enum qrt_code qrt_predecessor_add(struct qrt_log *log, struct qrt_err *err)
{
    qrt_predecessor_free(log);
    if (log->successors + 1 >= QRT_LOGS_MAX) {
        return qrt_fail(err, QRT_E_RANGE, "a chain of more than %d logs", QRT_LOGS_MAX);
    }
    struct qrt_log *old = log->predecessor = calloc(1, sizeof *old);
    if (old == NULL) {
        return qrt_fail(err, QRT_E_NOMEM, "the predecessor");
    }
    *old = (struct qrt_log){.dir_fd = -1, .views = log->views, .successors = log->successors + 1};
    return QRT_OK;
}

enum qrt_code qrt_predecessor_replay(struct qrt_log *log, int dir_fd, unsigned flags,
                                     struct qrt_faults *faults, struct qrt_err *err)
{
    QRT_FAULTS theirs = {0};
    enum qrt_code code = qrt_predecessor_add(log, err);
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_log *old = log->predecessor;
    old->dir_fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 3);
    code = old->dir_fd < 0 ? qrt_fail_os(err, QRT_E_IO, errno, "its directory")
                           : qrt_db_open_frozen(&old->db, old->dir_fd, err);
    if (code == QRT_OK) {
        code = qrt_db_check_schema(old->db, err);
    }
    if (code == QRT_OK) {
        code = qrt_replay_database(old, flags & ~(unsigned)QRT_REPLAY_GOES_ON, &theirs, err);
    }
    qrt_predecessor_tell(faults, &theirs, old);
    return code;
}

/* Is that copy the file that the genesis names as evidence? */
static enum qrt_code check_file(const struct qrt_entry *genesis, int dir_fd,
                                struct qrt_faults *faults, struct qrt_err *err)
{
    uint8_t digest[QRT_HASH_BYTES];
    char hex[2 * QRT_HASH_BYTES + 1];
    struct qrt_entry_cursor cursor = {0};
    enum qrt_code code = qrt_file_hash(digest, dir_fd, QRT_DB_FILE, err);
    if (code != QRT_OK) {
        return code;
    }
    qrt_text_hex(hex, digest, sizeof digest);
    while (qrt_entry_next(genesis, &cursor)) {
        if (qrt_span_is(cursor.key, "evidence") && qrt_span_is(cursor.value, hex)) {
            return QRT_OK;
        }
    }
    qrt_faults_add(faults, 0, 0, "%s is not the file that the genesis names as evidence",
                   QRT_PREDECESSOR_FILE);
    return QRT_OK;
}

void qrt_predecessor_check(const struct qrt_log *log, const struct qrt_entry *genesis,
                           struct qrt_faults *faults)
{
    const struct qrt_log *old = log->predecessor;
    struct qrt_span value;
    struct qrt_predecessor said;
    bool named =
        genesis->event->id == QRT_EV_GENESIS && qrt_entry_get(genesis, "predecessor", &value);
    if (old == NULL) {
        return; /* where one is named, the views' rules tell that it is not here */
    }
    if (!named || !qrt_predecessor_parse(&said, value)) {
        qrt_faults_add(faults, 0, 0, "the genesis does not continue the predecessor that is there");
    } else if (strcmp(old->origin, said.origin) != 0 || old->head.epochs != said.head.epochs ||
               old->head.size != said.head.size ||
               memcmp(old->head.root, said.head.root, sizeof said.head.root) != 0) {
        qrt_faults_add(faults, 0, 0,
                       "the genesis continues %.60s at %llu entries; the predecessor has %llu "
                       "entries of %.60s, or others",
                       said.origin, (unsigned long long)said.head.size,
                       (unsigned long long)old->head.size, old->origin);
    }
}

enum qrt_code qrt_predecessor_begin(struct qrt_log *log, const struct qrt_entry *genesis,
                                    unsigned *flags, struct qrt_faults *faults, struct qrt_err *err)
{
    struct qrt_span value;
    struct qrt_predecessor said;
    if (genesis->event->id != QRT_EV_GENESIS || !qrt_entry_get(genesis, "predecessor", &value)) {
        return QRT_OK;
    }
    if (!qrt_predecessor_parse(&said, value)) {
        qrt_faults_add(faults, 0, 0, "predecessor is not written as: origin epochs size root");
        return QRT_OK;
    }
    QRT_FD dir = openat(log->home_fd > 0 ? log->home_fd : log->dir_fd, QRT_PREDECESSOR_DIR,
                        O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (dir < 0 || qrt_db_is_absent(dir)) {
        return qrt_fail(err, QRT_E_NOT_FOUND,
                        "%s is gone: this log continues %s, whose copy must lie there",
                        QRT_PREDECESSOR_FILE, said.origin);
    }
    enum qrt_code code = check_file(genesis, dir, faults, err);
    if (code == QRT_OK) {
        code = qrt_predecessor_replay(log, dir, *flags, faults, err);
    }
    if (code != QRT_OK) {
        return qrt_predecessor_fail(log, code, err);
    }
    qrt_predecessor_check(log, genesis, faults);
    *flags |= QRT_REPLAY_GOES_ON;
    return QRT_OK;
}

enum qrt_code qrt_predecessor_verify(struct qrt_log *log, struct qrt_faults *faults,
                                     struct qrt_err *err)
{
    QRT_FAULTS theirs = {0};
    if (log->predecessor == NULL) {
        return QRT_OK;
    }
    enum qrt_code code = qrt_replay_verify(log->predecessor, &theirs, err);
    qrt_predecessor_tell(faults, &theirs, log->predecessor);
    return code;
}
