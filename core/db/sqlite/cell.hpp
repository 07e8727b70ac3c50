#pragma once
// How values lie in SQLite's columns: the one place that knows.

#include <soci/soci-backend.h>
#include <bulkhead/session.hpp>

namespace bulkhead::db::sqlite {

/// What an engine's driver exchanges. Booleans travel as integers 0 and 1, atoms (ids, times,
/// enums) as their text, lists and objects as JSON text.
enum class Storage : std::uint8_t { integer, number, text };

/// The storage of a value of this type; null stands for text, as in Argument. An optional lies as
/// its inner type does.
Storage storage_of(const Type* type);

/// One value on its way in or out, at a fixed address.
struct Cell {
    Storage storage = Storage::text;
    long long integer = 0;
    double number = 0;
    std::string text;
    soci::indicator indicator = soci::i_ok;

    void* data();
    soci::details::exchange_type exchange_type() const;

    /// An empty optional becomes NULL.
    void store(const Argument& argument);
    /// False for NULL where `type` is no optional, and for what is no value of `type`.
    bool load(const Type& type, void* value) const;
};

}  // namespace bulkhead::db::sqlite
