# Later versions of modules/orders, made of its own sources: what an upgrade replaces it by. Each is
# versions/<name>/orders.so in the build folder.

# changed_copy(SOURCE COPY [FROM TO]...): COPY is SOURCE with each FROM, which must be there,
# replaced.
function(changed_copy source copy)
  file(READ ${source} text)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  set(changes ${ARGN})
  while(changes)
    list(POP_FRONT changes from to)
    string(FIND "${text}" "${from}" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "${source} does not hold '${from}' any more, which ${copy} replaces")
    endif()
    string(REPLACE "${from}" "${to}" text "${text}")
  endwhile()
  file(CONFIGURE OUTPUT ${copy} CONTENT "${text}" @ONLY)
endfunction()

# orders_version(NAME VERSION [MIGRATIONS folder] [MODULE FROM TO] [ROUTES FROM TO]): MODULE changes
# module.cpp, ROUTES routes.cpp.
function(orders_version name version)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "MIGRATIONS" "MODULE;ROUTES")
  set(original ${CMAKE_SOURCE_DIR}/modules/orders)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name})
  changed_copy(${original}/module.cpp ${folder}/module.cpp "\"1.0.0\"" "\"${version}\"" ${arg_MODULE})
  changed_copy(${original}/routes.cpp ${folder}/routes.cpp ${arg_ROUTES})
  file(GLOB migrations CONFIGURE_DEPENDS ${original}/migrations/*.sql ${arg_MIGRATIONS}/*.sql)
  foreach(migration IN LISTS migrations)
    get_filename_component(file ${migration} NAME)
    configure_file(${migration} ${folder}/migrations/${file} COPYONLY)
  endforeach()

  add_library(${name} MODULE ${folder}/module.cpp ${folder}/routes.cpp
    "$<FILTER:$<TARGET_OBJECTS:orders_objects>,EXCLUDE,routes\\.cpp>")
  target_include_directories(${name} PRIVATE ${original} ${CMAKE_BINARY_DIR}/api)
  bulkhead_embed(${name} ${folder}/migrations migrations bulkhead::module_migrations)
  target_link_libraries(${name} PRIVATE bulkhead_core)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${CMAKE_SOURCE_DIR}/core/cmake/module.version)
  set_target_properties(${name} PROPERTIES
    PREFIX "" OUTPUT_NAME orders CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/versions/${name})
endfunction()

set(wiring "core.serve(routes, service_)")
orders_version(orders_1_1 1.1.0 MIGRATIONS ${CMAKE_CURRENT_SOURCE_DIR}/e2e/orders_1_1/migrations
  ROUTES "on.post(\"/orders\"," "on.get(\"/catalogue\", list_products).open().summary(\"What is for sale\"),
        on.post(\"/orders\",")
orders_version(orders_1_2_needs 1.2.0 MODULE "{\"users\"}" "{\"users\", \"warehouse\"}")
orders_version(orders_1_2_constructor 1.2.0
  MODULE "${wiring}" "throw std::runtime_error(\"the warehouse is on fire\")")
orders_version(orders_1_2_migration 1.2.0
  MIGRATIONS ${CMAKE_CURRENT_SOURCE_DIR}/e2e/orders_1_2/migrations)
set(orders_versions orders_1_1 orders_1_2_needs orders_1_2_constructor orders_1_2_migration)
