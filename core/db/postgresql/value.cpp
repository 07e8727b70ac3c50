#include "db/postgresql/value.hpp"

#include <bulkhead/json.hpp>

#include <charconv>

namespace bulkhead::db::postgresql {

namespace {

struct ColumnType {
    Oid parameter;
    std::string_view array;
};

// Oids from PostgreSQL's catalog/pg_type.dat; they never change.
constexpr ColumnType boolean{16, "boolean[]"};
constexpr ColumnType bigint{20, "bigint[]"};
constexpr ColumnType double_precision{701, "double precision[]"};
constexpr ColumnType timestamptz{1184, "timestamptz[]"};
constexpr ColumnType uuid{2950, "uuid[]"};
constexpr ColumnType text_or_enum{0, "text[]"};
constexpr ColumnType json_text{0, "jsonb[]"};

const ColumnType& column_type(const Type& type) {
    switch (type.kind) {
        case Kind::boolean:
            return boolean;
        case Kind::int32:
        case Kind::int64:
            return bigint;
        case Kind::number:
            return double_precision;
        case Kind::optional:
            return column_type(*type.inner);
        case Kind::atom:
            return type.format == "uuid"        ? uuid
                   : type.format == "date-time" ? timestamptz
                                                : text_or_enum;
        case Kind::text:
            return text_or_enum;
        default:
            return json_text;
    }
}

template <class Number>
void print_number(Number number, std::string& out) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void store_value(const Type& type, const void* value, std::string& out) {
    switch (type.kind) {
        case Kind::boolean:
            out += *static_cast<const bool*>(value) ? 't' : 'f';
            break;
        case Kind::int32:
            return print_number(*static_cast<const std::int32_t*>(value), out);
        case Kind::int64:
            return print_number(*static_cast<const std::int64_t*>(value), out);
        case Kind::number:
            return print_number(*static_cast<const double*>(value), out);
        case Kind::text:
            out += *static_cast<const std::string*>(value);
            break;
        case Kind::atom:
            type.print(value, out);
            break;
        default:
            json::write(out, type, value);
    }
}

template <class Number>
bool load_number(std::string_view text, void* value) {
    auto& number = *static_cast<Number*>(value);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

bool load_boolean(std::string_view text, void* value) {
    *static_cast<bool*>(value) = text == "t" || text == "1";
    return text == "t" || text == "f" || text == "1" || text == "0";
}

// "2026-11-20 10:21:10.5+00" of an ISO DateStyle in UTC; without a zone for `timestamp`. A year
// that no Timestamp has ends in " BC".
bool load_time(const Type& type, std::string_view text, void* value) {
    std::string rfc3339(text.substr(0, text.find('+')));
    if (const auto blank = rfc3339.find(' '); blank != std::string::npos)
        rfc3339[blank] = 'T';
    return !text.ends_with(" BC") && type.parse(value, rfc3339 + "Z");
}

bool load_value(const Type& type, std::string_view text, void* value) {
    switch (type.kind) {
        case Kind::boolean:
            return load_boolean(text, value);
        case Kind::int32:
            return load_number<std::int32_t>(text, value);
        case Kind::int64:
            return load_number<std::int64_t>(text, value);
        case Kind::number:
            return load_number<double>(text, value);
        case Kind::text:
            return static_cast<std::string*>(value)->assign(text), true;
        case Kind::atom:
            return type.format == "date-time" ? load_time(type, text, value)
                                              : type.parse(value, text);
        default:
            return static_cast<bool>(json::read_into(text, type, value));
    }
}

void refuse_zero_byte(std::string_view text) {
    if (text.find('\0') != std::string_view::npos)
        throw Failure(FailureKind::value, "a text with a zero byte cannot be stored");
}

}  // namespace

Oid parameter_type(const Type* type) {
    return type == nullptr ? 0 : column_type(*type).parameter;
}

std::string_view array_type(const Type& type) {
    return column_type(type).array;
}

bool store(const Argument& argument, std::string& out) {
    const auto start = out.size();
    const Type* type = argument.type;
    const void* value = argument.value;
    if (type == nullptr)
        out += argument.text;
    while (type != nullptr && value != nullptr && type->kind == Kind::optional) {
        value = type->get(value);
        type = type->inner;
    }
    if (type != nullptr && value == nullptr)
        return false;
    if (type != nullptr)
        store_value(*type, value, out);
    refuse_zero_byte(std::string_view(out).substr(start));
    return true;
}

bool load(const Type& type, const char* text, std::size_t length, void* value) {
    if (type.kind == Kind::optional) {
        type.clear(value);
        return text == nullptr || load(*type.inner, text, length, type.emplace(value));
    }
    return text != nullptr && load_value(type, {text, length}, value);
}

}  // namespace bulkhead::db::postgresql
