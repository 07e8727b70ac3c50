// Uses a contract of `shelf` without needing it.
#include "shelf.hpp"

#include <bulkhead/module.hpp>

namespace {

class BurglarModule final : public bulkhead::Module {
public:
    explicit BurglarModule(bulkhead::Core& core) { core.use<offenders::Books>(); }
};

}  // namespace

BULKHEAD_MODULE(.name = "burglar", .version = "1.0.0", .start = bulkhead::start<BurglarModule>)
