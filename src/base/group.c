#include <quorate/group.h>

#include <string.h>

static const char *const names[QRT_GROUPS] = {"password", "mfa"};

const char *qrt_group_name(enum qrt_group group)
{
    return names[group];
}

const char *qrt_group_words(enum qrt_group group)
{
    return group == QRT_GROUP_MFA ? "MFA" : names[QRT_GROUP_PASSWORD];
}

const char *qrt_group_words_of(const char *name)
{
    return qrt_group_words(strcmp(name, names[QRT_GROUP_MFA]) == 0 ? QRT_GROUP_MFA
                                                                   : QRT_GROUP_PASSWORD);
}

bool qrt_group_parse(enum qrt_group *group, const char *name)
{
    for (unsigned g = 0; g < QRT_GROUPS; g++) {
        if (strcmp(name, names[g]) == 0) {
            *group = g;
            return true;
        }
    }
    return false;
}
