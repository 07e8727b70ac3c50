# What `cmake --install` puts where, below its prefix.
#
#   bin/bulkhead                    the server
#   lib/libbulkhead.so*             the core
#   lib/bulkhead/modules/           the shipped modules
#   share/bulkhead/plugins.toml     the configuration as shipped, and its manual
#   share/bulkhead/postgresql.sh    starts a PostgreSQL for tests
#   include/bulkhead/               the SDK, with the test kit in test/
#   include/bulkhead-modules/       the api/ of the shipped modules
#   lib/cmake/Bulkhead/             find_package(Bulkhead)

include(CMakePackageConfigHelpers)

set(BULKHEAD_INSTALL_PROGRAM bin/bulkhead)
set(package_folder lib/cmake/Bulkhead)

# The SDK's version is written once, in manifest.hpp.
file(READ ${CMAKE_SOURCE_DIR}/core/include/bulkhead/manifest.hpp manifest)
foreach(part sdk_major sdk_minor)
  string(REGEX MATCH "int ${part} = ([0-9]+)" ignored "${manifest}")
  set(${part} ${CMAKE_MATCH_1})
endforeach()
set(sdk_version ${sdk_major}.${sdk_minor})
set_target_properties(bulkhead_core PROPERTIES SOVERSION ${sdk_major})

install(TARGETS bulkhead RUNTIME DESTINATION bin COMPONENT runtime)
install(TARGETS bulkhead_core EXPORT Bulkhead
  LIBRARY DESTINATION lib COMPONENT runtime NAMELINK_COMPONENT dev)
install(FILES ${CMAKE_SOURCE_DIR}/plugins.toml DESTINATION share/bulkhead COMPONENT runtime)

install(DIRECTORY ${CMAKE_SOURCE_DIR}/core/include/bulkhead DESTINATION include COMPONENT dev)
install(EXPORT Bulkhead FILE BulkheadTargets.cmake NAMESPACE Bulkhead::
  DESTINATION ${package_folder} COMPONENT dev)
if(TARGET bulkhead_test)
  install(TARGETS bulkhead_test EXPORT BulkheadTest ARCHIVE DESTINATION lib COMPONENT dev)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/tests/support/bulkhead DESTINATION include COMPONENT dev)
  install(PROGRAMS ${CMAKE_SOURCE_DIR}/tools/lib/postgresql.sh
    DESTINATION share/bulkhead COMPONENT dev)
  install(EXPORT BulkheadTest FILE BulkheadTestTargets.cmake NAMESPACE Bulkhead::
    DESTINATION ${package_folder} COMPONENT dev)
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/BulkheadConfig.cmake.in
  ${CMAKE_BINARY_DIR}/BulkheadConfig.cmake INSTALL_DESTINATION ${package_folder}
  PATH_VARS BULKHEAD_INSTALL_MODULES BULKHEAD_INSTALL_PROGRAM)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/BulkheadConfigVersion.cmake
  VERSION ${sdk_version} COMPATIBILITY SameMajorVersion)
install(FILES
  ${CMAKE_BINARY_DIR}/BulkheadConfig.cmake ${CMAKE_BINARY_DIR}/BulkheadConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/BulkheadModule.cmake ${CMAKE_CURRENT_LIST_DIR}/BulkheadEmbed.cmake
  ${CMAKE_CURRENT_LIST_DIR}/module.version
  DESTINATION ${package_folder} COMPONENT dev)
