# What every target of the project has in common.
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
# A trace shows line numbers; whole debug information, as of the preset debug, is a fifth of the time of a build.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(OPR_SANITIZE "" CACHE STRING "Sanitizers, such as address,undefined or thread")

add_library(opr_options INTERFACE)
target_include_directories(opr_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(opr_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
target_compile_definitions(opr_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ALLOW_DEPRECATED_HEADERS SPDLOG_FMT_EXTERNAL
  OPR_VERSION="${PROJECT_VERSION}")
if(OPR_SANITIZE)
  target_compile_options(opr_options INTERFACE -fsanitize=${OPR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(opr_options INTERFACE -fsanitize=${OPR_SANITIZE})
  if(OPR_SANITIZE MATCHES thread)
    target_compile_options(opr_options INTERFACE -Wno-tsan) # Asio uses fences, which it doesn't know.
  endif()
endif()

find_program(OPR_CCACHE ccache)
if(OPR_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${OPR_CCACHE}")
endif()

# opr_library(<folder> SOURCES <file>... DEPENDS <target>...): the library opr_<folder>.
function(opr_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(opr_${name} STATIC ${arg_SOURCES})
  target_link_libraries(opr_${name} PUBLIC opr_options ${arg_DEPENDS})
endfunction()

# opr_tests(<name> LABEL <unit|integration|e2e> SOURCES <file>... DEPENDS <target>...): a test program <name>,
# each of its cases a CTest test. The target tests_<label> builds all programs of that label.
function(opr_tests name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 10)
  endif()
  if(OPR_SANITIZE)
    math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 5")
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE opr_options ${arg_DEPENDS} Catch2::Catch2WithMain)
  target_compile_options(${name} PRIVATE -O0) # What is tested keeps its optimization; the tests build in half the time.
  target_precompile_headers(${name} PRIVATE <catch2/catch.hpp>)
  catch_discover_tests(${name} TEST_PREFIX "${name}/" PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
  if(NOT TARGET tests_${arg_LABEL})
    add_custom_target(tests_${arg_LABEL})
  endif()
  add_dependencies(tests_${arg_LABEL} ${name})
endfunction()
