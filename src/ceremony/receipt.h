/* Receipts: the log's head as somebody took it home, held against the log. */
#ifndef QRT_CEREMONY_RECEIPT_H
#define QRT_CEREMONY_RECEIPT_H

#include "ceremony/session.h"

/* Reads every receipt given ("receipts"), checks its form and, where the log
 * has a checkpoint of its size, its root; keeps a line for each, `size root`,
 * in session->receipts. QRT_E_REFUSED for what is no receipt of this vault;
 * QRT_E_TAMPERED for a cosigned one that the log contradicts. */
enum qrt_code qrt_receipts_check(struct qrt_session *session, struct qrt_err *err) QRT_MUST_USE;

#endif
