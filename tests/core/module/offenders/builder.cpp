// Its migrations lead out of it, change the table of another module and take away a column.
#include <bulkhead/module.hpp>

namespace {

class BuilderModule final : public bulkhead::Module {
public:
    explicit BuilderModule(bulkhead::Core&) {}
};

}  // namespace

BULKHEAD_MODULE(.name = "builder", .version = "1.0.0", .start = bulkhead::start<BuilderModule>)
