# qrt_embed(TARGET file symbol): the bytes of a file as
# `const unsigned char symbol[]` and `const size_t symbol_len_bytes`, made at
# build time, so that the file in the tree stays the single source.
set(QRT_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_file.cmake)
function(qrt_embed target file symbol)
  set(in ${PROJECT_SOURCE_DIR}/${file})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DIN=${in} -DOUT=${out} -DSYMBOL=${symbol} -P ${QRT_EMBED_SCRIPT}
    DEPENDS ${in} ${QRT_EMBED_SCRIPT} VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
