# Debian ships Connector/C++ 1.1 and libmariadb without CMake packages. Defines
# MySQLConnectorCpp::Jdbc and MySQLConnectorCpp::MariaDB (the C client below it).
find_path(MYSQLCONNECTORCPP_INCLUDE_DIR cppconn/driver.h)
find_library(MYSQLCONNECTORCPP_LIBRARY mysqlcppconn)
find_path(LIBMARIADB_INCLUDE_DIR mysql.h PATH_SUFFIXES mariadb)
find_library(LIBMARIADB_LIBRARY mariadb)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(MySQLConnectorCpp
  REQUIRED_VARS MYSQLCONNECTORCPP_LIBRARY MYSQLCONNECTORCPP_INCLUDE_DIR LIBMARIADB_LIBRARY LIBMARIADB_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "On Debian: apt-get install libmysqlcppconn-dev libmariadb-dev")
if(MySQLConnectorCpp_FOUND AND NOT TARGET MySQLConnectorCpp::Jdbc)
  add_library(MySQLConnectorCpp::MariaDB UNKNOWN IMPORTED)
  set_target_properties(MySQLConnectorCpp::MariaDB PROPERTIES IMPORTED_LOCATION "${LIBMARIADB_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LIBMARIADB_INCLUDE_DIR}")
  add_library(MySQLConnectorCpp::Jdbc UNKNOWN IMPORTED)
  set_target_properties(MySQLConnectorCpp::Jdbc PROPERTIES IMPORTED_LOCATION "${MYSQLCONNECTORCPP_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${MYSQLCONNECTORCPP_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "MySQLConnectorCpp::MariaDB")
endif()
