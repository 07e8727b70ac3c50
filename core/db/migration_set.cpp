#include "db/migration_set.hpp"

#include "value/sha256.hpp"

#include <algorithm>

namespace bulkhead::db {

MigrationClass class_of(const Migration& migration) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto text = migration.up;
    const auto start = std::min(text.find_first_not_of(blanks), text.size());
    auto line = text.substr(start, text.find('\n', start) - start);
    if (!line.starts_with("--"))
        return MigrationClass::expand;
    line.remove_prefix(std::min(line.find_first_not_of(" \t", 2), line.size()));
    line = line.substr(0, line.find_last_not_of(blanks) + 1);
    return line == "contract" ? MigrationClass::contract : MigrationClass::expand;
}

std::string checksum_of(const Migration& migration) {
    return value::sha256(migration.up);
}

}  // namespace bulkhead::db
