# seedbed_target(<target>): what every target of this build gets. Consumers get none of it but the
# sanitizer's link flag, which a sanitized static library cannot be linked without.
function(seedbed_target target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Woverloaded-virtual -Wold-style-cast -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum
    # False alarms of GCC 12 about std::string at -O2 (GCC bug 105651).
    -Wno-restrict
    # Generated values must be bit-equal on every machine: no fused multiply-add.
    -ffp-contract=off)
  target_compile_definitions(${target} PRIVATE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
  if(SEEDBED_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(SEEDBED_SANITIZE)
    # vptr needs RTTI that Debian's SOCI hides (undefined `typeinfo for ref_counted_statement`).
    target_compile_options(${target} PRIVATE -fsanitize=${SEEDBED_SANITIZE} -fno-sanitize=vptr
      -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${SEEDBED_SANITIZE})
  endif()
endfunction()

# seedbed_library(<target> EXPORT_NAME <name>): a library of this project, alias Seedbed::<name>.
function(seedbed_library target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "EXPORT_NAME" "")
  add_library(${target} STATIC)
  add_library(Seedbed::${arg_EXPORT_NAME} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${arg_EXPORT_NAME}
    POSITION_INDEPENDENT_CODE ON VERIFY_INTERFACE_HEADER_SETS ON)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  set_property(GLOBAL APPEND PROPERTY SEEDBED_LIBRARIES ${target})
  seedbed_target(${target})
endfunction()

# seedbed_headers(<target> <file>...): headers that are installed. Everything else is private.
function(seedbed_headers target)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/src" FILES ${ARGN})
endfunction()

# seedbed_compile_alone(<target> <file>...): sources that no group may hold, since they name things as their
# neighbours do, or define macros.
function(seedbed_compile_alone target)
  set_source_files_properties(${ARGN} TARGET_DIRECTORY ${target} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# seedbed_precompile(<target> [<owner> | <header>...]): precompiled headers, those of a target that is compiled with
# the same flags, or the usual ones and some more. Sources include what they use all the same: tools/lint reads them
# without.
function(seedbed_precompile target)
  if(NOT SEEDBED_PCH)
    return()
  endif()
  if(TARGET "${ARGV1}")
    target_precompile_headers(${target} REUSE_FROM ${ARGV1})
  else()
    target_precompile_headers(${target} PRIVATE <algorithm> <filesystem> <functional> <map> <memory> <optional>
      <string> <variant> <vector> <fmt/format.h> ${ARGN})
  endif()
endfunction()
