#pragma once
// The commands of PostgreSQL's own that do what is not done here.

#include <filesystem>
#include <map>
#include <string>

namespace bulkhead::db::postgresql {

using Settings = std::map<std::string, std::string>;

/// What a URL says, as libpq reads it, defaults of the environment aside. Throws std::runtime_error
/// with a sentence that quotes nothing of it.
Settings settings_in(const std::string& url);

/// As libpq takes it.
std::string conninfo_of(const Settings& settings);

/// For a shell, as they stand; without the password, which they ask for or take from PGPASSWORD or
/// ~/.pgpass.
std::string dump_command(const std::string& url, const std::filesystem::path& file);
std::string restore_command(const std::string& url, const std::filesystem::path& file);

}  // namespace bulkhead::db::postgresql
