#include "db/ledger.hpp"

#include "db/dialect.hpp"
#include "value/sha256.hpp"

namespace bulkhead::db {

namespace {

bool exists(Session& sql) {
    return sql.one<std::int64_t>(tables_named(sql.dialect()), {{"name", "schema_migrations"}}) != 0;
}

}  // namespace

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

std::vector<LedgerLine> read_ledger(Session& sql) {
    if (!exists(sql))
        return {};
    return sql.all<LedgerLine>(
        "select module, name, checksum, class, applied_at from schema_migrations "
        "order by module, name");
}

std::optional<LedgerLine> find_in_ledger(Session& sql, std::string_view module,
                                         std::string_view name) {
    if (!exists(sql))
        return std::nullopt;
    return sql.maybe<LedgerLine>(
        "select module, name, checksum, class, applied_at from schema_migrations "
        "where module = :module and name = :name",
        {{"module", module}, {"name", name}});
}

LedgerLine write_to_ledger(Session& sql, const std::string& module, const Migration& migration,
                           std::chrono::microseconds took) {
    const LedgerLine line{module, std::string(migration.name), checksum_of(migration),
                          class_of(migration), now()};
    sql.run(
        "insert into schema_migrations "
        "(module, name, checksum, class, down_text, applied_at, duration_us) "
        "values (:module, :name, :checksum, :class, :down_text, :applied_at, :duration_us)",
        {{"module", line.module},
         {"name", line.name},
         {"checksum", line.checksum},
         {"class", line.migration_class},
         {"down_text", migration.down},
         {"applied_at", line.applied_at},
         {"duration_us", static_cast<std::int64_t>(took.count())}});
    return line;
}

}  // namespace bulkhead::db
