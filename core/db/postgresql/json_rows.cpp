#include "db/postgresql/json_rows.hpp"

#include "db/postgresql/value.hpp"
#include "value/json_plain.hpp"

#include <bulkhead/json.hpp>

#include <algorithm>

namespace bulkhead::db::postgresql {

namespace {

// Oids from PostgreSQL's catalog/pg_type.dat; they never change.
constexpr Oid int8 = 20;
constexpr Oid int2 = 21;
constexpr Oid int4 = 23;
constexpr Oid timestamptz = 1'184;
constexpr Oid uuid = 2'950;

std::vector<std::string> names_of(const PGresult& description) {
    std::vector<std::string> names;
    for (int column = 0; column < PQnfields(&description); ++column)
        names.emplace_back(PQfname(&description, column));
    return names;
}

void put_quoted(std::string_view text, std::string& out) {
    out += '"';
    out += text;
    out += '"';
}

void put_text(std::string_view text, std::string& out) {
    if (value::is_json_plain(text))
        put_quoted(text, out);
    else
        json::write_text(out, text);
}

bool put_boolean(std::string_view text, std::string& out) {
    if (text != "t" && text != "f")
        return false;
    out += text == "t" ? "true" : "false";
    return true;
}

bool holds_integers_of(Oid column, Kind kind) {
    const bool small = column == int2 || column == int4;
    return kind == Kind::int64 ? small || column == int8 : kind == Kind::int32 && small;
}

/// "2026-11-20 10:21:10.5+00" becomes "2026-11-20T10:21:10.500000Z"; false for what is written
/// otherwise: `infinity`, years beyond four digits, those before Christ.
bool put_time(std::string_view text, std::string& out) {
    constexpr std::size_t second_bytes = 19;
    constexpr std::size_t fraction_digits = 6;
    if (text.ends_with("+00"))
        text.remove_suffix(3);
    if (text.size() < second_bytes || text.size() > second_bytes + 1 + fraction_digits)
        return false;
    const bool whole = text.size() == second_bytes;
    if (text[4] != '-' || text[10] != ' ' || (!whole && text[second_bytes] != '.'))
        return false;
    const auto fraction = whole ? std::string_view() : text.substr(second_bytes + 1);
    out += '"';
    out += text.substr(0, 10);
    out += 'T';
    out += text.substr(11, 8);
    out += '.';
    out += fraction;
    out.append(fraction_digits - fraction.size(), '0');
    out += "Z\"";
    return true;
}

}  // namespace

JsonRow::JsonRow(const PGresult& description, const Type& row, std::shared_ptr<void> scratch,
                 std::string_view sql)
    : sql_(sql),
      places_(places_of(names_of(description), row, sql)),
      scratch_(std::move(scratch)),
      object_(row.kind == Kind::object) {
    if (!object_) {
        add({}, description, places_.front());
        return;
    }
    const auto& table = row.table();
    for (std::size_t index = 0; index < table.fields.size(); ++index) {
        const auto& field = table.fields[index];
        if (!field.limits.write_only)
            add(table.labels[index], description,
                *std::ranges::find(places_, field.name, &Place::column));
    }
}

void JsonRow::add(std::string_view label, const PGresult& description, const Place& place) {
    const bool optional = place.type->kind == Kind::optional;
    const auto column = static_cast<int>(&place - places_.data());
    outputs_.push_back(
        {label, column, &place,
         step_of(optional ? *place.type->inner : *place.type, PQftype(&description, column)),
         optional});
}

// Only where what the column prints is what the field would: a number with a fraction is not, nor
// are lists, objects and atoms of a module's own.
JsonRow::Step JsonRow::step_of(const Type& type, Oid column) {
    if (type.kind == Kind::text)
        return Step::text;
    if (type.kind == Kind::boolean)
        return Step::boolean;
    if (holds_integers_of(column, type.kind))
        return Step::verbatim;
    if (type.format == "uuid" && column == uuid)
        return Step::quoted;
    if (type.format == "date-time" && column == timestamptz)
        return Step::time;
    return Step::value;
}

void JsonRow::write(const PGresult& rows, int row, std::string& out) const {
    if (!object_)
        return put(outputs_.front(), rows, row, out);
    char separator = '{';
    for (const auto& output : outputs_) {
        out += separator;
        separator = ',';
        out += output.label;
        put(output, rows, row, out);
    }
    if (outputs_.empty())
        out += '{';
    out += '}';
}

void JsonRow::write_field(const PGresult& rows, int row, std::string_view field,
                          std::string& out) const {
    const auto found = std::ranges::find(
        outputs_, field,
        [](const Output& output) -> std::string_view { return output.place->column; });
    if (found != outputs_.end())
        put(*found, rows, row, out);
}

void JsonRow::put(const Output& output, const PGresult& rows, int row, std::string& out) const {
    const std::string_view text(PQgetvalue(&rows, row, output.column),
                                static_cast<std::size_t>(PQgetlength(&rows, row, output.column)));
    const bool null = text.empty() && PQgetisnull(&rows, row, output.column) != 0;
    if (null && output.optional)
        out += "null";
    else if (null || (!put_plain(output.step, text, out) && !put_value(output, text, out)))
        refuse_column(output.place->column, null, sql_);
}

bool JsonRow::put_plain(Step step, std::string_view text, std::string& out) {
    switch (step) {
        case Step::boolean:
            return put_boolean(text, out);
        case Step::verbatim:
            out += text;
            return true;
        case Step::quoted:
            put_quoted(text, out);
            return true;
        case Step::text:
            put_text(text, out);
            return true;
        case Step::time:
            return put_time(text, out);
        case Step::value:
            break;
    }
    return false;
}

bool JsonRow::put_value(const Output& output, std::string_view text, std::string& out) const {
    auto* member = static_cast<std::byte*>(scratch_.get()) + output.place->offset;
    if (!load(*output.place->type, text.data(), text.size(), member))
        return false;
    json::write(out, *output.place->type, member);
    return true;
}

}  // namespace bulkhead::db::postgresql
