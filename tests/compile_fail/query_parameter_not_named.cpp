// expect: the_SQL_does_not_name_a_parameter_of_the_route

#include <bulkhead/query.hpp>

using namespace bulkhead;

struct Service {};

void routes(Routes<Service>& on) {
    on.get("/names/{id}", query<std::vector<std::string>, Path<"id", Uuid>, Caller>(
                              "select name from names where id = :id and note = ':caller'"))
        .scope("names:read");
}
