#include "db/sqlite/cell.hpp"

#include <bulkhead/json.hpp>

#include <limits>

namespace bulkhead::db::sqlite {

namespace {

const Type& within(const Type& type) {
    return type.kind == Kind::optional ? within(*type.inner) : type;
}

void store_value(Cell& cell, const Type& type, const void* value) {
    switch (type.kind) {
        case Kind::boolean:
            cell.integer = *static_cast<const bool*>(value) ? 1 : 0;
            break;
        case Kind::int32:
            cell.integer = *static_cast<const std::int32_t*>(value);
            break;
        case Kind::int64:
            cell.integer = *static_cast<const std::int64_t*>(value);
            break;
        case Kind::number:
            cell.number = *static_cast<const double*>(value);
            break;
        case Kind::text:
            cell.text = *static_cast<const std::string*>(value);
            break;
        case Kind::atom:
            type.print(value, cell.text);
            break;
        default:
            json::write(cell.text, type, value);
    }
}

bool load_integer(const Cell& cell, Kind kind, void* value) {
    if (kind == Kind::int64)
        return *static_cast<std::int64_t*>(value) = cell.integer, true;
    if (kind == Kind::boolean)
        return *static_cast<bool*>(value) = cell.integer == 1,
               cell.integer == 0 || cell.integer == 1;
    using Limits = std::numeric_limits<std::int32_t>;
    if (cell.integer < Limits::min() || cell.integer > Limits::max())
        return false;
    return *static_cast<std::int32_t*>(value) = static_cast<std::int32_t>(cell.integer), true;
}

bool load_text(const Cell& cell, const Type& type, void* value) {
    if (type.kind == Kind::text)
        return *static_cast<std::string*>(value) = cell.text, true;
    if (type.kind == Kind::atom)
        return type.parse(value, cell.text);
    return static_cast<bool>(json::read_into(cell.text, type, value));
}

}  // namespace

Storage storage_of(const Type* type) {
    if (type == nullptr)
        return Storage::text;
    switch (within(*type).kind) {
        case Kind::boolean:
        case Kind::int32:
        case Kind::int64:
            return Storage::integer;
        case Kind::number:
            return Storage::number;
        default:
            return Storage::text;
    }
}

void* Cell::data() {
    if (storage == Storage::integer)
        return &integer;
    return storage == Storage::number ? static_cast<void*>(&number) : &text;
}

soci::details::exchange_type Cell::exchange_type() const {
    if (storage == Storage::integer)
        return soci::details::x_long_long;
    return storage == Storage::number ? soci::details::x_double : soci::details::x_stdstring;
}

void Cell::store(const Argument& argument) {
    text.clear();
    indicator = soci::i_ok;
    if (argument.type == nullptr) {
        text = argument.text;
        return;
    }
    const Type* type = argument.type;
    const void* value = argument.value;
    while (value != nullptr && type->kind == Kind::optional) {
        value = type->get(value);
        type = type->inner;
    }
    if (value == nullptr)
        indicator = soci::i_null;
    else
        store_value(*this, *type, value);
}

bool Cell::load(const Type& type, void* value) const {
    if (type.kind == Kind::optional) {
        type.clear(value);
        return indicator == soci::i_null || load(*type.inner, type.emplace(value));
    }
    if (indicator == soci::i_null)
        return false;
    if (storage == Storage::integer)
        return load_integer(*this, type.kind, value);
    if (storage == Storage::number)
        return *static_cast<double*>(value) = number, true;
    return load_text(*this, type, value);
}

}  // namespace bulkhead::db::sqlite
