#pragma once
// C++ as text: what a compiler would see of it, without compiling.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::module {

/// One .hpp or .cpp, taken apart. `uncommented` and `code` keep every line and column of `text`.
struct SourceFile {
    std::string path;  ///< from the root: "core/http/router.cpp"
    std::string text;
    std::string uncommented;            ///< comments are blank
    std::string code;                   ///< comments and the contents of literals are blank
    std::vector<std::string> literals;  ///< contents of string literals, as written
    std::vector<std::string> texts;     ///< neighbours joined, as the compiler joins them
    std::vector<std::string> comments;

    bool in(std::string_view folder) const;  ///< "core/http" covers everything below it
};

/// One #include line.
struct Include {
    std::string target;  ///< "bulkhead/core.hpp"
    bool quoted = false;
    std::size_t line = 0;
};

/// Takes C++ apart: raw strings, digit separators and line ends are respected.
SourceFile take_apart(std::string path, std::string text);

std::vector<Include> includes_of(const SourceFile& file);

/// The lines of a text; the line number is the index + 1.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace bulkhead::module
