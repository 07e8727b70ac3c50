#include "source_tree.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <set>

namespace architecture {
namespace {

std::vector<SourceFile> read_sources() {
    std::vector<SourceFile> files;
    for (const auto* folder : {"core", "modules", "app", "tests"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root() / folder)) {
            const auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp")
                continue;
            const auto path = entry.path().lexically_relative(root()).generic_string();
            files.push_back(take_apart(path, read(path)));
        }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}

}  // namespace

const std::filesystem::path& root() {
    static const std::filesystem::path root = BULKHEAD_SOURCE_DIR;
    return root;
}

std::string read(const std::filesystem::path& file) {
    std::ifstream in(root() / file, std::ios::binary);
    if (!in)
        throw std::runtime_error(file.string() + " is not there");
    return {std::istreambuf_iterator<char>(in), {}};
}

const std::vector<SourceFile>& sources() {
    static const auto files = read_sources();
    return files;
}

const std::vector<std::string>& modules() {
    static const auto names = [] {
        std::set<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(root() / "modules"))
            if (entry.is_directory())
                found.insert(entry.path().filename().string());
        return std::vector<std::string>(found.begin(), found.end());
    }();
    return names;
}

std::size_t line_at(std::string_view text, std::size_t position) {
    return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, position), '\n'));
}

void check_none(const std::vector<std::string>& offences) {
    std::string listed;
    for (const auto& offence : offences)
        listed += "\n  " + offence;
    INFO("offences: " << offences.size() << listed);
    CHECK(offences.empty());
}

}  // namespace architecture
