#include "split/subset.h"

bool qrt_subset_next(size_t *members, size_t chosen, size_t count)
{
    for (size_t i = chosen; i-- > 0;) {
        if (members[i] < count - chosen + i) {
            members[i]++;
            for (size_t j = i + 1; j < chosen; j++) {
                members[j] = members[j - 1] + 1;
            }
            return true;
        }
    }
    return false;
}
