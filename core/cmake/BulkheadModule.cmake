# How a module is built, in this tree and, after find_package(Bulkhead), in any other.
#
# bulkhead_module(NAME [LIBRARIES lib...])
#   Builds every .cpp of the current folder into modules/NAME.so, with the files of migrations/
#   embedded. The module sees <bulkhead/...>, its own files, and the api/ of the other modules as
#   <users/api/...>; it exports one symbol. NAME_objects are the same objects, for unit tests.
#   `cmake --install` puts the module where an installed server looks for it.
#
# bulkhead_module_tests(NAME [SOURCES file...] [LIBRARIES lib...])
#   Builds tests/*.cpp of the current folder, or SOURCES, with the test kit <bulkhead/test/...> and
#   NAME_objects into NAME_tests; each TEST_CASE becomes a test of ctest's. TestApp finds the modules
#   of this project, then the installed ones.
#
# bulkhead_embed(TARGET FOLDER KIND FUNCTION)
#   Compiles the files of FOLDER into TARGET; see BulkheadEmbed.cmake.

set(BULKHEAD_CMAKE_FOLDER ${CMAKE_CURRENT_LIST_DIR})
# Below the prefix, as Configuration::module_directory() expects it.
set(BULKHEAD_INSTALL_MODULES lib/bulkhead/modules)
# A folder of its own, because /usr/include is no place for a <users/...>.
set(BULKHEAD_INSTALL_APIS include/bulkhead-modules)

function(bulkhead_embed target folder kind function)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${target}_${kind}.cpp)
  # A file that is gone is newer than nothing: the list of them is what has changed.
  file(GENERATE OUTPUT ${generated}.list CONTENT "${files}\n")
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DKIND=${kind} -DFUNCTION=${function}
            -DOUTPUT=${generated} -P ${BULKHEAD_CMAKE_FOLDER}/BulkheadEmbed.cmake
    DEPENDS ${files} ${generated}.list ${BULKHEAD_CMAKE_FOLDER}/BulkheadEmbed.cmake
    COMMENT "Embedding ${folder}"
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()

function(bulkhead_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES")
  set(api ${CMAKE_CURRENT_SOURCE_DIR}/api)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  # module.cpp holds the manifest and the entry, which only the shared library may have.
  list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/module.cpp)
  add_library(${name}_objects OBJECT ${sources})
  target_link_libraries(${name}_objects PUBLIC Bulkhead::sdk ${arg_LIBRARIES})

  # Only api/ folders are on the include path, so that no other module's insides can be included.
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/api/${name})
  file(CREATE_LINK ${api} ${CMAKE_BINARY_DIR}/api/${name}/api SYMBOLIC)
  target_include_directories(${name}_objects PUBLIC ${CMAKE_BINARY_DIR}/api)

  add_library(${name} MODULE module.cpp $<TARGET_OBJECTS:${name}_objects>)
  target_include_directories(${name} PRIVATE ${CMAKE_BINARY_DIR}/api)
  bulkhead_embed(${name} ${CMAKE_CURRENT_SOURCE_DIR}/migrations migrations
                 bulkhead::module_migrations)
  target_link_libraries(${name} PRIVATE Bulkhead::sdk ${arg_LIBRARIES})
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${BULKHEAD_CMAKE_FOLDER}/module.version -Wl,--no-undefined)
  set_target_properties(${name} ${name}_objects PROPERTIES
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  set_target_properties(${name} PROPERTIES
    PREFIX "" LINK_DEPENDS ${BULKHEAD_CMAKE_FOLDER}/module.version
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/linked INSTALL_RPATH "$ORIGIN/../..")
  # The linker writes bit by bit; a server that looks into modules/ must never find half a file.
  set(served ${CMAKE_BINARY_DIR}/modules/${name})
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/modules
    COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:${name}> ${served}.linked
    COMMAND ${CMAKE_COMMAND} -E rename ${served}.linked ${served}.so
    VERBATIM)

  install(TARGETS ${name} LIBRARY DESTINATION ${BULKHEAD_INSTALL_MODULES} COMPONENT runtime)
  if(IS_DIRECTORY ${api})
    install(DIRECTORY ${api} DESTINATION ${BULKHEAD_INSTALL_APIS}/${name} COMPONENT dev)
  endif()
endfunction()

function(bulkhead_module_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  if(NOT TARGET Bulkhead::test)
    message(FATAL_ERROR "${name}: tests need the test kit, and the test kit needs Catch2 2.13, "
                        "Boost.JSON 1.81 and OpenSSL 3: install catch2, libboost-json1.81-dev and "
                        "libssl-dev, then configure again")
  endif()
  if(NOT arg_SOURCES)
    file(GLOB arg_SOURCES CONFIGURE_DEPENDS tests/*.cpp)
  endif()
  add_executable(${name}_tests ${arg_SOURCES})
  bulkhead_embed(${name}_tests ${CMAKE_CURRENT_SOURCE_DIR}/migrations migrations
                 bulkhead::module_migrations)
  target_link_libraries(${name}_tests PRIVATE Bulkhead::test ${name}_objects ${arg_LIBRARIES})
  target_include_directories(${name}_tests PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  set(folders ${CMAKE_BINARY_DIR}/modules ${Bulkhead_MODULES_DIR})
  list(JOIN folders ":" folders)
  target_compile_definitions(${name}_tests PRIVATE BULKHEAD_TEST_MODULES="${folders}")
  set_target_properties(${name}_tests PROPERTIES
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  add_dependencies(${name}_tests ${name})
  include(Catch)
  catch_discover_tests(${name}_tests TEST_PREFIX "${name}: " PROPERTIES TIMEOUT 120)
endfunction()
