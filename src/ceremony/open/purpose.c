#include "ceremony/open/purpose.h"

#include "base/text.h"
#include <stdlib.h>
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

/* Two texts, a NUL behind each. */
static void add_purpose(struct qrt_purpose_list *list, const char *id, size_t id_len,
                        const char *words, size_t words_len)
{
    qrt_buf_add(&list->texts, id, id_len);
    qrt_buf_u8(&list->texts, 0);
    qrt_text_escape(&list->texts, words, words_len);
    qrt_buf_u8(&list->texts, 0);
    list->len++;
}

static void add_all(struct qrt_purpose_list *list, const struct qrt_policy *policy)
{
    for (size_t i = 0; i < policy->purposes_count; i++) {
        const struct qrt_policy_purpose *own = &policy->purposes[i];
        add_purpose(list, own->id, strlen(own->id), own->words, strlen(own->words));
    }
    for (const char *line = (const char *)qrt_root_only_tasks; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        size_t id_len = strcspn(line, "\t");
        if (line[0] != '#' && id_len < len) {
            add_purpose(list, line, id_len, line + id_len + 1, len - id_len - 1);
        }
        line += len + (line[len] == '\n' ? 1 : 0);
    }
    static const char own_words[] = "something else, in your own words";
    add_purpose(list, "", 0, own_words, strlen(own_words));
}

enum qrt_code qrt_purpose_list(struct qrt_purpose_list *list, const struct qrt_policy *policy,
                               struct qrt_err *err)
{
    *list = (struct qrt_purpose_list){0};
    add_all(list, policy);
    list->ids = calloc(list->len, sizeof *list->ids);
    list->words = calloc(list->len, sizeof *list->words);
    if (list->ids == NULL || list->words == NULL || list->texts.failed) {
        qrt_purpose_list_free(list);
        return qrt_fail(err, QRT_E_NOMEM, "the list of purposes");
    }
    const char *text = qrt_buf_str(&list->texts);
    for (size_t i = 0; i < list->len; i++) {
        list->ids[i] = *text != '\0' ? text : NULL;
        text += strlen(text) + 1;
        list->words[i] = text;
        text += strlen(text) + 1;
    }
    return QRT_OK;
}

void qrt_purpose_list_free(struct qrt_purpose_list *list)
{
    free((void *)list->ids);
    free((void *)list->words);
    qrt_buf_free(&list->texts);
    *list = (struct qrt_purpose_list){0};
}
