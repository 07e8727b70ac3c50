#pragma once
// The project's own text, for tests that read it: files, and what a compiler would see in them.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace architecture {

/// One .hpp or .cpp, taken apart. `uncommented` and `code` keep every line and column of `text`.
struct SourceFile {
    std::string path;  ///< from the root: "core/http/router.cpp"
    std::string text;
    std::string uncommented;            ///< comments are blank
    std::string code;                   ///< comments and the contents of literals are blank
    std::vector<std::string> literals;  ///< contents of string literals, as written
    std::vector<std::string> comments;

    bool in(std::string_view folder) const;  ///< "core/http" covers everything below it
};

/// One #include line.
struct Include {
    std::string target;  ///< "bulkhead/core.hpp"
    bool quoted = false;
    std::size_t line = 0;
};

const std::filesystem::path& root();
std::string read(const std::filesystem::path& file);  ///< from the root; throws if it is not there

/// Takes C++ apart: raw strings, digit separators and line ends are respected.
SourceFile take_apart(std::string path, std::string text);

/// Every .hpp and .cpp under core, modules, app and tests, ordered by path.
const std::vector<SourceFile>& sources();
std::vector<Include> includes_of(const SourceFile& file);

/// Names of the folders in modules/.
const std::vector<std::string>& modules();

/// The lines of a text; the line number is the index + 1.
std::vector<std::string> lines_of(std::string_view text);
std::size_t line_at(std::string_view text, std::size_t position);

/// Fails the running test unless `offences` is empty, and shows them one per line.
void check_none(const std::vector<std::string>& offences);

}  // namespace architecture
