/* Views that keep nothing: for what is tested below them. */
#ifndef QRT_TESTS_UNIT_NO_VIEWS_H
#define QRT_TESTS_UNIT_NO_VIEWS_H

#include "log/views.h"

static void no_reset(void *ctx)
{
    (void)ctx;
}

static enum qrt_code no_apply(void *ctx, const struct qrt_entry *entry, struct qrt_faults *faults,
                              struct qrt_err *err)
{
    (void)ctx;
    (void)entry;
    (void)faults;
    (void)err;
    return QRT_OK;
}

static enum qrt_code no_seal(void *ctx, uint64_t epoch, const struct qrt_note *note,
                             struct qrt_signatures *later, struct qrt_faults *faults,
                             struct qrt_err *err)
{
    (void)ctx;
    (void)epoch;
    (void)note;
    (void)later;
    (void)faults;
    (void)err;
    return QRT_OK;
}

static enum qrt_code no_store(void *ctx, sqlite3 *db, struct qrt_err *err)
{
    (void)ctx;
    (void)db;
    (void)err;
    return QRT_OK;
}

static enum qrt_code no_compare(void *ctx, sqlite3 *db, struct qrt_faults *faults,
                                struct qrt_err *err)
{
    (void)ctx;
    (void)db;
    (void)faults;
    (void)err;
    return QRT_OK;
}

static const struct qrt_views no_views = {.reset = no_reset,
                                          .apply = no_apply,
                                          .seal = no_seal,
                                          .store = no_store,
                                          .compare = no_compare};

#endif
