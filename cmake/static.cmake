# The libraries that only quorate's own executables use go into them, where
# their archives are installed: each shared library costs the start of a process
# about 60 µs. libc and libsodium stay shared (libsodium's archive and
# libargon2's define the same names). docs/adr/0008 says why, and what it costs.
option(QUORATE_STATIC "Link all but libc and libsodium statically" ON)

# qrt_static(PREFIX name [library…]): the archive in place of pkg-config's target
function(qrt_static prefix name)
  find_library(QUORATE_${prefix}_ARCHIVE lib${name}.a)
  mark_as_advanced(QUORATE_${prefix}_ARCHIVE)
  if(QUORATE_${prefix}_ARCHIVE)
    set_property(TARGET PkgConfig::${prefix} PROPERTY INTERFACE_LINK_LIBRARIES
                 ${QUORATE_${prefix}_ARCHIVE} ${ARGN})
  else()
    message(STATUS "lib${name}.a is not there: ${name} is linked as a shared library")
  endif()
endfunction()

if(QUORATE_STATIC)
  qrt_static(NETTLE nettle)
  qrt_static(SECCOMP seccomp)
  qrt_static(UTF8PROC utf8proc)
  qrt_static(SQLITE sqlite3 m)
  qrt_static(ARGON2 argon2)
  qrt_static(JANSSON jansson)
endif()
