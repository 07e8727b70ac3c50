#include "db/ledger.hpp"

#include "db/dialect.hpp"

#include <bulkhead/clock.hpp>

#include <algorithm>

namespace bulkhead::db {

namespace {

bool exists(Session& sql) {
    return sql.one<std::int64_t>(tables_named(sql.dialect()), {{"name", "schema_migrations"}}) != 0;
}

}  // namespace

std::vector<LedgerLine> read_ledger(Session& sql) {
    if (!exists(sql))
        return {};
    return sql.all<LedgerLine>(
        "select module, name, checksum, class, down_text, applied_at, duration_us "
        "from schema_migrations order by applied_at, name, module");
}

std::optional<LedgerLine> find_in_ledger(Session& sql, std::string_view module,
                                         std::string_view name) {
    if (!exists(sql))
        return std::nullopt;
    return sql.maybe<LedgerLine>(
        "select module, name, checksum, class, down_text, applied_at, duration_us "
        "from schema_migrations where module = :module and name = :name",
        {{"module", module}, {"name", name}});
}

void write_to_ledger(Session& sql, LedgerLine& line) {
    const auto newest = sql.maybe<Timestamp>(
        "select applied_at from schema_migrations order by applied_at desc limit 1");
    line.applied_at = now();
    if (newest)
        line.applied_at = std::max(line.applied_at, *newest + std::chrono::microseconds(1));
    sql.run(
        "insert into schema_migrations "
        "(module, name, checksum, class, down_text, applied_at, duration_us) "
        "values (:module, :name, :checksum, :class, :down_text, :applied_at, :duration_us)",
        line);
}

void strike_from_ledger(Session& sql, std::string_view module, std::string_view name) {
    sql.run("delete from schema_migrations where module = :module and name = :name",
            {{"module", module}, {"name", name}});
}

}  // namespace bulkhead::db
