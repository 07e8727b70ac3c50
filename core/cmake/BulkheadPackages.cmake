# The two Debian packages that tools/package makes of what is installed: bulkhead (the component
# runtime, and system on top of it) and bulkhead-dev (the component dev).

# For a whole system: its configuration, which keeps an administrator's changes, and the service that
# reads it. Data lies in /var/lib/bulkhead, which belongs to the service.
file(READ ${CMAKE_SOURCE_DIR}/plugins.toml configuration)
string(REPLACE "\"var\"" "\"/var/lib/bulkhead\"" configuration "${configuration}")
string(REPLACE "sqlite://var/" "sqlite:///var/lib/bulkhead/" configuration "${configuration}")
file(WRITE ${CMAKE_BINARY_DIR}/system/plugins.toml "${configuration}")
file(WRITE ${CMAKE_BINARY_DIR}/system/conffiles "/etc/bulkhead/plugins.toml\n")
install(FILES ${CMAKE_BINARY_DIR}/system/plugins.toml DESTINATION /etc/bulkhead
  COMPONENT system EXCLUDE_FROM_ALL)
install(FILES ${CMAKE_SOURCE_DIR}/app/bulkhead.service ${CMAKE_SOURCE_DIR}/app/bulkhead.socket
  DESTINATION /lib/systemd/system COMPONENT system EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_NAME bulkhead)
set(CPACK_PACKAGE_CONTACT "The Bulkhead maintainers <maintainers@bulkhead.example>")
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime system dev)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENT_RUNTIME_GROUP server)
set(CPACK_COMPONENT_SYSTEM_GROUP server)
set(CPACK_COMPONENT_DEV_GROUP sdk)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

set(CPACK_DEBIAN_SERVER_PACKAGE_NAME bulkhead)
set(CPACK_DEBIAN_SERVER_PACKAGE_SECTION web)
set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS libdw1)  # Loaded only after a crash, so no link tells of it.
set(CPACK_DEBIAN_SERVER_PACKAGE_PROVIDES "bulkhead-sdk-${sdk_major} (= ${sdk_version})")
set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/system/conffiles)
set(CPACK_COMPONENT_SERVER_DESCRIPTION "Server for domain modules that are built apart
One process, one database, and inside it modules that are loaded from shared
libraries, switched in /etc/bulkhead/plugins.toml and kept from harming one
another. Comes with the modules users, auth and orders. The service is not
started by itself: systemctl enable --now bulkhead")

set(CPACK_DEBIAN_SDK_PACKAGE_NAME bulkhead-dev)
set(CPACK_DEBIAN_SDK_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_SDK_PACKAGE_SHLIBDEPS OFF)
# The compiler's major version is part of what a module must match.
string(REGEX MATCH "^[0-9]+" compiler_major "${CMAKE_CXX_COMPILER_VERSION}")
set(CPACK_DEBIAN_SDK_PACKAGE_DEPENDS "bulkhead (= ${PROJECT_VERSION}), g++-${compiler_major}, \
cmake (>= 3.25), ninja-build, catch2 (>= 2.13), libboost-json1.81-dev, libssl-dev, libpq-dev")
set(CPACK_COMPONENT_SDK_DESCRIPTION "Headers, CMake package and test kit for modules of Bulkhead
find_package(Bulkhead) gives bulkhead_module() and bulkhead_module_tests();
TestApp runs a module's routes against a database of its own. The SDK is
${sdk_version}: a module built with it runs on every later ${sdk_major}.x.")
include(CPack)
