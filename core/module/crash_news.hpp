#pragma once

#include "module/crash_report.hpp"

namespace bulkhead::module {

/// How many reports that have been told are kept; the oldest go first.
inline constexpr std::size_t told_crash_reports_kept = 20;

/// The reports below `data_folder` that nobody has told yet, oldest first, their frames named. A
/// process of its own reads the symbols, as their files may be broken: should it fail or take
/// seconds, the frames have no names.
std::vector<CrashReport> read_crash_reports(const std::filesystem::path& data_folder);

/// One sentence for each of them; from then on they are told: "*.crash" becomes "*.told". Never
/// throws: what cannot be read is left out.
std::vector<std::string> tell_crashes(const std::filesystem::path& data_folder);

}  // namespace bulkhead::module
