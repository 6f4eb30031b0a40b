/* The two custodian groups, by their SLIP-0039 group index. */
#ifndef QUORATE_GROUP_H
#define QUORATE_GROUP_H

#include <stdbool.h>

enum qrt_group {
    QRT_GROUP_PASSWORD = 0,
    QRT_GROUP_MFA = 1,
    QRT_GROUPS = 2,
};

#define QRT_GROUP_MEMBERS_MAX 16

/* "password" or "mfa", as policies, commands and the log write it. */
const char *qrt_group_name(enum qrt_group group);
/* "password" or "MFA", as people are told of it; and of the group of that name. */
const char *qrt_group_words(enum qrt_group group);
const char *qrt_group_words_of(const char *name);
/* The group of that name; false, *group untouched, if there is none. */
bool qrt_group_parse(enum qrt_group *group, const char *name);

#endif
