# The compiler's settings, for the core and its modules alike.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

add_compile_options(-Wall -Wextra -Wpedantic -Werror -fno-omit-frame-pointer)
if(BULKHEAD_SANITIZE)
  add_compile_options(-fsanitize=${BULKHEAD_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BULKHEAD_SANITIZE})
  # The vptr check needs typeinfo that SOCI's backends do not export, and a pipe for each look at
  # memory, which it takes for a fault where a test leaves no descriptors.
  add_compile_options(-fno-sanitize=vptr)
endif()
if(BULKHEAD_SANITIZE STREQUAL "thread")
  add_compile_options(-Wno-tsan)  # Asio's fences: g++ says that it does not model them.
endif()
if(BULKHEAD_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()

# Where ccache is installed, a clean clone builds from its cache.
find_program(BULKHEAD_CCACHE ccache)
if(BULKHEAD_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${BULKHEAD_CCACHE})
endif()
