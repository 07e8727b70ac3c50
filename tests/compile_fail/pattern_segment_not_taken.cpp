// expect: the_pattern_has_a_segment_that_not_exactly_one_Path_parameter_takes

#include <bulkhead/routes.hpp>

using namespace bulkhead;

struct Service {};

Result<> show(Service&, Path<"id", Uuid>);

void routes(Routes<Service>& on) {
    on.get("/orders/{id}/lines/{line}", show).open();
}
