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

// A reason that a module gave may hold anything: it must not break the line, nor steer a terminal.
std::string on_one_line(std::string cell) {
    std::ranges::replace_if(cell, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, ' ');
    return cell;
}

}  // namespace

std::string in_columns(const std::vector<std::vector<std::string>>& lines) {
    const auto widths = widths_of(lines);
    std::string text;
    for (const auto& line : lines) {
        for (std::size_t column = 0; column < line.size(); ++column)
            text.append(on_one_line(line[column]))
                .append(widths[column] + gap - line[column].size(), ' ');
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    return text;
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

}  // namespace bulkhead::app
