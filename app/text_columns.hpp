#pragma once

#include <string>
#include <vector>

namespace bulkhead::app {

/// Lines of cells as text, each column as wide as its widest cell; nothing trails the last one.
std::string in_columns(const std::vector<std::vector<std::string>>& lines);

/// A cell that has nothing to say: "-".
std::string or_dash(const std::string& text);

}  // namespace bulkhead::app
