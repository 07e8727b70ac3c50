#pragma once
// One field list per type. From the same lines the core parses, validates, serialises, maps SQL
// rows, reads settings and writes the OpenAPI schema:
//
//     struct PlaceOrder {
//         std::string sku;
//         std::int32_t quantity = 0;
//         static auto fields() {
//             return shape(field("sku", &PlaceOrder::sku, length(1, 64)),
//                          field("quantity", &PlaceOrder::quantity, between(1, 999)));
//         }
//     };

#include <bulkhead/type.hpp>

#include <array>
#include <limits>

namespace bulkhead {

/// What a value must keep to. Which members count depends on the field's type.
struct Limits {
    double minimum = -std::numeric_limits<double>::infinity();  ///< numbers, inclusive
    double maximum = std::numeric_limits<double>::infinity();   ///< numbers, inclusive
    std::size_t min_length = 0;                                 ///< text, in code points
    std::size_t max_length = 10'000;                            ///< text, in code points
    std::size_t min_items = 0;                                  ///< lists
    std::size_t max_items = 100;                                ///< lists, enforced while reading
    std::string_view format{};       ///< text: "email"; checked and documented
    std::string_view description{};  ///< documentation only
    std::string_view example{};      ///< documentation only; JSON text
    bool write_only = false;         ///< read from clients, never serialised: passwords
};

/// One member of a shaped struct.
struct Field {
    std::string_view name;
    const Type* type;
    std::size_t offset;  ///< bytes from the start of the struct
    Limits limits;
};

/// The erased field list of one struct.
struct Table {
    std::string_view name;  ///< qualified C++ name: "orders::PlaceOrder"
    std::vector<Field> fields;
    std::vector<std::string> labels;  ///< `"name":` for each field, ready to be written

    Table(std::string_view name, std::span<const Field> fields);
};

namespace detail {

template <class M>
struct Within {
    using type = M;
};
template <class M>
struct Within<std::optional<M>> {
    using type = M;
};
template <class M>
inline constexpr bool is_text = std::same_as<typename Within<M>::type, std::string>;
template <class M>
inline constexpr bool is_number =
    std::is_arithmetic_v<typename Within<M>::type> && !std::same_as<typename Within<M>::type, bool>;
template <class M>
inline constexpr bool is_list = IsList<typename Within<M>::type>::value;

struct Length {
    std::size_t minimum, maximum;
    template <class M>
    static constexpr bool fits = is_text<M>;
    void operator()(Limits& limits) const {
        limits.min_length = minimum, limits.max_length = maximum;
    }
};
struct Between {
    double minimum, maximum;
    template <class M>
    static constexpr bool fits = is_number<M>;
    void operator()(Limits& limits) const { limits.minimum = minimum, limits.maximum = maximum; }
};
struct Items {
    std::size_t minimum, maximum;
    template <class M>
    static constexpr bool fits = is_list<M>;
    void operator()(Limits& limits) const {
        limits.min_items = minimum, limits.max_items = maximum;
    }
};
struct Email {
    template <class M>
    static constexpr bool fits = is_text<M>;
    void operator()(Limits& limits) const {
        limits.format = "email", limits.max_length = 254;  // RFC 5321, 4.5.3.1.3
    }
};
struct WriteOnly {
    template <class M>
    static constexpr bool fits = true;
    void operator()(Limits& limits) const { limits.write_only = true; }
};
struct Described {
    std::string_view text;
    template <class M>
    static constexpr bool fits = true;
    void operator()(Limits& limits) const { limits.description = text; }
};
struct Example {
    std::string_view json;
    template <class M>
    static constexpr bool fits = true;
    void operator()(Limits& limits) const { limits.example = json; }
};

/// A field that knows its owner, so that shape() can refuse a mixture.
template <class Owner>
struct OwnedField {
    Field field;
};

// The offset is taken on storage that never held a T: no member is read, only its place computed.
template <class Owner, class M>
std::size_t offset_of(M Owner::* member) {
    alignas(Owner) static std::byte storage[sizeof(Owner)];
    const auto* owner = reinterpret_cast<const Owner*>(storage);
    return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(&(owner->*member)) -
                                    storage);
}

template <class T>
constexpr std::string_view type_name() {
    constexpr std::string_view pretty = __PRETTY_FUNCTION__;
    constexpr auto start = pretty.find("T = ") + 4;
    return pretty.substr(start, pretty.find_first_of(";]", start) - start);
}

}  // namespace detail

constexpr detail::Length length(std::size_t minimum, std::size_t maximum) {
    return {minimum, maximum};
}
constexpr detail::Between between(double minimum, double maximum) {
    return {minimum, maximum};
}
constexpr detail::Items items(std::size_t minimum, std::size_t maximum) {
    return {minimum, maximum};
}
/// One `@`, something on both sides, at most 254 code points (a shape check; only a mail proves
/// it).
inline constexpr detail::Email email{};
inline constexpr detail::WriteOnly write_only{};
constexpr detail::Described described(std::string_view text) {
    return {text};
}
constexpr detail::Example example(std::string_view json) {
    return {json};
}

/// One member: its public name, where it lies, what it must keep to.
template <class Owner, class M, class... L>
detail::OwnedField<Owner> field(std::string_view name, M Owner::* member, L... limits) {
    static_assert((L::template fits<M> && ...),
                  "this limit is not for this type: length() and email are for text, between() for "
                  "numbers, items() for lists");
    detail::OwnedField<Owner> made{{name, &type_of<M>(), detail::offset_of(member), {}}};
    (limits(made.field.limits), ...);
    return made;
}

/// All members, in the order in which they are written.
template <class First, class... Rest>
std::array<Field, 1 + sizeof...(Rest)> shape(First first, Rest... rest) {
    static_assert((std::same_as<First, Rest> && ...),
                  "all fields of a shape must be members of the same struct, not of its base");
    return {first.field, rest.field...};
}

template <class T>
const Table& table_of() {
    static const Table table(detail::type_name<T>(), T::fields());
    return table;
}

}  // namespace bulkhead
