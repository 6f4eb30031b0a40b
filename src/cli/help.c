#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS_CHARS 80

/* Words in lines of COLUMNS_CHARS, which go on under indent_chars. */
static void print_words(const char *text, size_t at_chars, size_t indent_chars)
{
    const char *gap = "";
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        if (*gap != '\0' && at_chars + 1 + word > COLUMNS_CHARS) {
            printf("\n%*s", (int)indent_chars, "");
            at_chars = indent_chars;
            gap = "";
        }
        printf("%s%.*s", gap, (int)word, text);
        at_chars += strlen(gap) + word;
        gap = " ";
        text += word;
        text += strspn(text, " ");
    }
    putchar('\n');
}

/* The forms of a usage, a line each: a bar within brackets parts none. */
static void print_forms(const char *usage)
{
    char form[512];
    for (const char *end = usage; *usage != '\0'; usage = end) {
        int depth = 0;
        for (; *end != '\0' && (depth > 0 || strncmp(end, " | ", 3) != 0); end++) {
            depth += *end == '(' || *end == '[' ? 1 : *end == ')' || *end == ']' ? -1 : 0;
        }
        snprintf(form, sizeof form, "%.*s", (int)(end - usage), usage);
        fputs("  quorate ", stdout);
        print_words(form, strlen("  quorate "), 14);
        end += *end == '\0' ? 0 : 3;
    }
}

void qrt_cli_help(const struct qrt_command *commands, size_t commands_len)
{
    puts("Example: quorate --vault ./vault card check card-001.png\n\n"
         "usage: quorate [--vault DIR] [--json] [--no-input] [--answers-fd N] [--secrets-fd N]\n"
         "               [--quiet] COMMAND ...\n"
         "       quorate COMMAND --help says what a command takes\n");
    for (size_t i = 0; i < commands_len; i++) {
        printf("  %-11s", commands[i].name);
        print_words(commands[i].summary, 13, 13);
    }
    puts("\n  --vault DIR       the vault's directory\n"
         "  --json            the result as JSON on standard output\n"
         "  --no-input        never ask: what is missing in the answers is an error\n"
         "  --answers-fd N    a JSON object of answers is read from this descriptor\n"
         "  --secrets-fd N    released or generated secrets are written to this descriptor\n"
         "  --quiet           no progress on standard error\n"
         "  --version, --help\n\n"
         "exit: 0 done, 1 failed, 2 usage, 3 quorum not met, 4 refused, 5 tampering found,\n"
         "      6 overdue, 7 busy, 130 interrupted. More in quorate(1).");
}

void qrt_cli_command_help(const struct qrt_command *command)
{
    printf("Example: %s\n\nusage:\n", command->example);
    print_forms(command->usage);
    putchar('\n');
    print_words(command->summary, 0, 0);
}
