#include "source_tree.hpp"

#include <catch2/catch.hpp>

#include <regex>

namespace architecture {
namespace {

// Words that say that the concept has not been found yet.
constexpr auto* nothing = "(Manager|Helper|Util|Common|Misc|Impl|Base)";

std::string camel_case(const std::string& file_name) {
    std::string name;
    bool start = true;
    for (const char c : file_name) {
        if (c != '_')
            name += start ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        start = c == '_';
    }
    return name;
}

}  // namespace

TEST_CASE("no type and no file has a name that says nothing", "[architecture][names]") {
    static const std::regex type(
        std::string(R"(\b(class|struct|enum|union|concept|using|namespace))") +
        R"(\s+(class\s+)?\w*)" + nothing + R"(s?([A-Z]\w*)?\b)");
    static const std::regex file_name(std::string(R"((^|.*[a-z]))") + nothing + R"(s?([A-Z].*)?)");
    std::vector<std::string> found;
    for (const auto& file : sources()) {
        const auto stem = std::filesystem::path(file.path).stem().string();
        if (std::regex_match(camel_case(stem), file_name))
            found.push_back(file.path + ": name the concept");
        for (std::sregex_iterator at(file.code.begin(), file.code.end(), type), end; at != end;
             ++at)
            found.push_back(file.path + ": " + at->str() + ": name the concept");
    }

    check_none(found);
}

TEST_CASE("no comment leaves work for later", "[architecture][names]") {
    static const std::regex later(R"(\b(TODO|FIXME|XXX|HACK)\b)");
    std::vector<std::string> found;
    for (const auto& file : sources())
        for (const auto& comment : file.comments)
            if (std::regex_search(comment, later))
                found.push_back(file.path + ": " + comment + ": do it, or open an issue");

    check_none(found);
}

}  // namespace architecture
