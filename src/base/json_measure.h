/* What can be told of JSON before it is parsed. */
#ifndef QRT_BASE_JSON_MEASURE_H
#define QRT_BASE_JSON_MEASURE_H

#include <quorate/err.h>
#include <stddef.h>

/* Where the value of an array stands, inside its brackets. */
struct qrt_json_inside {
    const char *name; /* a key of the top-level object; NULL: none is sought */
    size_t opens;     /* its bracket; 0 while it was not met */
    size_t from;
    size_t to;
};

/* Bounds depth and number of the values, and finds the array that is sought;
 * inside->to is 0 if it is not there. Only the parser tells whether the bytes
 * are JSON at all. QRT_E_RANGE. */
enum qrt_code qrt_json_measure(struct qrt_json_inside *inside, const char *bytes, size_t len_bytes,
                               struct qrt_err *err) QRT_MUST_USE;

#endif
