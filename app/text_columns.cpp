#include "text_columns.hpp"

#include <algorithm>

namespace bulkhead::app {
namespace {

constexpr std::size_t gap = 2;

std::vector<std::size_t> widths_of(const std::vector<std::vector<std::string>>& lines) {
    std::vector<std::size_t> widths;
    for (const auto& line : lines) {
        widths.resize(std::max(widths.size(), line.size()));
        for (std::size_t column = 0; column < line.size(); ++column)
            widths[column] = std::max(widths[column], line[column].size());
    }
    return widths;
}

}  // namespace

std::string in_columns(const std::vector<std::vector<std::string>>& lines) {
    const auto widths = widths_of(lines);
    std::string text;
    for (const auto& line : lines) {
        for (std::size_t column = 0; column < line.size(); ++column)
            text.append(line[column]).append(widths[column] + gap - line[column].size(), ' ');
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    return text;
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

}  // namespace bulkhead::app
