#include <quorate/group.h>

#include <string.h>

static const char *const names[QRT_GROUPS] = {"password", "mfa"};

const char *qrt_group_name(enum qrt_group group)
{
    return names[group];
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
