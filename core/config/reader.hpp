#pragma once
// The walk from a TOML table into a struct, along the struct's field list.

#include <bulkhead/result.hpp>
#include <bulkhead/shape.hpp>

#include <toml++/toml.h>
#include <filesystem>

namespace bulkhead::config {

/// "file:12" for something in the file, the file alone for what has no line.
std::string place_of(const std::filesystem::path& file, const toml::source_region& source);

/// "a string", "an integer" ...: what a TOML value is, for people.
std::string_view noun_of(const toml::node& node);

/// The keys of a table as the file lists them, which the parser sorts by name.
std::vector<const toml::key*> keys_in_file_order(const toml::table& table);

/// Reads values of one file; Document::read says what is refused.
class Reader {
public:
    Reader(const std::filesystem::path& file, const std::filesystem::path& folder)
        : file_(file), folder_(folder) {}

    /// `key` is the table's own path: "module.auth.settings".
    Result<> read_table(const toml::table& from, const Table& table, void* into,
                        const std::string& key, std::span<const std::string_view> children) const;

private:
    Result<> read_key(const toml::key& name, const toml::node& node, const Table& table, void* into,
                      const std::string& key) const;
    Result<> read_value(const toml::node& node, const Type& type, const Limits& limits, void* value,
                        const std::string& key) const;
    Result<> read_list(const toml::node& node, const Type& type, const Limits& limits, void* list,
                       const std::string& key) const;
    Result<> read_scalar(const toml::node& node, const Type& type, const Limits& limits,
                         void* value, const std::string& key) const;
    Result<> read_reference(const toml::node& node, const Type& type, const Limits& limits,
                            void* value, const std::string& key) const;
    Error unknown_key(const toml::key& name, const Table& table, const std::string& key,
                      std::span<const std::string_view> children) const;
    Error wrong_type(const toml::node& node, const Type& type, const std::string& key) const;
    Error refused(const toml::source_region& source, const std::string& what) const;

    const std::filesystem::path& file_;
    const std::filesystem::path& folder_;
};

}  // namespace bulkhead::config
