#include "db/scope.hpp"
#include "db/sql_text.hpp"

namespace bulkhead::db {

std::vector<Argument> Session::list_of(const Table& table, const void* object) {
    std::vector<Argument> arguments;
    arguments.reserve(table.fields.size());
    for (const auto& field : table.fields) {
        auto& argument = arguments.emplace_back(field.name, std::string_view{});
        argument.type = field.type;
        argument.value = static_cast<const std::byte*>(object) + field.offset;
        argument.may_be_unused = true;
    }
    return arguments;
}

void Session::select(std::string_view sql, std::span<const Argument> arguments, const Type& list,
                     void* rows, std::size_t cap) {
    auto& channel = connection_->channel();
    ++connection_->queries;
    channel.select(sql, arguments, list, rows, cap);
}

std::int64_t Session::execute(std::string_view sql, std::span<const Argument> arguments) {
    auto& channel = connection_->channel();
    ++connection_->queries;
    return channel.execute(sql, arguments);
}

void Session::refuse_no_row(std::string_view sql) {
    throw Failure(FailureKind::usage, "there is no row in: " + shortened(sql));
}

}  // namespace bulkhead::db
