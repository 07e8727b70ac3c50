#pragma once
// The project's own text, for tests that read it: files, and what a compiler would see in them.

#include "module/source_text.hpp"

#include <filesystem>

namespace architecture {

using bulkhead::module::Include;
using bulkhead::module::includes_of;
using bulkhead::module::lines_of;
using bulkhead::module::SourceFile;
using bulkhead::module::take_apart;

const std::filesystem::path& root();
std::string read(const std::filesystem::path& file);  ///< from the root; throws if it is not there

/// Every .hpp and .cpp under core, modules, app and tests, ordered by path.
const std::vector<SourceFile>& sources();

/// Names of the folders in modules/.
const std::vector<std::string>& modules();

std::size_t line_at(std::string_view text, std::size_t position);

/// Fails the running test unless `offences` is empty, and shows them one per line.
void check_none(const std::vector<std::string>& offences);

}  // namespace architecture
