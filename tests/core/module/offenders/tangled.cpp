// Calls the inside of the core and a library that the core keeps to itself, is linked with another
// module, and exports a symbol of its own.
#include <bulkhead/module.hpp>

#include <sqlite3.h>

namespace bulkhead::value {
std::string sha256(std::string_view bytes);  // core/value/sha256.hpp, written down by hand.
}

extern "C" __attribute__((visibility("default"))) int tangled_version() {
    return sqlite3_libversion_number();
}

namespace {

class TangledModule final : public bulkhead::Module {
public:
    explicit TangledModule(bulkhead::Core& core) {
        core.log().info(bulkhead::value::sha256("tangled"));
    }
};

}  // namespace

BULKHEAD_MODULE(.name = "tangled", .version = "1.0.0", .start = bulkhead::start<TangledModule>)
