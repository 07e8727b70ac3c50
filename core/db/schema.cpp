#include "db/schema.hpp"

#include "db/migration_text.hpp"
#include "db/postgresql/schema.hpp"
#include "db/sql_tables.hpp"
#include "db/sql_text.hpp"
#include "db/sqlite/schema.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace bulkhead::db {

namespace {

struct ColumnRow {
    std::string table_name;
    std::string name;
    std::string type;
    std::string nullability;
    std::optional<std::string> preset;

    static auto fields() {
        return shape(field("table_name", &ColumnRow::table_name), field("name", &ColumnRow::name),
                     field("type", &ColumnRow::type), field("nullability", &ColumnRow::nullability),
                     field("preset", &ColumnRow::preset));
    }
};

struct TextRow {
    std::string table_name;
    std::string text;

    static auto fields() {
        return shape(field("table_name", &TextRow::table_name), field("text", &TextRow::text));
    }
};

using Names = std::set<std::string, std::less<>>;

Names created_by(const Migration& migration, Dialect dialect) {
    Names names;
    if (const auto text = text_for(dialect, migration.up))
        for (const auto& mention : tables_in(*text))
            if (mention.use == TableUse::created)
                names.insert(mention.table);
    return names;
}

/// Those that are made on every engine.
Names created_by(const MigrationSet& set) {
    Names names;
    for (const auto& migration : set.migrations) {
        const auto others = created_by(migration, Dialect::postgresql);
        for (const auto& name : created_by(migration, Dialect::sqlite))
            if (others.contains(name))
                names.insert(name);
    }
    return names;
}

/// The place behind the parenthesis that closes the one at `open`.
std::size_t behind(const std::vector<Token>& tokens, std::size_t open) {
    std::size_t depth = 0;
    for (auto place = open; place < tokens.size(); ++place) {
        depth += tokens[place].text == "(" ? 1 : 0;
        depth -= tokens[place].text == ")" ? 1 : 0;
        if (depth == 0)
            return place + 1;
    }
    return tokens.size();
}

/// "check (price >= 0)", each of them.
std::vector<std::string> checks_in(const std::string& sql) {
    const auto tokens = placed_tokens(sql);
    std::vector<std::string> checks;
    for (std::size_t place = 0; place + 1 < tokens.size(); ++place) {
        if (tokens[place].text != "check" || tokens[place + 1].text != "(")
            continue;
        const auto start = tokens[place + 1].at;
        const auto end = tokens[behind(tokens, place + 1) - 1].at;
        checks.push_back("check " + sql.substr(start, end + 1 - start));
    }
    return checks;
}

using Tables = std::map<std::string, TableSchema, std::less<>>;

void read_columns(Session& sql, std::string_view query, Tables& tables) {
    for (auto& row : sql.all<ColumnRow>(query)) {
        auto& table = tables[row.table_name];
        table.name = row.table_name;
        table.columns.push_back({std::move(row.name), std::move(row.type),
                                 std::move(row.nullability), std::move(row.preset)});
    }
}

Tables read_tables(Session& sql) {
    const auto& queries =
        sql.dialect() == Dialect::sqlite ? sqlite::schema_queries : postgresql::schema_queries;
    Tables tables;
    read_columns(sql, queries.columns, tables);
    for (auto& row : sql.all<TextRow>(queries.keys))
        tables[row.table_name].constraints.push_back(std::move(row.text));
    for (const auto& row : sql.all<TextRow>(queries.checks))
        std::ranges::move(checks_in(row.text),
                          std::back_inserter(tables[row.table_name].constraints));
    for (auto& row : sql.all<TextRow>(queries.indexes))
        tables[row.table_name].indexes.push_back(std::move(row.text));
    for (auto& [name, table] : tables) {
        std::ranges::sort(table.constraints);
        std::ranges::sort(table.indexes);
    }
    return tables;
}

void add_list(std::string& text, const std::vector<std::string>& items, std::string_view before) {
    for (const auto& item : items)
        text.append("- ").append(before).append("`").append(item).append("`\n");
}

void add_table(std::string& text, const TableSchema& table) {
    text += "\n### " + table.name + "\n\n| column | type | null | default |\n|---|---|---|---|\n";
    for (const auto& column : table.columns)
        text += "| " + column.name + " | " + column.type + " | " + column.nullability + " | " +
                column.preset.value_or("") + " |\n";
    text += "\n";
    add_list(text, table.constraints, "");
    add_list(text, table.indexes, "index ");
}

}  // namespace

std::vector<TableSchema> read_schema(Session& sql, std::span<const MigrationSet> sets) {
    auto found = read_tables(sql);
    std::vector<TableSchema> tables;
    for (const auto& set : sets)
        for (const auto& name : created_by(set))
            if (auto table = found.extract(name)) {
                tables.push_back(std::move(table.mapped()));
                tables.back().module = set.module;
            }
    return tables;
}

std::string schema_text(std::span<const TableSchema> tables) {
    std::string text =
        "# Database schema\n\n"
        "Generated from a live database, and held by a test; to renew it after a migration:\n"
        "`bulkhead schema > docs/database-schema.md`. Types are those of the migrations. What one\n"
        "engine alone has (full-text tables, triggers, generated columns and their indexes) is "
        "left\nout: the migrations say it.\n";
    std::string_view module;
    for (const auto& table : tables) {
        if (table.module != module)
            text += "\n## " + table.module + "\n";
        module = table.module;
        add_table(text, table);
    }
    return text;
}

}  // namespace bulkhead::db
