#pragma once

#include "db/engine.hpp"

namespace bulkhead::db {

/// One prepared statement, with fixed places through which its arguments and columns pass. Made
/// for one list of arguments (names and storages, in order) and one type of rows.
class Statement {
public:
    /// `row`: null for a statement whose rows nobody wants. Throws Failure (usage) naming the
    /// argument, column or field that is missing or too much; soci::soci_error for wrong SQL.
    Statement(Wire& wire, std::string_view sql, std::span<const Argument> arguments,
              const Type* row);

    /// The names and storages of `arguments`, as part of a cache's key.
    static void describe(std::span<const Argument> arguments, std::string& key);

    /// Rows changed.
    std::int64_t execute(std::span<const Argument> arguments);
    /// Appends every row to `rows`, a list of the type it was made for.
    void select(std::span<const Argument> arguments, const Type& list, void* rows, std::size_t cap);

private:
    struct Input {
        std::size_t argument;
        Cell cell;
    };
    struct Output {
        std::string column;
        const Type* type;
        std::size_t offset;
        Cell cell;
    };

    void take(const std::vector<std::string>& parameters, std::span<const Argument> arguments);
    void give(const std::vector<std::string>& columns, const Type& row);
    void give_fields(const std::vector<std::string>& columns, const Table& table);
    void connect_cells(const std::vector<std::string>& parameters);
    void store(std::span<const Argument> arguments);
    void load_row(void* row);

    Wire& wire_;
    std::string sql_;
    std::vector<Input> inputs_;
    std::vector<Output> outputs_;
    soci::statement statement_;  // Last: it points into the cells.
};

}  // namespace bulkhead::db
