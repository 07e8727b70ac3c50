#pragma once
// Wrong usage in one sentence with its remedy.

#include <CLI/App.hpp>

#include <span>
#include <string>

namespace bulkhead::app {

/// "there is no command 'srve'; did you mean 'serve'?"; empty when the arguments name commands that
/// exist, or none at all.
std::string unknown_command(const CLI::App& root, std::span<char* const> arguments);

/// What the parser refused, and where to read on.
std::string usage_sentence(const CLI::App& root, const CLI::ParseError& error);

}  // namespace bulkhead::app
