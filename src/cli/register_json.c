#include "cli/register_json.h"

#include "base/clock.h"

static json_t *values_json(const struct qrt_register_row *row)
{
    const struct qrt_register *reg = qrt_register_find(row->reg);
    json_t *values = json_object();
    for (size_t k = 0; reg != NULL && k < reg->keys_len; k++) {
        const struct qrt_register_key *key = &reg->keys[k];
        struct qrt_span value;
        size_t at = 0;
        while (qrt_register_next(row, key->name, &at, &value)) {
            json_t *text = json_stringn(value.data, value.len_bytes);
            if ((key->flags & QRT_REG_MANY) == 0) {
                json_object_set_new(values, key->name, text);
                continue;
            }
            if (json_object_get(values, key->name) == NULL) {
                json_object_set_new(values, key->name, json_array());
            }
            json_array_append_new(json_object_get(values, key->name), text);
        }
    }
    return values;
}

json_t *qrt_register_json(const struct qrt_register_row *row)
{
    char time[QRT_TIME_CHARS + 1];
    qrt_clock_format(time, row->time_unix_s);
    return json_pack("{s:s, s:s, s:I, s:s, s:o}", "register", row->reg, "name", row->name, "index",
                     (json_int_t)row->changed, "time", time, "values", values_json(row));
}
