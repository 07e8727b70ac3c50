#pragma once
// A user as seen from within; the public shape is in api/directory.hpp.

#include "api/directory.hpp"

#include <bulkhead/core.hpp>

namespace users {

using namespace bulkhead;  // The SDK's words stand unqualified in this module.

/// What users may change of themselves.
struct Rename {
    std::string name;

    static auto fields() {
        return shape(field("name", &Rename::name, name_length, example(R"("Ada Lovelace")")));
    }
};

}  // namespace users
