// expect: the_pattern_has_a_segment_that_not_exactly_one_Path_parameter_takes

#include <bulkhead/query.hpp>

using namespace bulkhead;

struct Service {};

void routes(Routes<Service>& on) {
    on.get("/names/{id}", query<std::vector<std::string>>("select name from names")).open();
}
