#include "config/reader.hpp"

#include "config/reference.hpp"
#include "value/limits.hpp"
#include "value/nearest.hpp"

#include <algorithm>

namespace bulkhead::config {

namespace {

std::string_view expected_noun(Kind kind) {
    constexpr std::array<std::string_view, 9> nouns{"a boolean", "an integer", "an integer",
                                                    "a number",  "a string",   "a string",
                                                    "a table",   "a list",     "a value"};
    return nouns[static_cast<std::size_t>(kind)];
}

// TOML has no null: an optional is there because its key is there.
struct Slot {
    const Type* type;
    void* value;

    Slot(const Type& optional, void* at) : type(&optional), value(at) {
        while (type->kind == Kind::optional) {
            value = type->emplace(value);
            type = type->inner;
        }
    }
};

const Field* find_field(const Table& table, std::string_view name) {
    const auto found = std::ranges::find(table.fields, name, &Field::name);
    return found == table.fields.end() ? nullptr : &*found;
}

std::string joined(const std::string& key, std::string_view name) {
    return key.empty() ? std::string(name) : std::string(key).append(".").append(name);
}

// A number is worth showing; a text may be a secret.
std::string found_number(const toml::node& node) {
    if (const auto* integer = node.as_integer())
        return "; found " + std::to_string(integer->get());
    return {};
}

value::Refusal store(const toml::node& node, const Type& type, const Limits& limits, void* value) {
    if (const auto* boolean = node.as_boolean())
        return value::store_boolean(type, boolean->get(), value);
    if (const auto* integer = node.as_integer())
        return value::store_integer(type, limits, integer->get(), value);
    if (const auto* number = node.as_floating_point())
        return value::store_number(type, limits, number->get(), value);
    if (const auto* text = node.as_string())
        return value::store_text(type, limits, text->get(), value);
    return value::wrong_type(type);
}

}  // namespace

std::string place_of(const std::filesystem::path& file, const toml::source_region& source) {
    if (!source.begin)
        return file.string();
    return file.string() + ":" + std::to_string(source.begin.line);
}

std::string_view noun_of(const toml::node& node) {
    constexpr std::array<std::string_view, 10> nouns{
        "nothing",  "a table",   "a list", "a string", "an integer",
        "a number", "a boolean", "a date", "a time",   "a date and time"};
    return nouns[static_cast<std::size_t>(node.type())];
}

std::vector<const toml::key*> keys_in_file_order(const toml::table& table) {
    std::vector<const toml::key*> keys;
    for (const auto& [key, node] : table)
        keys.push_back(&key);
    std::ranges::stable_sort(keys, [](const toml::key* left, const toml::key* right) {
        const auto &a = left->source().begin, &b = right->source().begin;
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    return keys;
}

Result<> Reader::read_table(const toml::table& from, const Table& table, void* into,
                            const std::string& key,
                            std::span<const std::string_view> children) const {
    for (const toml::key* name : keys_in_file_order(from)) {
        const toml::node& node = *from.get(name->str());
        if (std::ranges::count(children, name->str()) > 0) {
            if (node.is_table())
                continue;
            return wrong_type(node, {Kind::object}, joined(key, name->str()));
        }
        if (find_field(table, name->str()) == nullptr)
            return unknown_key(*name, table, key, children);
        if (auto done = read_key(*name, node, table, into, key); !done)
            return done;
    }
    return Done{};
}

Result<> Reader::read_key(const toml::key& name, const toml::node& node, const Table& table,
                          void* into, const std::string& key) const {
    const Field& field = *find_field(table, name.str());
    return read_value(node, *field.type, field.limits, static_cast<std::byte*>(into) + field.offset,
                      joined(key, name.str()));
}

Result<> Reader::read_value(const toml::node& node, const Type& type, const Limits& limits,
                            void* value, const std::string& key) const {
    const Slot slot(type, value);
    switch (slot.type->kind) {
        case Kind::object:
            if (const auto* table = node.as_table())
                return read_table(*table, slot.type->table(), slot.value, key, {});
            return wrong_type(node, *slot.type, key);
        case Kind::list:
            return read_list(node, *slot.type, limits, slot.value, key);
        default:
            return read_scalar(node, *slot.type, limits, slot.value, key);
    }
}

Result<> Reader::read_list(const toml::node& node, const Type& type, const Limits& limits,
                           void* list, const std::string& key) const {
    const auto* array = node.as_array();
    if (array == nullptr)
        return wrong_type(node, type, key);
    if (const auto broken = value::check_items(limits, array->size()))
        return refused(node.source(), "'" + key + "' " + broken->message + "; found " +
                                          std::to_string(array->size()));
    type.clear(list);
    for (std::size_t index = 0; index < array->size(); ++index)
        if (auto done = read_value(*array->get(index), *type.inner, limits, type.append(list),
                                   key + "[" + std::to_string(index) + "]");
            !done)
            return done;
    return Done{};
}

Result<> Reader::read_scalar(const toml::node& node, const Type& type, const Limits& limits,
                             void* value, const std::string& key) const {
    if (const auto* text = node.as_string(); text != nullptr && is_reference(text->get()))
        return read_reference(node, type, limits, value, key);
    const auto broken = store(node, type, limits, value);
    if (!broken)
        return Done{};
    if (broken->code == "type")
        return wrong_type(node, type, key);
    return refused(node.source(), "'" + key + "' " + broken->message + found_number(node));
}

Result<> Reader::read_reference(const toml::node& node, const Type& type, const Limits& limits,
                                void* value, const std::string& key) const {
    const auto& reference = node.as_string()->get();
    const auto text = resolve(reference, folder_);
    if (!text)
        return refused(node.source(), "'" + key + "' " + text.error().message);
    Violation broken;
    if (value::read_text_into(type, limits, *text, value, broken))
        return Done{};
    return refused(node.source(), "'" + key + "' " + broken.message + "; what " + reference +
                                      " holds does not fit");
}

Error Reader::unknown_key(const toml::key& name, const Table& table, const std::string& key,
                          std::span<const std::string_view> children) const {
    std::vector<std::string_view> known(children.begin(), children.end());
    for (const Field& field : table.fields)
        known.push_back(field.name);
    return refused(name.source(),
                   "unknown key '" + joined(key, name.str()) + "'" +
                       suggestion(name.str(), known, key.empty() ? std::string() : key + "."));
}

Error Reader::wrong_type(const toml::node& node, const Type& type, const std::string& key) const {
    return refused(node.source(), "'" + key + "': expected " +
                                      std::string(expected_noun(type.kind)) + ", found " +
                                      std::string(noun_of(node)));
}

Error Reader::refused(const toml::source_region& source, const std::string& what) const {
    return Error::invalid("config.invalid", place_of(file_, source) + ": " + what);
}

}  // namespace bulkhead::config
