#pragma once

#include <bulkhead/result.hpp>

#include <string>

namespace bulkhead::app {

/// Asks twice on the terminal, without echo. Refused where there is none, or when the two differ.
Result<std::string> ask_password();

/// The first line of standard input; refused when there is none.
Result<std::string> read_password();

}  // namespace bulkhead::app
