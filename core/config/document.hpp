#pragma once
// plugins.toml as text with places: reads tables into shaped structs and refuses what nobody reads.
// It knows no key: every owner of settings declares its own struct.

#include <bulkhead/result.hpp>
#include <bulkhead/shape.hpp>

#include <filesystem>
#include <map>
#include <memory>

namespace bulkhead::config {

/// Every refusal is one sentence that begins with "file:line:" and names what was found, what was
/// expected, and for an unknown key the nearest valid one.
class Document {
public:
    /// Reads the file at `at`, in whose refusals and relative paths it stands for `file`.
    static Result<Document> open(const std::filesystem::path& at, std::filesystem::path file);
    static Result<Document> open(const std::filesystem::path& file) { return open(file, file); }
    static Result<Document> parse(std::string_view text, std::filesystem::path file);
    Document(Document&&) noexcept;
    ~Document();

    /// Reads the TOML table at `path` ("http", "module.auth.settings") into a struct: an absent
    /// table or key keeps the initial value; unknown keys, wrong types and broken limits are
    /// refused. Sub-tables that are in `children` are left to somebody else. Strings of the form
    /// "env:NAME" and "file:PATH" are replaced by what they name (file: without its last newline).
    Result<> read(std::string_view path, const Table& table, void* into,
                  std::span<const std::string_view> children = {}) const;

    /// Names of the sub-tables of `path`, in file order: "module" gives auth, users, orders.
    std::vector<std::string> tables_in(std::string_view path) const;

    /// Refuses every top-level key that is not one of these, naming the nearest.
    Result<> allow_only(std::span<const std::string_view> top_level) const;

    /// The keys whose values lie elsewhere, with what the file says instead: "database.url" gives
    /// "env:DATABASE_URL"; within lists "middleware.order[0]".
    std::map<std::string, std::string> references() const;

    /// The whole of it, as it was read.
    const std::string& text() const;
    /// "file:line" of a table or key, for refusals of a meaning that only its owner can judge.
    std::string place(std::string_view path) const;
    /// The folder of the file: what relative paths in it are relative to.
    std::filesystem::path folder() const;

private:
    struct Parts;
    explicit Document(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace bulkhead::config
