#pragma once

#include <bulkhead/type.hpp>

namespace bulkhead::value {

/// A value as it stands in a path or in a column: text and atoms bare, everything else as JSON.
std::string plain_text_of(const Type& type, const void* value);

}  // namespace bulkhead::value
