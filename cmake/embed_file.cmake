file(READ ${IN} hex HEX)
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
file(WRITE ${OUT} "#include <stddef.h>
extern const unsigned char ${SYMBOL}[];
extern const size_t ${SYMBOL}_len_bytes;
const unsigned char ${SYMBOL}[] = {
${hex}0x00};
const size_t ${SYMBOL}_len_bytes = sizeof(${SYMBOL}) - 1;
")
