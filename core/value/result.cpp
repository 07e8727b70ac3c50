#include <bulkhead/result.hpp>

namespace bulkhead {

// Here, so that the core holds the one copy of its type information that every library catches by.
Fault::~Fault() = default;

}  // namespace bulkhead
