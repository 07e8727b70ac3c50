#pragma once
// SQLite's codes and messages, read once.

#include "db/engine.hpp"

namespace bulkhead::db::sqlite {

/// The kind of an extended result code.
FailureKind kind_of_code(int code);

/// Table and columns of "UNIQUE constraint failed: users.tenant_id, users.email"; empty for
/// messages that name none.
struct Constrained {
    std::string table;
    std::vector<std::string> columns;
};
Constrained constrained_columns(std::string_view message);

/// What SQLite says of `code`, as one sentence with the remedy where there is one.
std::string explain(int code, std::string_view message, Role role,
                    const std::filesystem::path& file);

}  // namespace bulkhead::db::sqlite
