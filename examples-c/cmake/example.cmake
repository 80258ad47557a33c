# What the server programs have in common. Each is a project of its own that includes this file:
#
#   cmake -S examples-c/server-models -B build            the library that is installed, ours or libdlt
#   cmake ... -DCMAKE_PREFIX_PATH=/where/ours/is          the one that is installed there
#   cmake ... -DEXAMPLE_SANITIZER=thread                  or address: the program watches itself

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# Headers of imported targets are system headers: our warnings are for our code alone.
find_package(automotive-dlt REQUIRED)
find_package(Threads REQUIRED)
include(CTest)

set(EXAMPLE_DIR "${CMAKE_CURRENT_LIST_DIR}/..")
set(EXAMPLE_SANITIZER "" CACHE STRING "thread or address, or nothing")

add_compile_options(-Wall -Wextra -Wpedantic -Werror)
if(EXAMPLE_SANITIZER)
  add_compile_options(-fsanitize=${EXAMPLE_SANITIZER} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${EXAMPLE_SANITIZER})
endif()

# How a sanitizer ends a test: what it finds fails. The library is not built for them, so that it is
# left out, by its name; nothing else is.
set(EXAMPLE_TEST_ENVIRONMENT
  "TSAN_OPTIONS=halt_on_error=1 suppressions=${EXAMPLE_DIR}/testing/thread-sanitizer.supp"
  "ASAN_OPTIONS=detect_stack_use_after_return=1"
  "LSAN_OPTIONS=suppressions=${EXAMPLE_DIR}/testing/leak-sanitizer.supp")

# example_test(NAME COMMAND... ): a test with a network, a /tmp and so a daemon of its own. It sees the
# build directory as it is, also below /tmp. Without the right to make namespaces it is skipped, and
# fails with CI set.
function(example_test name)
  add_test(NAME ${name} COMMAND "${EXAMPLE_DIR}/testing/private-namespace" "${CMAKE_BINARY_DIR}"
    "${EXAMPLE_DIR}" -- ${ARGN})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
    ENVIRONMENT "${EXAMPLE_TEST_ENVIRONMENT}")
endfunction()
