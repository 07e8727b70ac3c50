#include "module/note_text.hpp"

#include "value/limits.hpp"

#include <algorithm>

namespace bulkhead::module {

namespace {

constexpr std::string_view list_key = "needs";

Error malformed(const std::string& what) {
    return Error::invalid("module.refused",
                          "has a malformed note .note.bulkhead (" + what + "); build it again");
}

bool is_name(std::string_view text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
                                std::string_view::npos;
}

struct Line {
    std::string_view key, value;
};

// Cuts the first line off `text`; empty when it is no `key=value` with its line end.
std::optional<Line> take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    const auto equals = line.find('=');
    if (end == std::string_view::npos || equals == std::string_view::npos)
        return std::nullopt;
    text.remove_prefix(end + 1);
    return Line{line.substr(0, equals), line.substr(equals + 1)};
}

// The same field list that shows a manifest also reads it.
Result<> store(const Line& line, FileManifest& manifest, std::vector<std::string_view>& seen) {
    if (line.key == list_key)
        return manifest.needs.emplace_back(line.value), Done{};
    const auto& fields = table_of<FileManifest>().fields;
    const auto field = std::ranges::find(fields, line.key, &Field::name);
    if (field == fields.end())
        return Done{};
    if (std::ranges::count(seen, line.key) > 0)
        return malformed("'" + std::string(line.key) + "' twice");
    seen.push_back(line.key);
    Violation broken;
    auto* const into = reinterpret_cast<std::byte*>(&manifest) + field->offset;
    if (!value::read_text_into(*field->type, field->limits, line.value, into, broken))
        return malformed("'" + std::string(line.key) + "' " + broken.message);
    return Done{};
}

Result<> check_complete(const FileManifest& manifest, const std::vector<std::string_view>& seen) {
    for (const auto& field : table_of<FileManifest>().fields)
        if (field.name != list_key && std::ranges::count(seen, field.name) == 0)
            return malformed("no '" + std::string(field.name) + "'");
    if (!is_name(manifest.name) || !std::ranges::all_of(manifest.needs, is_name))
        return malformed("a name that is not lower-case letters, digits and underscores");
    return Done{};
}

}  // namespace

Result<FileManifest> read_note_text(std::string_view descriptor) {
    auto left = descriptor.substr(0, descriptor.find('\0'));
    FileManifest manifest;
    std::vector<std::string_view> seen;
    while (!left.empty()) {
        const auto line = take_line(left);
        if (!line)
            return malformed("a line that is no key=value");
        if (auto done = store(*line, manifest, seen); !done)
            return std::move(done.error());
    }
    if (auto done = check_complete(manifest, seen); !done)
        return std::move(done.error());
    return manifest;
}

}  // namespace bulkhead::module
