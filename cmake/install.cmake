configure_file(cmake/quorate.pc.in quorate.pc @ONLY)
install(TARGETS quorate ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/quorate DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES ${PROJECT_BINARY_DIR}/quorate.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
