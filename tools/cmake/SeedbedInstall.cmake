# Install rules: headers and static libraries, one export file for each library, so that a consumer asks for
# the engines it wants: find_package(Seedbed REQUIRED COMPONENTS sqlite).
include(CMakePackageConfigHelpers)
set(package_directory "${CMAKE_INSTALL_LIBDIR}/cmake/Seedbed")

get_property(libraries GLOBAL PROPERTY SEEDBED_LIBRARIES)
foreach(library IN LISTS libraries)
  get_target_property(name ${library} EXPORT_NAME)
  install(TARGETS ${library} EXPORT Seedbed_${name} FILE_SET HEADERS)
  install(EXPORT Seedbed_${name} FILE Seedbed_${name}.cmake NAMESPACE Seedbed::
    DESTINATION "${package_directory}")
endforeach()
if(TARGET seedbed_tool)
  install(TARGETS seedbed_tool)
endif()

configure_package_config_file(tools/cmake/SeedbedConfig.cmake.in SeedbedConfig.cmake
  INSTALL_DESTINATION "${package_directory}")
write_basic_package_version_file(SeedbedConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/SeedbedConfig.cmake"
  "${PROJECT_BINARY_DIR}/SeedbedConfigVersion.cmake"
  tools/cmake/FindSOCI.cmake
  tools/cmake/FindLibpqxx.cmake
  tools/cmake/FindMySQLConnectorCpp.cmake
  DESTINATION "${package_directory}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
