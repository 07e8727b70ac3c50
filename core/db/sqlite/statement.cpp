#include "db/sqlite/statement.hpp"

#include "db/sql_text.hpp"

namespace bulkhead::db::sqlite {

template <class Work>
auto Statement::classified(Work&& work) {
    try {
        return work();
    } catch (const soci::soci_error& error) {
        throw wire_.failure(error, sql_);
    }
}

Statement::Statement(Wire& wire, std::string_view sql, std::span<const Argument> arguments,
                     const Type* row)
    : wire_(wire), sql_(sql), statement_(wire.session()) {
    classified([&] { prepare(arguments, row); });
}

void Statement::prepare(std::span<const Argument> arguments, const Type* row) {
    const auto parameters = parameter_names(sql_);
    for (const auto index : arguments_of(parameters, arguments, sql_)) {
        inputs_.push_back({index, {}});
        inputs_.back().cell.storage = storage_of(arguments[index].type);
    }
    statement_.alloc();
    statement_.prepare(sql_);
    Wire::check(statement_, sql_, parameters.size());
    if (row != nullptr)
        for (auto& place : places_of(Wire::columns(statement_), *row, sql_)) {
            outputs_.push_back({std::move(place), {}});
            outputs_.back().cell.storage = storage_of(outputs_.back().place.type);
        }
    connect_cells(parameters);
}

void Statement::connect_cells(const std::vector<std::string>& parameters) {
    using soci::details::standard_into_type;
    using soci::details::standard_use_type;
    for (auto& [place, cell] : outputs_)
        statement_.exchange(soci::details::into_type_ptr(
            new standard_into_type(cell.data(), cell.exchange_type(), cell.indicator)));
    for (std::size_t index = 0; index < inputs_.size(); ++index) {
        auto& cell = inputs_[index].cell;
        statement_.exchange(soci::details::use_type_ptr(new standard_use_type(
            cell.data(), cell.exchange_type(), cell.indicator, true, parameters[index])));
    }
    statement_.define_and_bind();
}

void Statement::store(std::span<const Argument> arguments) {
    for (auto& [argument, cell] : inputs_)
        cell.store(arguments[argument]);
}

std::int64_t Statement::execute(std::span<const Argument> arguments) {
    return classified([&] {
        store(arguments);
        const auto before = wire_.rows_changed();
        statement_.execute(true);
        // A statement that is left within its rows keeps a read transaction open.
        while (statement_.get_backend()->fetch(1) == soci::details::statement_backend::ef_success) {
        }
        return wire_.rows_changed() == before ? std::int64_t{0} : wire_.rows_of_last_change();
    });
}

void Statement::select(std::span<const Argument> arguments, const Type& list, void* rows,
                       std::size_t cap) {
    classified([&] {
        store(arguments);
        // With its data at once: else SOCI runs the statement once more for each column of a type
        // that it does not know, an update included.
        bool found = statement_.execute(true);
        for (std::size_t count = 0; found; ++count, found = statement_.fetch()) {
            if (count == cap)
                refuse_second_row(sql_);
            load_row(list.append(rows));
        }
    });
}

void Statement::load_row(void* row) {
    for (std::size_t index = 0; index < outputs_.size(); ++index) {
        const auto& [place, cell] = outputs_[index];
        if (!Wire::fits(statement_, index, cell.storage) ||
            !cell.load(*place.type, static_cast<std::byte*>(row) + place.offset))
            refuse_column(place.column, cell.indicator == soci::i_null, sql_);
    }
}

}  // namespace bulkhead::db::sqlite
