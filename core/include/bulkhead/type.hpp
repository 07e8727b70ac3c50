#pragma once
// What the core must know of a C++ type to read, write, document and store its values: one small
// table of plain functions per type. The binder, the writer, the schema and the row mapper walk
// these tables at run time and are no templates, which keeps a module's compile time at a second.

#include <bulkhead/clock.hpp>
#include <bulkhead/id.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bulkhead {

enum class Kind : std::uint8_t {
    boolean,
    int32,
    int64,
    number,
    text,
    atom,
    object,
    list,
    optional
};

struct Table;

/// Which members are set depends on `kind`; the rest are null. Identity is by content, never by
/// address: each shared library has its own copy.
struct Type {
    Kind kind;
    /// Atoms (a value with one text form: ids, times, enums): OpenAPI format, parser, printer.
    std::string_view format{};
    std::span<const std::string_view> choices{};
    bool (*parse)(void* value, std::string_view text) = nullptr;
    void (*print)(const void* value, std::string& out) = nullptr;
    /// Objects.
    const Table& (*table)() = nullptr;
    /// Lists and optionals: the type within.
    const Type* inner = nullptr;
    void* (*append)(void* list) = nullptr;
    std::size_t (*count)(const void* list) = nullptr;
    const void* (*at)(const void* list, std::size_t index) = nullptr;
    void* (*emplace)(void* optional) = nullptr;
    const void* (*get)(const void* optional) = nullptr;  ///< null when empty
    void (*clear)(void* list_or_optional) = nullptr;
};

template <class T>
concept Shaped = requires { T::fields(); };

/// A class with one text form: `static optional<T> from(string_view)` and `string to_text() const`.
template <class T>
concept TextForm = requires(const T& value, std::string_view text) {
    { T::from(text) } -> std::same_as<std::optional<T>>;
    { value.to_text() } -> std::convertible_to<std::string>;
};

/// An enum whose values have names, in order from 0, found by argument-dependent lookup:
/// `constexpr std::array<std::string_view, 2> names(OrderState)`.
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T value) {
    { names(value)[0] } -> std::convertible_to<std::string_view>;
};

template <class T>
const Table& table_of();

template <class T>
constexpr const Type& type_of();

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsList : std::false_type {};
template <class T>
struct IsList<std::vector<T>> : std::true_type {};
template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<Id<Tag>> : std::true_type {};

template <class T>
bool parse_atom(void* value, std::string_view text) {
    std::optional<T> read;
    if constexpr (std::same_as<T, Timestamp>)
        read = timestamp_from(text);
    else
        read = T::from(text);
    if (!read)
        return false;
    *static_cast<T*>(value) = *std::move(read);
    return true;
}

template <class T>
void print_atom(const void* value, std::string& out) {
    if constexpr (std::same_as<T, Timestamp>)
        out += to_text(*static_cast<const T*>(value));
    else
        out += static_cast<const T*>(value)->to_text();
}

template <class E>
inline constexpr auto enum_names = names(E{});

template <class E>
bool parse_enum(void* value, std::string_view text) {
    for (std::size_t index = 0; index < enum_names<E>.size(); ++index)
        if (enum_names<E>[index] == text)
            return *static_cast<E*>(value) = static_cast<E>(index), true;
    return false;
}

template <class E>
void print_enum(const void* value, std::string& out) {
    out += enum_names<E>[static_cast<std::size_t>(*static_cast<const E*>(value))];
}

template <class T>
constexpr Type list_type() {
    using List = std::vector<T>;
    static_assert(!std::same_as<T, bool>,
                  "a list of booleans is not supported: vector<bool> has no elements");
    Type type{Kind::list};
    type.inner = &type_of<T>();
    type.append = [](void* list) -> void* { return &static_cast<List*>(list)->emplace_back(); };
    type.count = [](const void* list) { return static_cast<const List*>(list)->size(); };
    type.at = [](const void* list, std::size_t index) -> const void* {
        return &(*static_cast<const List*>(list))[index];
    };
    type.clear = [](void* list) { static_cast<List*>(list)->clear(); };
    return type;
}

template <class T>
constexpr Type optional_type() {
    using Optional = std::optional<T>;
    Type type{Kind::optional};
    type.inner = &type_of<T>();
    type.emplace = [](void* value) -> void* { return &static_cast<Optional*>(value)->emplace(); };
    type.get = [](const void* value) -> const void* {
        const auto& optional = *static_cast<const Optional*>(value);
        return optional ? &*optional : nullptr;
    };
    type.clear = [](void* value) { static_cast<Optional*>(value)->reset(); };
    return type;
}

template <class T>
constexpr Type atom_type() {
    Type type{Kind::atom};
    if constexpr (NamedEnum<T>) {
        type.choices = enum_names<T>;
        type.parse = parse_enum<T>;
        type.print = print_enum<T>;
    } else {
        if constexpr (std::same_as<T, Timestamp>)
            type.format = "date-time";
        else if constexpr (std::same_as<T, Uuid> || IsId<T>::value)
            type.format = "uuid";
        type.parse = parse_atom<T>;
        type.print = print_atom<T>;
    }
    return type;
}

template <class T>
constexpr Type object_type() {
    Type type{Kind::object};
    type.table = table_of<T>;
    return type;
}

/// The kinds that need no more than their name; `atom` for whatever is none of them.
template <class T>
constexpr Kind plain_kind() {
    if constexpr (std::same_as<T, bool>)
        return Kind::boolean;
    else if constexpr (std::same_as<T, std::int32_t>)
        return Kind::int32;
    else if constexpr (std::same_as<T, std::int64_t>)
        return Kind::int64;
    else if constexpr (std::same_as<T, double>)
        return Kind::number;
    else if constexpr (std::same_as<T, std::string>)
        return Kind::text;
    else
        return Kind::atom;
}

template <class T>
constexpr Type make_type() {
    if constexpr (plain_kind<T>() != Kind::atom)
        return {plain_kind<T>()};
    else if constexpr (IsList<T>::value)
        return list_type<typename T::value_type>();
    else if constexpr (IsOptional<T>::value)
        return optional_type<typename T::value_type>();
    else if constexpr (Shaped<T>)
        return object_type<T>();
    else {
        static_assert(std::same_as<T, Timestamp> || TextForm<T> || NamedEnum<T>,
                      "this type has no shape: give it fields(), from() and to_text(), or, for an "
                      "enum, names()");
        return atom_type<T>();
    }
}

template <class T>
inline constexpr Type type_value = make_type<T>();

}  // namespace detail

/// The table of T: bool, int32/int64, double, string, Timestamp, Uuid, Id, a named enum, a class
/// with a text form, a shaped struct, vector or optional of these.
template <class T>
constexpr const Type& type_of() {
    return detail::type_value<T>;
}

}  // namespace bulkhead
