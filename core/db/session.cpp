#include "db/explain.hpp"
#include "db/row_map.hpp"
#include "db/scope.hpp"
#include "db/sql_text.hpp"

namespace bulkhead::db {

std::vector<Argument> Session::list_of(const Table& table, const void* object) {
    return arguments_of_row(table, object);
}

void Session::select(std::string_view sql, std::span<const Argument> arguments, const Type& list,
                     void* rows, std::size_t cap) {
    auto& channel = connection_->channel();
    ++connection_->queries;
    connection_->note_query(sql);
    if (connection_->plans != nullptr)
        connection_->plans->push_back(explain(channel, sql, arguments));
    channel.select(sql, arguments, list, rows, cap);
}

std::int64_t Session::execute(std::string_view sql, std::span<const Argument> arguments) {
    auto& channel = connection_->channel();
    ++connection_->queries;
    return channel.execute(sql, arguments);
}

void Session::execute_later(std::string_view sql, std::span<const Argument> arguments) {
    auto& channel = connection_->channel();
    ++connection_->queries;
    channel.execute_later(sql, arguments);
}

std::int64_t Session::insert_rows(std::string_view table, const Type& list, const void* rows,
                                  Existing existing) {
    auto& channel = connection_->channel();
    ++connection_->queries;
    return channel.insert({table, &list, rows, existing});
}

Dialect Session::dialect() const {
    return connection_->dialect();
}

void Session::refuse_no_row(std::string_view sql) {
    throw Failure(FailureKind::usage, "there is no row in: " + shortened(sql));
}

}  // namespace bulkhead::db
