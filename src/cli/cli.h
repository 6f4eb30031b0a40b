/* What every command of `quorate` shares. */
#ifndef QRT_CLI_CLI_H
#define QRT_CLI_CLI_H

#include "base/bytes.h"
#include <jansson.h>
#include <quorate/err.h>
#include <stdbool.h>

struct qrt_spool;

/* The global options, and what the process was started with. */
struct qrt_cli {
    const char *vault; /* NULL if not given */
    bool json;
    bool no_input;
    bool quiet;
    int answers_fd; /* -1 if not given */
    int secrets_fd;
    struct qrt_spool *spool; /* runs where the command line has --printer */
};

/* One row of the table of commands. argv[0] is the command's first word; what
 * is a global option has been taken out. */
struct qrt_command {
    const char *name;
    enum qrt_code (*run)(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err);
    const char *usage; /* its forms, parted by " | " where no bracket is open */
    const char *summary;
    const char *example;
};

/* What --help prints: every command; all forms of one. */
void qrt_cli_help(const struct qrt_command *commands, size_t commands_len);
void qrt_cli_command_help(const struct qrt_command *command);

enum qrt_code qrt_cmd_init(struct qrt_cli *cli, int argc, char **argv,
                           struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_open(struct qrt_cli *cli, int argc, char **argv,
                           struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_rekey(struct qrt_cli *cli, int argc, char **argv,
                            struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_account(struct qrt_cli *cli, int argc, char **argv,
                              struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_bag(struct qrt_cli *cli, int argc, char **argv,
                          struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_action(struct qrt_cli *cli, int argc, char **argv,
                             struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_drill(struct qrt_cli *cli, int argc, char **argv,
                            struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_seal(struct qrt_cli *cli, int argc, char **argv,
                           struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_card(struct qrt_cli *cli, int argc, char **argv,
                           struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_card_replace(struct qrt_cli *cli, int argc, char **argv,
                                   struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_card_void(struct qrt_cli *cli, int argc, char **argv,
                                struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_card_destroy(struct qrt_cli *cli, int argc, char **argv,
                                   struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_deposit(struct qrt_cli *cli, int argc, char **argv,
                              struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_evidence(struct qrt_cli *cli, int argc, char **argv,
                               struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_log(struct qrt_cli *cli, int argc, char **argv,
                          struct qrt_err *err) QRT_MUST_USE;

enum qrt_code qrt_cmd_policy(struct qrt_cli *cli, int argc, char **argv,
                             struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_person(struct qrt_cli *cli, int argc, char **argv,
                             struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_badge(struct qrt_cli *cli, int argc, char **argv,
                            struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_receipt(struct qrt_cli *cli, int argc, char **argv,
                              struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_reissue(struct qrt_cli *cli, int argc, char **argv,
                              struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_register(struct qrt_cli *cli, int argc, char **argv,
                               struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_report(struct qrt_cli *cli, int argc, char **argv,
                             struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_review(struct qrt_cli *cli, int argc, char **argv,
                             struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_runbook(struct qrt_cli *cli, int argc, char **argv,
                              struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_status(struct qrt_cli *cli, int argc, char **argv,
                             struct qrt_err *err) QRT_MUST_USE;
enum qrt_code qrt_cmd_session(struct qrt_cli *cli, int argc, char **argv,
                              struct qrt_err *err) QRT_MUST_USE;

enum qrt_code qrt_cmd_selftest(struct qrt_cli *cli, int argc, char **argv,
                               struct qrt_err *err) QRT_MUST_USE;

/* One verb of a command of several, such as `show` of `log`; argv[0] is the verb then. */
struct qrt_verb {
    const char *name;
    enum qrt_code (*run)(struct qrt_cli *cli, int argc, char **argv, struct qrt_err *err);
};

/* Runs the verb that the command line names; argv[0] is the command. QRT_E_USAGE
 * says which there are. */
enum qrt_code qrt_cli_verb(struct qrt_cli *cli, int argc, char **argv, const struct qrt_verb *verbs,
                           size_t verbs_len, struct qrt_err *err) QRT_MUST_USE;

/* A command's own option with a value: takes `--name VALUE` out of argv. The
 * value is NULL if it is absent. QRT_E_USAGE if it stands twice or without a
 * value. */
enum qrt_code qrt_cli_option(const char **value, int *argc, char **argv, const char *name,
                             struct qrt_err *err) QRT_MUST_USE;

/* The same of an option that may stand more than once: values[0 … *values_len-1].
 * QRT_E_USAGE also where there are more than `max`. */
enum qrt_code qrt_cli_options(const char **values, size_t *values_len, size_t max, int *argc,
                              char **argv, const char *name, struct qrt_err *err) QRT_MUST_USE;

/* A command's own option without a value: takes every `--name` out of argv. Was
 * it there? */
bool qrt_cli_flag(int *argc, char **argv, const char *name);

/* Refuses what looks like an option that nobody took. QRT_E_USAGE. */
enum qrt_code qrt_cli_no_more_options(int argc, char **argv, struct qrt_err *err) QRT_MUST_USE;

/* Refuses that, and every argument behind argv[0]. QRT_E_USAGE. */
enum qrt_code qrt_cli_no_more_arguments(int argc, char **argv, struct qrt_err *err) QRT_MUST_USE;

/* The vault's directory. QRT_E_USAGE if none was named. */
enum qrt_code qrt_cli_vault(const struct qrt_cli *cli, struct qrt_err *err) QRT_MUST_USE;

/* Writes a result (public) to standard output and frees it. QRT_E_IO. */
enum qrt_code qrt_cli_print_json(json_t *json, struct qrt_err *err) QRT_MUST_USE;
/* Flushes standard output: what was not written is an error. QRT_E_IO. */
enum qrt_code qrt_cli_flush(struct qrt_err *err) QRT_MUST_USE;

/* A path or word of the command line as it may stand on a screen; the text is
 * *out's. */
const char *qrt_cli_shown(struct qrt_buf *out, const char *text);

struct qrt_vault;
/* Puts the vault's path before an error; returns its code. */
enum qrt_code qrt_cli_name_vault(const struct qrt_cli *cli, struct qrt_err *err);

/* Opens the vault that was named and tells what was found. The error names it;
 * otherwise as qrt_vault_open. */
enum qrt_code qrt_cli_open_vault(struct qrt_vault *vault, const struct qrt_cli *cli,
                                 struct qrt_err *err) QRT_MUST_USE;

/* The same by qrt_vault_open_sparing; items too if sealed sheets are there. */
enum qrt_code qrt_cli_open_vault_sparing(struct qrt_vault *vault, const struct qrt_cli *cli,
                                         bool items, struct qrt_err *err) QRT_MUST_USE;

#endif
