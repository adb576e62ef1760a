# Debian ships SOCI 4.0 without a CMake package. Defines SOCI::Core and SOCI::SQLite3 as SOCI 4.1 does, and
# SOCI::PostgreSQL and SOCI::MySQL where they are installed.
find_path(SOCI_INCLUDE_DIR soci/soci.h)
find_library(SOCI_CORE_LIBRARY soci_core)
find_library(SOCI_SQLITE3_LIBRARY soci_sqlite3)
find_package(SQLite3)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(SOCI
  REQUIRED_VARS SOCI_CORE_LIBRARY SOCI_SQLITE3_LIBRARY SOCI_INCLUDE_DIR SQLite3_FOUND
  REASON_FAILURE_MESSAGE "On Debian: apt-get install libsoci-dev libsqlite3-dev")
if(SOCI_FOUND AND NOT TARGET SOCI::Core)
  add_library(SOCI::Core UNKNOWN IMPORTED)
  set_target_properties(SOCI::Core PROPERTIES IMPORTED_LOCATION "${SOCI_CORE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${SOCI_INCLUDE_DIR}" INTERFACE_LINK_LIBRARIES "${CMAKE_DL_LIBS}")
  add_library(SOCI::SQLite3 UNKNOWN IMPORTED)
  set_target_properties(SOCI::SQLite3 PROPERTIES IMPORTED_LOCATION "${SOCI_SQLITE3_LIBRARY}"
    INTERFACE_LINK_LIBRARIES "SOCI::Core;SQLite::SQLite3")
  foreach(backend PostgreSQL MySQL)
    string(TOLOWER "${backend}" name)
    find_library(SOCI_${backend}_LIBRARY soci_${name})
    if(SOCI_${backend}_LIBRARY)
      add_library(SOCI::${backend} UNKNOWN IMPORTED)
      set_target_properties(SOCI::${backend} PROPERTIES IMPORTED_LOCATION "${SOCI_${backend}_LIBRARY}"
        INTERFACE_LINK_LIBRARIES SOCI::Core)
    endif()
  endforeach()
endif()
