# Debian ships libpqxx 6.4 without a CMake package. Defines Libpqxx::Libpqxx, which carries libpq too.
find_path(LIBPQXX_INCLUDE_DIR pqxx/pqxx)
find_library(LIBPQXX_LIBRARY pqxx)
find_path(LIBPQ_INCLUDE_DIR libpq-fe.h PATH_SUFFIXES postgresql)
find_library(LIBPQ_LIBRARY pq)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libpqxx
  REQUIRED_VARS LIBPQXX_LIBRARY LIBPQXX_INCLUDE_DIR LIBPQ_LIBRARY LIBPQ_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "On Debian: apt-get install libpqxx-dev libpq-dev")
if(Libpqxx_FOUND AND NOT TARGET Libpqxx::Libpqxx)
  add_library(Libpqxx::Libpqxx UNKNOWN IMPORTED)
  set_target_properties(Libpqxx::Libpqxx PROPERTIES IMPORTED_LOCATION "${LIBPQXX_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LIBPQXX_INCLUDE_DIR};${LIBPQ_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${LIBPQ_LIBRARY}")
endif()
