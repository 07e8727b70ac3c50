// expect: the_pattern_has_no_segment_with_the_name_of_this_Path_parameter

#include <bulkhead/routes.hpp>

using namespace bulkhead;

struct Service {};

Result<> show(Service&, Path<"order_id", Uuid>);

void routes(Routes<Service>& on) {
    on.get("/orders/{id}", show).open();
}
