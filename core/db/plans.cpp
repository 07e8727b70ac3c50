#include "db/plans.hpp"

#include "db/explain.hpp"
#include "db/scope.hpp"

namespace bulkhead::db {

namespace {

/// A row of SQLite's `explain query plan`.
struct Step {
    std::int64_t id = 0;
    std::int64_t parent = 0;
    std::int64_t notused = 0;
    std::string detail;

    static auto fields() {
        return shape(field("id", &Step::id), field("parent", &Step::parent),
                     field("notused", &Step::notused), field("detail", &Step::detail));
    }
};

template <class Row>
std::vector<Row> ask(Channel& channel, const std::string& sql,
                     std::span<const Argument> arguments) {
    std::vector<Row> rows;
    channel.select(sql, arguments, type_of<std::vector<Row>>(), &rows,
                   static_cast<std::size_t>(-1));
    return rows;
}

}  // namespace

std::string explain(Channel& channel, std::string_view sql, std::span<const Argument> arguments) {
    std::string plan;
    if (channel.dialect() == Dialect::sqlite)
        for (const auto& step :
             ask<Step>(channel, "explain query plan " + std::string(sql), arguments))
            plan.append(step.detail).append("\n");
    else
        for (const auto& line : ask<std::string>(channel, "explain " + std::string(sql), arguments))
            plan.append(line).append("\n");
    return plan;
}

Plans::Plans() {
    Session::Connection::of_this_thread().plans = &seen_;
}

Plans::~Plans() {
    Session::Connection::of_this_thread().plans = nullptr;
}

}  // namespace bulkhead::db
