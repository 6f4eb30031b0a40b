/* Prints the table of events, one key a line: event, key, form, how often. */
#include "log/events.h"
#include <stdio.h>

static const char *const forms[] = {
    [QRT_FORM_TEXT] = "text", [QRT_FORM_U64] = "u64",       [QRT_FORM_I64] = "i64",
    [QRT_FORM_ID] = "id",     [QRT_FORM_DIGEST] = "digest", [QRT_FORM_BASE64] = "base64",
    [QRT_FORM_YES] = "yes",
};

int main(void)
{
    for (size_t i = 0; i < QRT_EVENTS; i++) {
        const struct qrt_event *event = qrt_event_by_id((enum qrt_event_id)i);
        for (size_t k = 0; k < event->keys_len; k++) {
            const struct qrt_event_key *key = &event->keys[k];
            const char *often = (key->flags & QRT_KEY_REPEATED) != 0   ? "many"
                                : (key->flags & QRT_KEY_OPTIONAL) != 0 ? "optional"
                                                                       : "one";
            printf("%s %s %s %s\n", event->name, key->name, forms[key->form], often);
        }
    }
    return 0;
}
