/* cmocka, and what it needs before it. */
#ifndef QRT_TESTS_UNIT_H
#define QRT_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif
