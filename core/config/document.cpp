#include "config/document.hpp"

#include "config/file.hpp"
#include "config/reader.hpp"
#include "config/reference.hpp"
#include "value/nearest.hpp"

#include <algorithm>
#include <ranges>

namespace bulkhead::config {

namespace {

constexpr std::size_t max_document_bytes = 1'048'576;

// toml++ quotes the text it stumbled over, which may hold a line break.
std::string one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return line;
}

// The deepest node on the way to `path`, and whether it is `path` itself.
struct Found {
    const toml::node* node;
    toml::source_region source;
    bool whole;
};

Found find(const toml::table& root, std::string_view path) {
    Found found{&root, {}, true};
    for (const auto segment : std::views::split(path, '.')) {
        const std::string_view name(segment.begin(), segment.end());
        const auto* table = found.node->as_table();
        const auto next = table == nullptr ? toml::table::const_iterator{} : table->find(name);
        if (table == nullptr || next == table->cend())
            return {found.node, found.source, false};
        found = {&next->second, next->first.source(), true};
    }
    return found;
}

using References = std::map<std::string, std::string>;

void collect(const toml::node& node, const std::string& key, References& found) {
    if (const auto* text = node.as_string(); text != nullptr && is_reference(text->get()))
        found.emplace(key, text->get());
    if (const auto* table = node.as_table())
        for (const auto& [name, value] : *table)
            collect(value, key.empty() ? std::string(name) : key + "." + std::string(name), found);
    if (const auto* list = node.as_array())
        for (std::size_t index = 0; index < list->size(); ++index)
            collect(*list->get(index), key + "[" + std::to_string(index) + "]", found);
}

}  // namespace

struct Document::Parts {
    std::string text;
    std::filesystem::path file;
    std::filesystem::path folder;
    toml::table root;
};

Document::Document(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Document::Document(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::open(const std::filesystem::path& at, std::filesystem::path file) {
    auto text = read_regular_file(at, max_document_bytes);
    if (!text)
        return Error::invalid("config.unreadable",
                              text.error().message + "; name a readable file with --config");
    return parse(*text, std::move(file));
}

Result<Document> Document::parse(std::string_view text, std::filesystem::path file) {
    try {
        auto root = toml::parse(text, file.string());
        auto folder = std::filesystem::absolute(file).parent_path();
        return Document(std::make_unique<Parts>(
            Parts{std::string(text), std::move(file), std::move(folder), std::move(root)}));
    } catch (const toml::parse_error& error) {
        return Error::invalid("config.invalid",
                              place_of(file, error.source()) +
                                  ": this is not TOML: " + one_line(error.description()));
    }
}

Result<> Document::read(std::string_view path, const Table& table, void* into,
                        std::span<const std::string_view> children) const {
    const auto found = find(parts_->root, path);
    if (!found.whole)
        return Done{};
    if (const auto* from = found.node->as_table())
        return Reader(parts_->file, parts_->folder)
            .read_table(*from, table, into, std::string(path), children);
    return Error::invalid("config.invalid", place_of(parts_->file, found.source) + ": '" +
                                                std::string(path) + "': expected a table, found " +
                                                std::string(noun_of(*found.node)));
}

std::vector<std::string> Document::tables_in(std::string_view path) const {
    std::vector<std::string> names;
    const auto found = find(parts_->root, path);
    const auto* table = found.whole ? found.node->as_table() : nullptr;
    if (table == nullptr)
        return names;
    for (const toml::key* key : keys_in_file_order(*table))
        if (table->get(key->str())->is_table())
            names.emplace_back(key->str());
    return names;
}

Result<> Document::allow_only(std::span<const std::string_view> top_level) const {
    for (const toml::key* key : keys_in_file_order(parts_->root))
        if (std::ranges::find(top_level, key->str()) == top_level.end())
            return Error::invalid("config.invalid", place_of(parts_->file, key->source()) +
                                                        ": unknown key '" +
                                                        std::string(key->str()) + "'" +
                                                        suggestion(key->str(), top_level));
    return Done{};
}

std::map<std::string, std::string> Document::references() const {
    References found;
    collect(parts_->root, {}, found);
    return found;
}

const std::string& Document::text() const {
    return parts_->text;
}

std::string Document::place(std::string_view path) const {
    return place_of(parts_->file, find(parts_->root, path).source);
}

std::filesystem::path Document::folder() const {
    return parts_->folder;
}

}  // namespace bulkhead::config
