# Sources in groups, precompiled headers, and a compiler cache and a faster linker where they are installed; nothing
# depends on them.

# Not in optimised builds: there GCC warns of what it inlines from a precompiled library header, and is wrong.
string(COMPARE EQUAL "${CMAKE_BUILD_TYPE}" "Debug" is_debug_build)
option(SEEDBED_PCH "Precompile the headers that most sources include" ${is_debug_build})

# What sources of a group share, templates above all, is compiled once: a clean build takes half the time. Names in
# anonymous namespaces have to differ within a target, but for what seedbed_compile_alone() names.
option(SEEDBED_UNITY "Compile the sources of a target in groups" ON)
if(SEEDBED_UNITY)
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 16)
endif()
if(SEEDBED_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(--param=ggc-min-expand=100 --param=ggc-min-heapsize=786432)  # collects its garbage later
endif()

find_program(SEEDBED_CCACHE ccache)
mark_as_advanced(SEEDBED_CCACHE)
if(SEEDBED_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${SEEDBED_CCACHE}")
  if(SEEDBED_PCH)
    # Without these, ccache compiles every source that uses a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${SEEDBED_CCACHE}")
    add_compile_options(-fpch-preprocess)
  endif()
endif()

include(CheckLinkerFlag)
foreach(linker IN ITEMS mold lld)
  check_linker_flag(CXX "-fuse-ld=${linker}" SEEDBED_HAS_${linker})
  if(SEEDBED_HAS_${linker})
    add_link_options("-fuse-ld=${linker}")
    break()
  endif()
endforeach()
