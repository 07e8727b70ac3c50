#pragma once

#include <string>

namespace bulkhead::value {

/// The C++ name behind a symbol or a type's name (Itanium C++ ABI, 5.1); the name itself where it
/// is no mangled one.
std::string demangled(const std::string& name);

}  // namespace bulkhead::value
