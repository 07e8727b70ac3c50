// Needs `shelf` and uses nothing of it.
#include <bulkhead/module.hpp>

namespace {

class LonelyModule final : public bulkhead::Module {
public:
    explicit LonelyModule(bulkhead::Core&) {}
};

}  // namespace

BULKHEAD_MODULE(.name = "lonely", .version = "1.0.0", .needs = {"shelf"},
                .start = bulkhead::start<LonelyModule>)
