# Word list (one word a line) to a C table of characters padded with zeros.
file(STRINGS ${IN} words)
list(LENGTH words count)
if(NOT count EQUAL 1024)
  message(FATAL_ERROR "${IN}: ${count} words, not 1024")
endif()
set(rows "")
foreach(word IN LISTS words)
  if(NOT word MATCHES "^[a-z][a-z][a-z][a-z]+$")
    message(FATAL_ERROR "${IN}: ${word} is no word of four letters or more")
  endif()
  string(APPEND rows "    \"${word}\",\n")
endforeach()
file(WRITE ${OUT} "#include \"split/words.h\"

const char qrt_words_list[QRT_WORDS][QRT_SLIP39_WORD_CHARS] = {
${rows}};
")
