#pragma once

#include "db/row_map.hpp"

#include <libpq-fe.h>

namespace bulkhead::db::postgresql {

/// How the rows of one statement become JSON, text by text: no value of their type is made but for
/// columns whose text in PostgreSQL is not that of JSON.
class JsonRow {
public:
    /// Throws Failure (usage) as places_of does. `scratch` is a value of type `row`.
    JsonRow(const PGresult& description, const Type& row, std::shared_ptr<void> scratch,
            std::string_view sql);

    /// Throws Failure (usage) for a value that its field cannot take.
    void write(const PGresult& rows, int row, std::string& out) const;
    void write_field(const PGresult& rows, int row, std::string_view field, std::string& out) const;

private:
    /// What is to be done to a text.
    enum class Step : std::uint8_t { boolean, verbatim, quoted, text, time, value };

    struct Output {
        std::string_view label;  ///< `"name":`; empty for a single value
        int column;
        const Place* place;
        Step step;
        bool optional;
    };

    static Step step_of(const Type& type, Oid column);
    void add(std::string_view label, const PGresult& description, const Place& place);
    void put(const Output& output, const PGresult& rows, int row, std::string& out) const;
    static bool put_plain(Step step, std::string_view text, std::string& out);
    bool put_value(const Output& output, std::string_view text, std::string& out) const;

    const std::string sql_;
    const std::vector<Place> places_;
    const std::shared_ptr<void> scratch_;
    const bool object_;
    std::vector<Output> outputs_;
};

}  // namespace bulkhead::db::postgresql
