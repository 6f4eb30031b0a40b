/* quorate slip39 split | combine: standard SLIP-0039 between standard input
 * and standard output. Both are secret: read(2) into guarded memory, write(2)
 * out of it. */
#include "cli/cmd_slip39.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "crypto/sign.h"
#include <quorate/secret.h>
#include <quorate/slip39.h>

#include <limits.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

enum {
    SHARES_MAX = QRT_SLIP39_GROUPS_MAX * QRT_SLIP39_MEMBERS_MAX,
    INPUT_MAX_BYTES = 128 * 1024,
    FD_NONE = -1,
};

struct options {
    struct qrt_slip39_plan plan;
    int passphrase_fd;
};

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* T/N */
static enum qrt_code group_option(struct qrt_slip39_plan *plan, const char *text,
                                  struct qrt_err *err)
{
    uint64_t threshold = 0;
    uint64_t count = 0;
    const char *slash = strchr(text, '/');
    if (slash == NULL || !qrt_text_u64(text, (size_t)(slash - text), UINT8_MAX, &threshold) ||
        !qrt_text_u64(slash + 1, strlen(slash + 1), UINT8_MAX, &count)) {
        return qrt_fail(err, QRT_E_USAGE, "--group takes THRESHOLD/COUNT, as in 3/5");
    }
    if (plan->group_count == QRT_SLIP39_GROUPS_MAX) {
        return qrt_fail(err, QRT_E_USAGE, "more than %d groups", QRT_SLIP39_GROUPS_MAX);
    }
    plan->groups[plan->group_count].member_threshold = (uint8_t)threshold;
    plan->groups[plan->group_count].member_count = (uint8_t)count;
    plan->group_count++;
    return QRT_OK;
}

static enum qrt_code number_option(uint64_t *value, const char *name, const char *text,
                                   uint64_t min, uint64_t max, struct qrt_err *err)
{
    if (!qrt_text_u64(text, strlen(text), max, value) || *value < min) {
        return qrt_fail(err, QRT_E_USAGE, "%s takes a number from %llu to %llu", name,
                        (unsigned long long)min, (unsigned long long)max);
    }
    return QRT_OK;
}

/* The option at argv[*at] and its value, if it takes one. */
static enum qrt_code option_read(struct options *options, int *at, int argc, char **argv,
                                 bool splits, struct qrt_err *err)
{
    const char *name = argv[*at];
    if (splits && strcmp(name, "--not-extendable") == 0) {
        options->plan.extendable = false;
        return QRT_OK;
    }
    bool known =
        strcmp(name, "--passphrase-fd") == 0 ||
        (splits && (strcmp(name, "--group") == 0 || strcmp(name, "--group-threshold") == 0 ||
                    strcmp(name, "--iteration-exponent") == 0));
    if (!known) {
        /* What is no option may be a secret that strayed here: not shown. */
        return qrt_fail(err, QRT_E_USAGE, "argument %d is none of slip39 %s's", *at,
                        splits ? "split" : "combine");
    }
    if (++*at == argc) {
        return qrt_fail(err, QRT_E_USAGE, "%s needs a value", name);
    }
    if (strcmp(name, "--group") == 0) {
        return group_option(&options->plan, argv[*at], err);
    }
    uint64_t value = 0;
    enum qrt_code code;
    if (strcmp(name, "--passphrase-fd") == 0) {
        code = number_option(&value, name, argv[*at], 3, INT_MAX, err);
        options->passphrase_fd = (int)value;
    } else if (strcmp(name, "--group-threshold") == 0) {
        code = number_option(&value, name, argv[*at], 1, QRT_SLIP39_GROUPS_MAX, err);
        options->plan.group_threshold = (uint8_t)value;
    } else {
        code = number_option(&value, name, argv[*at], 0, 15, err);
        options->plan.iteration_exponent = (uint8_t)value;
    }
    return code;
}

/* The passphrase: one line of printable ASCII, as SLIP-0039 wants. */
static enum qrt_code passphrase_read(struct qrt_secret *passphrase, int fd, struct qrt_err *err)
{
    enum qrt_code code = qrt_secret_init(passphrase, QRT_SLIP39_PASSPHRASE_MAX_BYTES + 1, err);
    if (code != QRT_OK || fd == FD_NONE) {
        return code;
    }
    code = qrt_secret_read_fd(passphrase, fd, err);
    if (code != QRT_OK) {
        return err == NULL ? code : qrt_err_prefix(err, "passphrase");
    }
    if (passphrase->len_bytes > 0 && passphrase->data[passphrase->len_bytes - 1] == '\n') {
        passphrase->len_bytes--;
    }
    for (size_t i = 0; i < passphrase->len_bytes; i++) {
        if (passphrase->data[i] < 0x20 || passphrase->data[i] > 0x7e) {
            return qrt_fail(err, QRT_E_FORMAT, "passphrase: character %zu is no printable ASCII",
                            i + 1);
        }
    }
    return QRT_OK;
}

/* Hex digits in either case, and white space behind them. */
static enum qrt_code hex_read(struct qrt_secret *secret, struct qrt_err *err)
{
    QRT_SECRET text = {0};
    enum qrt_code code = qrt_secret_init(&text, INPUT_MAX_BYTES, err);
    if (code == QRT_OK) {
        code = qrt_secret_init(secret, QRT_SLIP39_VALUE_MAX_BYTES, err);
    }
    if (code == QRT_OK) {
        code = qrt_secret_read_fd(&text, STDIN_FILENO, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    size_t chars = text.len_bytes;
    while (chars > 0 && is_space(text.data[chars - 1])) {
        chars--;
    }
    if (chars > 2 * QRT_SLIP39_VALUE_MAX_BYTES) {
        return qrt_fail(err, QRT_E_RANGE, "the secret is longer than %d bytes",
                        QRT_SLIP39_VALUE_MAX_BYTES);
    }
    if (sodium_hex2bin(secret->data, secret->size_bytes, (const char *)text.data, chars, NULL,
                       &secret->len_bytes, NULL) != 0 ||
        2 * secret->len_bytes != chars) {
        secret->len_bytes = 0;
        return qrt_fail(err, QRT_E_FORMAT, "standard input is not hex");
    }
    return QRT_OK;
}

/* Appends one share's mnemonic and a newline. */
static enum qrt_code mnemonic_append(struct qrt_secret *out, const struct qrt_slip39_share *share,
                                     struct qrt_err *err)
{
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t words_count = 0;
    size_t len_bytes = 0;
    enum qrt_code code = qrt_slip39_share_encode(words, &words_count, share, err);
    if (code == QRT_OK) {
        code = qrt_slip39_text_encode((char *)out->data + out->len_bytes,
                                      out->size_bytes - out->len_bytes, &len_bytes, words,
                                      words_count, err);
    }
    sodium_memzero(words, sizeof words);
    if (code != QRT_OK) {
        return code;
    }
    out->len_bytes += len_bytes;
    return qrt_secret_append(out, "\n", 1, err);
}

static enum qrt_code shares_write(const struct qrt_slip39_share *shares, size_t shares_count,
                                  struct qrt_err *err)
{
    QRT_SECRET out = {0};
    enum qrt_code code = qrt_secret_init(&out, shares_count * (QRT_SLIP39_TEXT_MAX_BYTES + 2), err);
    for (size_t i = 0; i < shares_count && code == QRT_OK; i++) {
        if (i > 0 && shares[i].group_index != shares[i - 1].group_index) {
            code = qrt_secret_append(&out, "\n", 1, err);
        }
        if (code == QRT_OK) {
            code = mnemonic_append(&out, &shares[i], err);
        }
    }
    return code == QRT_OK ? qrt_interrupt_write(STDOUT_FILENO, out.data, out.len_bytes, err) : code;
}

static enum qrt_code run_split(struct options *options, struct qrt_err *err)
{
    if (options->plan.group_count == 0) {
        return qrt_fail(err, QRT_E_USAGE, "slip39 split needs --group THRESHOLD/COUNT");
    }
    if (options->plan.group_threshold == 0) {
        return qrt_fail(err, QRT_E_USAGE, "slip39 split needs --group-threshold");
    }
    QRT_SECRET passphrase = {0};
    QRT_SECRET secret = {0};
    QRT_SECRET shares = {0};
    QRT_SECRET group_shares = {0};
    enum qrt_code code = passphrase_read(&passphrase, options->passphrase_fd, err);
    if (code == QRT_OK) {
        code = hex_read(&secret, err);
    }
    size_t shares_count = qrt_slip39_plan_shares(&options->plan);
    if (code == QRT_OK) {
        code = qrt_secret_init(&shares, (shares_count + 1) * sizeof(struct qrt_slip39_share), err);
    }
    if (code == QRT_OK) {
        code =
            qrt_secret_init(&group_shares, QRT_SLIP39_GROUPS_MAX * QRT_SLIP39_VALUE_MAX_BYTES, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    struct qrt_slip39_share *list = (void *)shares.data;
    qrt_random(&options->plan.identifier, sizeof options->plan.identifier);
    options->plan.identifier &= 0x7fff;
    code = qrt_slip39_split(list, group_shares.data, &options->plan, secret.data, secret.len_bytes,
                            passphrase.data, passphrase.len_bytes, err);
    return code == QRT_OK ? shares_write(list, shares_count, err) : code;
}

/* Reads one line's share; an error names the share and the word. */
static enum qrt_code share_read(struct qrt_slip39_share *share, size_t number, const char *line,
                                size_t len_bytes, struct qrt_err *err)
{
    uint16_t words[QRT_SLIP39_WORDS_MAX];
    size_t words_count = 0;
    struct qrt_err why = {0};
    enum qrt_code code = qrt_slip39_text_decode(words, &words_count, line, len_bytes, &why);
    if (code == QRT_OK) {
        code = qrt_slip39_share_decode(share, words, words_count, &why);
    }
    sodium_memzero(words, sizeof words);
    return code == QRT_OK ? code : qrt_fail(err, code, "share %zu, %s", number, why.what);
}

/* One mnemonic a line; lines without a word are skipped. */
static enum qrt_code shares_read(struct qrt_slip39_share shares[static SHARES_MAX],
                                 size_t *shares_count, struct qrt_err *err)
{
    QRT_SECRET text = {0};
    enum qrt_code code = qrt_secret_init(&text, INPUT_MAX_BYTES, err);
    if (code == QRT_OK) {
        code = qrt_secret_read_fd(&text, STDIN_FILENO, err);
    }
    *shares_count = 0;
    size_t start = 0;
    while (code == QRT_OK && start < text.len_bytes) {
        const char *line = (const char *)text.data + start;
        const char *newline = memchr(line, '\n', text.len_bytes - start);
        size_t len_bytes = newline == NULL ? text.len_bytes - start : (size_t)(newline - line);
        start += len_bytes + 1;
        while (len_bytes > 0 && is_space((uint8_t)line[len_bytes - 1])) {
            len_bytes--;
        }
        if (len_bytes == 0) {
            continue;
        }
        if (*shares_count == SHARES_MAX) {
            return qrt_fail(err, QRT_E_REFUSED, "more than %d shares", SHARES_MAX);
        }
        code = share_read(&shares[*shares_count], *shares_count + 1, line, len_bytes, err);
        ++*shares_count;
    }
    return code;
}

static enum qrt_code run_combine(const struct options *options, struct qrt_err *err)
{
    QRT_SECRET passphrase = {0};
    QRT_SECRET shares = {0};
    QRT_SECRET secret = {0};
    QRT_SECRET hex = {0};
    size_t shares_count = 0;
    enum qrt_code code = passphrase_read(&passphrase, options->passphrase_fd, err);
    if (code == QRT_OK) {
        code = qrt_secret_init(&shares, SHARES_MAX * sizeof(struct qrt_slip39_share), err);
    }
    if (code == QRT_OK) {
        code = qrt_secret_init(&secret, QRT_SLIP39_VALUE_MAX_BYTES, err);
    }
    if (code == QRT_OK) {
        code = qrt_secret_init(&hex, 2 * QRT_SLIP39_VALUE_MAX_BYTES + 1, err);
    }
    struct qrt_slip39_share *list = (void *)shares.data;
    if (code == QRT_OK) {
        code = shares_read(list, &shares_count, err);
    }
    if (code == QRT_OK) {
        code = qrt_slip39_combine(secret.data, secret.size_bytes, &secret.len_bytes, list,
                                  shares_count, passphrase.data, passphrase.len_bytes, err);
    }
    if (code != QRT_OK) {
        return code;
    }
    sodium_bin2hex((char *)hex.data, hex.size_bytes, secret.data, secret.len_bytes);
    hex.len_bytes = 2 * secret.len_bytes;
    hex.data[hex.len_bytes++] = '\n';
    return qrt_interrupt_write(STDOUT_FILENO, hex.data, hex.len_bytes, err);
}

enum qrt_code qrt_cmd_slip39(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err)
{
    (void)cli;
    struct options options = {.plan.extendable = true, .passphrase_fd = FD_NONE};
    bool splits = argc > 1 && strcmp(argv[1], "split") == 0;
    if (argc < 2 || (!splits && strcmp(argv[1], "combine") != 0)) {
        return qrt_fail(err, QRT_E_USAGE, "slip39 takes split or combine");
    }
    for (int at = 2; at < argc; at++) {
        enum qrt_code code = option_read(&options, &at, argc, argv, splits, err);
        if (code != QRT_OK) {
            return code;
        }
    }
    return splits ? run_split(&options, err) : run_combine(&options, err);
}
