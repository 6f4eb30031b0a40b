#include "cli/cli.h"

#include "base/clock.h"
#include "base/harden.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/cmd_slip39.h"
#include "cli/say.h"
#include "cli/unsaid.h"
#include "vault/sitting.h"
#include "vault/vault.h"
#include "worker/spool.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct qrt_command commands[] = {
    {"init", qrt_cmd_init,
     "init --policy FILE (--printer NAME [--sides one|two] | --sheets DIR) [--paper a4|letter]",
     "the founding ceremony: people, badges, accounts, split, cards",
     "quorate --vault ./vault --answers-fd 3 --secrets-fd 4 --no-input init --policy policy.json "
     "--sheets ./sheets"},
    {"open", qrt_cmd_open,
     "open ACCOUNT --purpose TASK [--ticket T] [--approver ID] --show "
     "password,code[,seed,device,questions,note] "
     "[--former] [--sealed FILE]... FILE...",
     "the opening ceremony: a quorum of both groups, then the password and the code",
     "quorate --vault ./vault --answers-fd 3 --secrets-fd 4 --no-input open 123456789012 --purpose "
     "close-account --show password,code p1.png p2.png m1.png m2.png"},
    {"rekey", qrt_cmd_rekey,
     "rekey --reason TEXT [--policy FILE] (--printer NAME [--sides one|two] | --sheets DIR) "
     "[--paper a4|letter] "
     "[--confirm NAME] FILE... | rekey abandon --reason TEXT [--confirm NAME]",
     "a new vault key on new cards for both groups, everything sealed anew; given up while it is "
     "pending",
     "quorate --vault ./vault rekey --reason \"a card was copied\" --sheets ./sheets p1.png p2.png "
     "m1.png m2.png"},
    {"account", qrt_cmd_account,
     "account list | account add ID --name NAME --email ADDRESS [--strategy S] | "
     "account change ID [--name NAME] [--email ADDRESS] [--strategy S] | account close ID "
     "--reason TEXT | account import FILE [--strategy S] | account confirm ID --kind K [--how HOW]",
     "accounts: listed with what is in custody of each; added, changed, closed, imported; "
     "confirmed in use",
     "quorate --vault ./vault account list"},
    {"bag", qrt_cmd_bag,
     "bag seal BAG (--card SERIAL | --account ID) --site S --safe S [--witness ID]... "
     "[--accept-overlap] | bag move BAG --site S --safe S [--accept-overlap] | bag list [--all]",
     "the numbered bags: sealed, moved, listed with what is in them and where they lie",
     "quorate --vault ./vault bag seal AB-1001 --card 3 --site site-1 --safe safe-1 --witness "
     "witness-1"},
    {"seal", qrt_cmd_seal,
     "seal check | seal check [--card SERIAL|LABEL | --account ID] [--bag BAG] "
     "[--result whole|broken|missing] [--person ID]",
     "seals looked at in a safe, with no bag opened, and held against the log",
     "quorate --vault ./vault seal check --card 3 --bag AB-1001"},
    {"card", qrt_cmd_card,
     "card list [--outstanding] | card check FILE... | card prove FILE... | card replace SERIAL "
     "--in-hand --reason TEXT (--printer NAME | --sheets DIR) FILE... | card void SERIAL "
     "--reason TEXT [--confirm NAME] | card destroy SERIAL --witness ID [--witness ID]...",
     "cards: listed; checked, nothing written; proved, and logged; replaced, void, and destroyed",
     "quorate --vault ./vault card check card-001.png"},
    {"reissue", qrt_cmd_reissue,
     "reissue --group password|mfa --reason TEXT [--policy FILE] (--printer NAME [--sides one|two] "
     "| --sheets DIR) "
     "[--paper a4|letter] FILE...",
     "one group's share split anew, on new cards, by that group's quorum",
     "quorate --vault ./vault reissue --group mfa --reason 'custodian-m3 leaves' --sheets "
     "./new-cards m1.png m2.png"},
    {"drill", qrt_cmd_drill,
     "drill group --group password|mfa FILE... | drill full FILE... | drill seals | drill next | "
     "drill list | "
     "drill report [NUMBER] [(--printer NAME | --sheets DIR) [--paper a4|letter]]",
     "an access drill: one group, or both; nothing is shown and nothing changed",
     "quorate --vault ./vault drill group --group mfa"},
    {"action", qrt_cmd_action,
     "action open --owner ID --due DATE --text TEXT | action close NUMBER --text TEXT | action "
     "list",
     "what is to be improved, by whom, until when",
     "quorate --vault ./vault action open --owner operator-1 --due 2027-01-31 --text 'print the "
     "list of phones anew'"},
    {"deposit", qrt_cmd_deposit, "deposit ACCOUNT --kind password|totp|device|questions|note",
     "a new secret sealed without a quorum, for the next opening to take over",
     "quorate --vault ./vault deposit 123456789012 --kind password"},
    {"person", qrt_cmd_person,
     "person list | person add ID --name NAME --role R... [--site S] [--confirm NAME] [(--printer "
     "NAME | --sheets DIR) [--paper a4|letter]] | person leave ID --reason TEXT",
     "people: listed; one more, with a badge; one who leaves, whose badge is void at once",
     "quorate --vault ./vault person leave custodian-p2 --reason 'another employer'"},
    {"badge", qrt_cmd_badge,
     "badge list | badge new PERSON [--reason TEXT] [(--printer NAME | --sheets DIR) [--paper "
     "a4|letter]] | badge void PERSON --reason TEXT | badge check PERSON | badge print PERSON "
     "(--printer NAME | --sheets DIR) [--paper a4|letter]",
     "badges: listed; a new one for one that was lost; void; tried; put on a wallet card",
     "quorate --vault ./vault badge new custodian-p1 --reason lost --sheets ./sheets"},
    {"policy", qrt_cmd_policy,
     "policy show | policy change FILE [--confirm NAME] [(--printer NAME | --sheets DIR) [--paper "
     "a4|letter]]",
     "the policy in force; another one, its differences read aloud first",
     "quorate --vault ./vault --json policy show > policy.json"},
    {"evidence", qrt_cmd_evidence, "evidence attach FILE --kind WORD [--note TEXT] | evidence list",
     "reports and letters from outside, named in the log by their SHA-256, a copy kept",
     "quorate --vault ./vault evidence attach credential-report.csv --kind credential-report"},
    {"log", qrt_cmd_log,
     "log show [--person ID] [--card N] [--event NAME] ... | "
     "log verify [DIR] [--people FILE] | "
     "log verify --proof FILE --people FILE [--entry FILE] [--receipt RECEIPT] | "
     "log prove (INDEX | --since RECEIPT) [--out FILE] | "
     "log export DIR [--openssl] | log cosign --person ID | "
     "log takeover --operator ID... [--confirm NAME] FILE... | "
     "log continue --from OLD --cause TEXT [--operator ID]... [--evidence FILE]... "
     "[--confirm NAME] FILE...",
     "the access log: read, verified whole, proved, exported for auditors; taken over, or "
     "continued, by both quorums",
     "quorate --vault ./vault log verify"},
    {"receipt", qrt_cmd_receipt,
     "receipt print [(--printer NAME | --sheets DIR) [--paper a4|letter]] | receipt check FILE...",
     "the log's head as a receipt, to take home; receipts held against the log",
     "quorate --vault ./vault receipt check receipt.png"},
    {"session", qrt_cmd_session,
     "session open | session note [TEXT] | session leave PERSON | session return PERSON | "
     "session out THING --person ID | session back THING --person ID | session exception | "
     "session show | session close | "
     "session minutes [(--printer NAME | --sheets DIR) [--paper a4|letter]]",
     "one sitting over several commands: who and what is in the room, notes, exceptions; its "
     "minutes, as JSON and as a sheet to sign",
     "quorate --vault ./vault session open"},
    {"register", qrt_cmd_register,
     "register list [REGISTER] | register set REGISTER NAME [KEY=VALUE...] | register drop "
     "REGISTER "
     "NAME",
     "mailboxes, phones, contacts, devices, safes, dependencies, the roster, copies, triggers",
     "quorate --vault ./vault register set mailbox root-mail address=root@example.com "
     "recipient=custodian-p1 recipient=witness-1"},
    {"review", qrt_cmd_review, "review | review list",
     "the quarterly review: each attests what they hold and reach; what is open",
     "quorate --vault ./vault review"},
    {"runbook", qrt_cmd_runbook,
     "runbook list | runbook show NAME | runbook walk NAME [--account ID] [--case ID] "
     "[--anew | --end WHY]",
     "the ten published scenarios: listed with their digests, shown, walked step by step",
     "quorate runbook show password-lost"},
    {"report", qrt_cmd_report, "report governance",
     "who together could take over, whose loss ends a quorum, hours without one",
     "quorate --vault ./vault --json report governance"},
    {"status", qrt_cmd_status, "status",
     "what is overdue, in conflict, open or due; exits 6 if anything is overdue",
     "quorate --vault ./vault status"},
    {"selftest", qrt_cmd_selftest, "selftest",
     "known answers of the cryptography, and whether this machine is fit", "quorate selftest"},
    {"slip39", qrt_cmd_slip39, "slip39 split --group T/N... --group-threshold G | slip39 combine",
     "plumbing: standard SLIP-0039 on standard input and output",
     "quorate slip39 combine < mnemonics.txt"},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static enum qrt_code take_fd(int *fd, int *argc, char **argv, const char *name, struct qrt_err *err)
{
    const char *text;
    uint64_t value;
    *fd = -1;
    enum qrt_code code = qrt_cli_option(&text, argc, argv, name, err);
    if (code != QRT_OK || text == NULL) {
        return code;
    }
    if (!qrt_text_u64(text, strlen(text), 65535, &value) || value < 3) {
        return qrt_fail(err, QRT_E_USAGE, "%s: not the number of a descriptor above 2", name);
    }
    /* A number that nobody opened would be taken by the next file of ours. */
    if (fcntl((int)value, F_GETFD) < 0) {
        return qrt_fail(err, QRT_E_USAGE, "%s %s: no descriptor that is open", name, text);
    }
    *fd = (int)value;
    return QRT_OK;
}

enum qrt_code qrt_cli_vault(const struct qrt_cli *cli, struct qrt_err *err)
{
    return cli->vault != NULL ? QRT_OK : qrt_fail(err, QRT_E_USAGE, "--vault: needed, a directory");
}

/* Before an error of a vault, its path. */
enum qrt_code qrt_cli_name_vault(const struct qrt_cli *cli, struct qrt_err *err)
{
    QRT_BUF path = {0};
    return qrt_err_prefix(err, "%.120s", qrt_cli_shown(&path, cli->vault));
}

static enum qrt_code tell_opened(enum qrt_code code, struct qrt_vault *vault,
                                 const struct qrt_cli *cli, struct qrt_err *err)
{
    if (code != QRT_OK) {
        return qrt_cli_name_vault(cli, err);
    }
    if (!cli->quiet && vault->log.reports.len_bytes > 0) {
        fprintf(stderr, "quorate: note: %s", qrt_buf_str(&vault->log.reports));
    }
    const struct qrt_sitting *sitting = qrt_state_sitting(&vault->state);
    if (!cli->quiet && sitting != NULL &&
        qrt_sitting_is_stale(sitting, qrt_clock_unix_s(), vault->log.last_time_unix_s)) {
        char since[QRT_TIME_CHARS + 1];
        qrt_clock_format(since, sitting->time_unix_s);
        fprintf(stderr,
                "quorate: note: the session of %s was not closed; this command is part of it. "
                "quorate session show tells who is outside, session close ends it\n",
                since);
    }
    return QRT_OK;
}

enum qrt_code qrt_cli_open_vault(struct qrt_vault *vault, const struct qrt_cli *cli,
                                 struct qrt_err *err)
{
    return tell_opened(qrt_vault_open(vault, cli->vault, err), vault, cli, err);
}

enum qrt_code qrt_cli_open_vault_sparing(struct qrt_vault *vault, const struct qrt_cli *cli,
                                         bool items, struct qrt_err *err)
{
    return tell_opened(qrt_vault_open_sparing(vault, cli->vault, items, err), vault, cli, err);
}

enum qrt_code qrt_cli_flush(struct qrt_err *err)
{
    return fflush(stdout) == 0 && !ferror(stdout)
               ? QRT_OK
               : qrt_fail_os(err, QRT_E_IO, errno, "standard output");
}

const char *qrt_cli_shown(struct qrt_buf *out, const char *text)
{
    qrt_text_escape(out, text, strlen(text));
    return qrt_buf_str(out);
}

enum qrt_code qrt_cli_print_json(json_t *json, struct qrt_err *err)
{
    QRT_BUF text = {0};
    enum qrt_code code = qrt_json_write(&text, json, JSON_COMPACT, err);
    if (code != QRT_OK) {
        return code;
    }
    return fwrite(text.data, 1, text.len_bytes, stdout) == text.len_bytes
               ? qrt_cli_flush(err)
               : qrt_fail(err, QRT_E_IO, "standard output");
}

static const char *hint(enum qrt_code code)
{
    switch (code) {
    case QRT_E_BUSY:
        return "wait until the other quorate is done, or look for it with ps";
    case QRT_E_QUORUM:
        return "nothing was shown; gather more cards, and begin again";
    case QRT_E_TAMPERED:
        return "stop, keep the evidence, and compare receipts before anything else";
    case QRT_E_LOCKED_MEMORY:
        return "raise the limit of locked memory (ulimit -l) for this user";
    case QRT_E_INTERRUPTED:
        return "the log is whole; the next command settles what was left unfinished";
    case QRT_E_NEWER:
        return "use the version of quorate that made it, or a later one";
    default:
        return NULL;
    }
}

/* An error names the thing and then the reason; where it has the reason alone,
 * the code's words are the thing. */
static int report(enum qrt_code code, const struct qrt_err *err)
{
    if (code != QRT_OK) {
        bool names_thing = strstr(err->what, ": ") != NULL;
        qrt_cli_say(stderr, "quorate: error: %s%s%s\n", names_thing ? "" : qrt_code_words(code),
                    names_thing ? "" : ": ", err->what);
        if (hint(code) != NULL) {
            qrt_cli_say(stderr, "quorate: hint: %s\n", hint(code));
        }
    }
    return qrt_code_exit(code);
}

/* What is started after the filter inherits it, so the one worker that may hold
 * a socket is started before, and nothing secret is known yet. */
static enum qrt_code start_spool(struct qrt_spool *spool, int argc, char **argv,
                                 struct qrt_err *err)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--printer") == 0) {
            return qrt_spool_start(spool, err);
        }
    }
    return QRT_OK;
}

static enum qrt_code run(int argc, char **argv, struct qrt_spool *spool, struct qrt_err *err)
{
    struct qrt_cli cli = {.json = qrt_cli_flag(&argc, argv, "--json"),
                          .no_input = qrt_cli_flag(&argc, argv, "--no-input"),
                          .quiet = qrt_cli_flag(&argc, argv, "--quiet"),
                          .spool = spool};
    bool help = qrt_cli_flag(&argc, argv, "--help");
    enum qrt_code code;
    if ((code = qrt_cli_option(&cli.vault, &argc, argv, "--vault", err)) != QRT_OK ||
        (code = take_fd(&cli.answers_fd, &argc, argv, "--answers-fd", err)) != QRT_OK ||
        (code = take_fd(&cli.secrets_fd, &argc, argv, "--secrets-fd", err)) != QRT_OK) {
        return code;
    }
    if (argc < 1) {
        if (help) {
            qrt_cli_help(commands, COMMANDS);
            return qrt_cli_flush(err);
        }
        return qrt_fail(err, QRT_E_USAGE, "no command is named; quorate --help lists them");
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[0], commands[i].name) == 0) {
            if (help) {
                qrt_cli_command_help(&commands[i]);
                return qrt_cli_flush(err);
            }
            return commands[i].run(&cli, argc, argv, err);
        }
    }
    QRT_BUF escaped = {0};
    qrt_text_escape(&escaped, argv[0], strlen(argv[0]));
    return qrt_fail(err, QRT_E_USAGE, "%.64s: no such command or option; quorate --help lists them",
                    qrt_buf_str(&escaped));
}

int main(int argc, char **argv)
{
    struct qrt_err err = {0};
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("quorate " QRT_VERSION);
        return qrt_code_exit(qrt_cli_flush(&err));
    }
    struct qrt_spool spool = {0};
    enum qrt_code code = qrt_harden_process(&err);
    /* What is taken out of the arguments while they are read is still to be unsaid. */
    char **given = calloc((size_t)argc + 1, sizeof *given);
    if (code == QRT_OK && given == NULL) {
        code = qrt_fail(&err, QRT_E_NOMEM, "arguments");
    }
    if (given != NULL) {
        memcpy(given, argv, (size_t)argc * sizeof *given);
    }
    if (code == QRT_OK) {
        code = start_spool(&spool, argc, argv, &err);
    }
    if (code == QRT_OK) {
        code = qrt_harden_no_network(&err);
    }
    if (code == QRT_OK) {
        code = qrt_interrupt_hold(&err);
    }
    if (code == QRT_OK) {
        qrt_json_init();
        code = run(argc - 1, argv + 1, &spool, &err);
        qrt_harden_wipe_traces();
    }
    qrt_spool_stop(&spool);
    if (code != QRT_OK && given != NULL) {
        qrt_cli_unsay(&err, argc - 1, given + 1);
    }
    free(given);
    return report(code, &err);
}
