#pragma once

#include "db/channel.hpp"

namespace bulkhead::db {

/// How the engine would run a select, in its own words, a line per step.
std::string explain(Channel& channel, std::string_view sql, std::span<const Argument> arguments);

}  // namespace bulkhead::db
