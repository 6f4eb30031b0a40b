/* What is public although it was computed from secrets: a verdict (a checksum
 * holds, a digest matches). In the constant-time test, where Memcheck takes
 * every secret byte for uninitialised, this says so; elsewhere it is nothing. */
#ifndef QRT_SPLIT_CTIME_H
#define QRT_SPLIT_CTIME_H

#ifdef QRT_CTIME_TEST
#include <valgrind/memcheck.h>
#define QRT_PUBLIC(variable) ((void)VALGRIND_MAKE_MEM_DEFINED(&(variable), sizeof(variable)))
#else
#define QRT_PUBLIC(variable) ((void)0)
#endif

#endif
