# bulkhead_module(NAME [LIBRARIES lib...])
#   Builds every .cpp of the current folder into modules/NAME.so, with the files of migrations/
#   embedded. The module sees <bulkhead/...>, its own files, and the api/ of the other modules as
#   <users/api/...>; it exports one symbol. NAME_objects are the same objects, for unit tests.
#
# bulkhead_embed(TARGET FOLDER EXTENSION FUNCTION)
#   Compiles the text files of FOLDER into TARGET.

set(BULKHEAD_CMAKE_FOLDER ${CMAKE_CURRENT_LIST_DIR})

function(bulkhead_embed target folder kind function)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${target}_${kind}.cpp)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DKIND=${kind} -DFUNCTION=${function}
            -DOUTPUT=${generated} -P ${BULKHEAD_CMAKE_FOLDER}/BulkheadEmbed.cmake
    DEPENDS ${files} ${BULKHEAD_CMAKE_FOLDER}/BulkheadEmbed.cmake
    COMMENT "Embedding ${folder}"
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()

function(bulkhead_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES")
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  # module.cpp holds the manifest and the entry, which only the shared library may have.
  list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/module.cpp)
  add_library(${name}_objects OBJECT ${sources})
  set_target_properties(${name}_objects PROPERTIES
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_libraries(${name}_objects PUBLIC bulkhead_core ${arg_LIBRARIES})

  # Only api/ folders are on the include path, so that no other module's insides can be included.
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/api/${name})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/api ${CMAKE_BINARY_DIR}/api/${name}/api SYMBOLIC)
  target_include_directories(${name}_objects PUBLIC ${CMAKE_BINARY_DIR}/api)

  add_library(${name} MODULE module.cpp $<TARGET_OBJECTS:${name}_objects>)
  target_include_directories(${name} PRIVATE ${CMAKE_BINARY_DIR}/api)
  bulkhead_embed(${name} ${CMAKE_CURRENT_SOURCE_DIR}/migrations migrations
                 bulkhead::module_migrations)
  target_link_libraries(${name} PRIVATE bulkhead_core ${arg_LIBRARIES})
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${BULKHEAD_CMAKE_FOLDER}/module.version -Wl,--no-undefined)
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${BULKHEAD_CMAKE_FOLDER}/module.version
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/modules)
endfunction()
