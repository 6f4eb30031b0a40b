# Warnings and hardening as INTERFACE targets, linked PRIVATE so that they do
# not leak to whoever links the library.
add_library(qrt_compile INTERFACE)
target_compile_definitions(qrt_compile INTERFACE _GNU_SOURCE)
target_compile_options(qrt_compile INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wcast-align
  -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith
  -Wundef -Wvla -Wwrite-strings -Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion
  $<$<C_COMPILER_ID:GNU>:-Wlogical-op -Wduplicated-cond -Wduplicated-branches>
  $<$<BOOL:${QUORATE_WERROR}>:-Werror>
  -fno-strict-overflow -fno-common -fstack-protector-strong -ffunction-sections -fdata-sections
  -fstack-clash-protection
  $<$<C_COMPILER_ID:GNU>:-ftrivial-auto-var-init=zero>
  $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection=full>)
target_link_options(qrt_compile INTERFACE
  -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--gc-sections)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

if(QUORATE_ASAN OR QUORATE_FUZZ)
  target_compile_definitions(qrt_compile INTERFACE QRT_SANITIZED=1)
  target_compile_options(qrt_compile INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(qrt_compile INTERFACE -fsanitize=address,undefined)
else()
  target_compile_options(qrt_compile INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
endif()
if(QUORATE_FUZZ)
  target_compile_options(qrt_compile INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(QUORATE_COVERAGE)
  target_compile_options(qrt_compile INTERFACE --coverage)
  target_link_options(qrt_compile INTERFACE --coverage)
endif()
