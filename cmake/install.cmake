# The way from quorate.pc up to the prefix, wherever that is moved: lib may be
# lib/<architecture>.
file(RELATIVE_PATH QRT_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" QRT_PC_TO_PREFIX "${QRT_PC_TO_PREFIX}")
configure_file(cmake/quorate.pc.in quorate.pc @ONLY)
install(TARGETS quorate ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/quorate DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES ${PROJECT_BINARY_DIR}/quorate.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES docs/man/quorate.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md"
        PATTERN "runbooks/*.txt" PATTERN "runbooks/SHA256SUMS")
