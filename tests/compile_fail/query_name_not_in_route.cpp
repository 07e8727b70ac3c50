// expect: the_SQL_names_a_parameter_that_the_route_does_not_have

#include <bulkhead/query.hpp>

using namespace bulkhead;

struct Service {};

void routes(Routes<Service>& on) {
    on.get("/names/{id}", query<std::vector<std::string>, Path<"id", Uuid>>(
                              "select name from names where id = :id and owner = :owner"))
        .open();
}
