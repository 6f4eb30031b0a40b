#include "ceremony/purpose.h"

#include <string.h>

extern const unsigned char qrt_root_only_tasks[];

void qrt_purpose_words(struct qrt_buf *out, const struct qrt_policy *policy, const char *purpose)
{
    const struct qrt_policy_purpose *own = qrt_policy_purpose(policy, purpose);
    if (own != NULL) {
        qrt_buf_text(out, own->words);
        return;
    }
    size_t len = strlen(purpose);
    const char *line = (const char *)qrt_root_only_tasks;
    while (*line != '\0') {
        size_t line_len = strcspn(line, "\n");
        if (line[0] != '#' && len < line_len && strncmp(line, purpose, len) == 0 &&
            line[len] == '\t') {
            qrt_buf_add(out, line + len + 1, line_len - len - 1);
            return;
        }
        line += line_len + (line[line_len] == '\n' ? 1 : 0);
    }
    qrt_buf_text(out, purpose);
}
