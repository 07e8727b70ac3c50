#include "db/postgresql/statement.hpp"

#include "db/postgresql/value.hpp"
#include "db/sql_text.hpp"

#include <charconv>

namespace bulkhead::db::postgresql {

namespace {

std::int64_t rows_changed(PGresult& answer) {
    const std::string_view text = PQcmdTuples(&answer);
    std::int64_t rows = 0;
    std::from_chars(text.data(), text.data() + text.size(), rows);
    return rows;
}

bool changes_rows(const PGresult& answer) {
    return std::string_view(PQcmdStatus(const_cast<PGresult*>(&answer))).substr(0, 6) != "SELECT";
}

}  // namespace

Statement::Statement(Wire& wire, std::string_view sql, std::span<const Argument> arguments,
                     const Type* row)
    : wire_(wire), sql_(sql) {
    const auto parameters = parameter_names(sql);
    inputs_ = arguments_of(parameters, arguments, sql);
    std::vector<Oid> types;
    for (const auto index : inputs_)
        types.push_back(parameter_type(arguments[index].type));
    auto declared = wire_.declare(numbered(sql, parameters), types);
    name_ = std::move(declared.name);
    if (row != nullptr)
        places_ = places_of(declared.columns, *row, sql);
}

Statement::~Statement() {
    wire_.drop(std::move(name_));
}

// The buffer may move while it grows, so the addresses are taken once all is in it.
void Statement::store(std::span<const Argument> arguments) {
    buffer_.clear();
    values_.texts.clear();
    values_.lengths.clear();
    for (const auto index : inputs_) {
        const auto start = buffer_.size();
        const bool stored = postgresql::store(arguments[index], buffer_);
        values_.texts.push_back(stored ? "" : nullptr);
        values_.lengths.push_back(static_cast<int>(buffer_.size() - start));
        buffer_ += '\0';
    }
    const char* text = buffer_.data();
    for (std::size_t input = 0; input < values_.texts.size(); ++input) {
        if (values_.texts[input] != nullptr)
            values_.texts[input] = text;
        text += values_.lengths[input] + 1;
    }
}

std::int64_t Statement::execute(std::span<const Argument> arguments) {
    store(arguments);
    const auto answer = wire_.run(name_, values_, sql_);
    return changes_rows(*answer) ? rows_changed(*answer) : 0;
}

void Statement::execute_later(std::span<const Argument> arguments) {
    store(arguments);
    wire_.leave(name_, values_, sql_);
}

void Statement::select(std::span<const Argument> arguments, const Type& list, void* rows,
                       std::size_t cap) {
    store(arguments);
    const auto answer = wire_.run(name_, values_, sql_);
    const int count = PQntuples(answer.get());
    if (static_cast<std::size_t>(count) > cap)
        refuse_second_row(sql_);
    for (int row = 0; row < count; ++row)
        load_row(*answer, row, list.append(rows));
}

void Statement::load_row(const PGresult& rows, int row, void* value) const {
    for (std::size_t index = 0; index < places_.size(); ++index) {
        const auto column = static_cast<int>(index);
        const auto& place = places_[index];
        const bool null = PQgetisnull(&rows, row, column) != 0;
        if (!load(*place.type, null ? nullptr : PQgetvalue(&rows, row, column),
                  static_cast<std::size_t>(PQgetlength(&rows, row, column)),
                  static_cast<std::byte*>(value) + place.offset))
            refuse_column(place.column, null, sql_);
    }
}

bool Statement::survives(const Failure& failure) const {
    return failure.failure != FailureKind::usage && failure.failure != FailureKind::other;
}

}  // namespace bulkhead::db::postgresql
