#include "db/postgresql/diagnosis.hpp"

#include "db/sql_text.hpp"

#include <bulkhead/deadline.hpp>

#include <algorithm>

namespace bulkhead::db::postgresql {

namespace {

struct Reading {
    std::string_view state;  ///< or its class, the first two characters
    FailureKind kind;
};

// The first line that fits decides.
constexpr std::array readings{
    Reading{"23505", FailureKind::unique_violation},
    Reading{"23503", FailureKind::foreign_key_violation},
    Reading{"23514", FailureKind::check_violation},
    Reading{"23502", FailureKind::not_null_violation},
    Reading{"40001", FailureKind::serialization},
    Reading{"40P01", FailureKind::serialization},
    Reading{"40003", FailureKind::unavailable},
    Reading{"55P03", FailureKind::busy},
    Reading{"57014", FailureKind::busy},
    Reading{"25006", FailureKind::read_only},
    Reading{"26000", FailureKind::unavailable},  // The connection is not the one it was.
    Reading{"53100", FailureKind::full},
    Reading{"22", FailureKind::value},
    Reading{"25", FailureKind::usage},
    Reading{"42", FailureKind::usage},
    Reading{"0A", FailureKind::usage},
    Reading{"08", FailureKind::unavailable},
    Reading{"28", FailureKind::unavailable},
    Reading{"3D", FailureKind::unavailable},
    Reading{"53", FailureKind::unavailable},
    Reading{"57", FailureKind::unavailable},
    Reading{"58", FailureKind::unavailable},
    Reading{"XX", FailureKind::unavailable},
};

// Only these classes name what was wrong without quoting a value that was bound.
constexpr std::array<std::string_view, 10> quoted_classes{"08", "23", "25", "26", "28",
                                                          "40", "42", "53", "55", "57"};

std::string_view field(const PGresult& answer, int code) {
    const char* text = PQresultErrorField(&answer, code);
    return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string words_of(const PGresult& answer, std::string_view state) {
    const auto code = "SQLSTATE " + std::string(state);
    if (state == "57014")
        return (nobody_waits()
                    ? "timeout: stopped at the request's deadline (http.request_seconds), "
                    : "timeout: stopped after database.statement_timeout_ms, ") +
               code;
    if (state == "25006")
        return "a write outside of a transaction: use database.transaction(...), " + code;
    if (std::ranges::find(quoted_classes, state.substr(0, 2)) == quoted_classes.end())
        return "the database refused it with " + code;
    return std::string(field(answer, PG_DIAG_MESSAGE_PRIMARY)) + ", " + code;
}

}  // namespace

FailureKind kind_of_state(std::string_view state) {
    const auto fits = [state](const Reading& reading) { return state.starts_with(reading.state); };
    const auto* found = std::ranges::find_if(readings, fits);
    return found == readings.end() ? FailureKind::other : found->kind;
}

std::vector<std::string> columns_in(std::string_view detail) {
    const auto start = detail.find('(');
    const auto end = detail.find(")=(");
    if (start == std::string_view::npos || end == std::string_view::npos || end < start)
        return {};
    std::vector<std::string> columns;
    auto rest = detail.substr(start + 1, end - start - 1);
    while (!rest.empty()) {
        const auto name = rest.substr(0, rest.find(", "));
        const bool quoted = name.size() > 2 && name.front() == '"' && name.back() == '"';
        columns.emplace_back(quoted ? name.substr(1, name.size() - 2) : name);
        rest.remove_prefix(std::min(rest.size(), name.size() + 2));
    }
    return columns;
}

Failure failure_of(const PGresult& answer, std::string_view sql) {
    if (PQresultStatus(&answer) == PGRES_EMPTY_QUERY)
        return Failure(FailureKind::usage, "there is no statement in: " + shortened(sql));
    const auto state = field(answer, PG_DIAG_SQLSTATE);
    if (state.empty())
        return Failure(FailureKind::unavailable, "the connection to the database was lost");
    const auto kind = kind_of_state(state);
    std::vector<std::string> columns;
    if (kind == FailureKind::not_null_violation)
        columns.emplace_back(field(answer, PG_DIAG_COLUMN_NAME));
    else if (kind == FailureKind::unique_violation || kind == FailureKind::foreign_key_violation)
        columns = columns_in(field(answer, PG_DIAG_MESSAGE_DETAIL));
    return Failure(kind, words_of(answer, state) + " in: " + shortened(sql),
                   std::string(field(answer, PG_DIAG_TABLE_NAME)), std::move(columns));
}

}  // namespace bulkhead::db::postgresql
