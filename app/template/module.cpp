// Sample: what this module is about, in a sentence.
// It owns the table sample_items; the people who own the items belong to users.
// Needs nothing. Offers nothing.

#include "routes.hpp"

#include <bulkhead/module.hpp>

namespace sample {

class SampleModule final : public Module {
public:
    explicit SampleModule(Core& core) : service_(core.database(), core.settings<Settings>()) {
        core.serve(routes, service_);
    }

private:
    Service service_;
};

}  // namespace sample

BULKHEAD_MODULE(.name = "sample", .version = "1.0.0",
                .start = bulkhead::start<sample::SampleModule>)
