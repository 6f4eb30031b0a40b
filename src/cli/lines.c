#include "base/text.h"
#include "cli/cmd_policy.h"
#include "cli/say.h"
#include <stdio.h>
#include <string.h>

json_t *qrt_lines_json(const struct qrt_buf *lines)
{
    json_t *list = json_array();
    for (const char *at = qrt_buf_str(lines); *at != '\0';) {
        size_t len = strcspn(at, "\n");
        json_array_append_new(list, json_stringn(at, len));
        at += len + (at[len] == '\n');
    }
    return list;
}

void qrt_print_lines(const char *word, const struct qrt_buf *lines)
{
    for (const char *at = qrt_buf_str(lines); *at != '\0';) {
        QRT_BUF shown = {0};
        size_t len = strcspn(at, "\n");
        qrt_text_escape(&shown, at, len);
        qrt_cli_say(stdout, "%s%s\n", word, qrt_buf_str(&shown));
        at += len + (at[len] == '\n');
    }
}
