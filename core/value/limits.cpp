#include "value/limits.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace bulkhead::value {
namespace {

constexpr double int64_end = 9223372036854775808.0;  // 2^63: a double cannot hold 2^63 - 1

struct Place {
    const Type& type;
    void* value;
};

Place within(const Type& type, void* value) {
    if (type.kind != Kind::optional)
        return {type, value};
    return within(*type.inner, type.emplace(value));
}

template <class T>
T& as(void* value) {
    return *static_cast<T*>(value);
}

std::string text_of(double number) {
    if (number >= int64_end)
        return "9223372036854775807";
    std::array<char, 400> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number, std::chars_format::fixed);
    return {digits.data(), end.ptr};
}

std::string between_text(std::string_view minimum, std::string_view maximum) {
    std::string out = "must be between ";
    return out.append(minimum).append(" and ").append(maximum);
}

std::string range_text(const Limits& limits) {
    const bool has_minimum = std::isfinite(limits.minimum);
    const bool has_maximum = std::isfinite(limits.maximum);
    if (has_minimum && has_maximum)
        return between_text(text_of(limits.minimum), text_of(limits.maximum));
    if (has_minimum)
        return "must be at least " + text_of(limits.minimum);
    if (has_maximum)
        return "must be at most " + text_of(limits.maximum);
    return "must be a finite number";
}

std::string count_text(std::string_view verb, std::size_t minimum, std::size_t maximum,
                       std::string_view unit) {
    std::string out(verb);
    if (minimum == maximum)
        out += "exactly " + std::to_string(maximum);
    else if (minimum == 0)
        out += "at most " + std::to_string(maximum);
    else
        out += std::to_string(minimum) + " to " + std::to_string(maximum);
    return out.append(unit);
}

/// The limits of an integer, those of its type included.
Limits with_range_of(Kind kind, Limits limits) {
    const bool narrow = kind == Kind::int32;
    limits.minimum = std::max(limits.minimum, narrow ? -2147483648.0 : -int64_end);
    limits.maximum = std::min(limits.maximum, narrow ? 2147483647.0 : int64_end);
    return limits;
}

// A shape check only: one `@` with something on both sides, nothing that could end a mail header.
bool looks_like_email(std::string_view text) {
    const auto at = text.find('@');
    const bool clean = std::ranges::none_of(
        text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; });
    return clean && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string_view::npos;
}

Violation not_this_atom(const Type& type) {
    if (!type.choices.empty()) {
        std::string message = "must be one of ";
        for (const auto& choice : type.choices)
            message.append(&choice == type.choices.data() ? "" : ", ").append(choice);
        return {{}, "choice", std::move(message)};
    }
    if (type.format == "uuid")
        return {{}, "format", "must be a UUID such as 019aa0c5-7a4e-7b3c-9d2f-0123456789ab"};
    if (type.format == "date-time")
        return {{}, "format", "must be a time such as 2026-11-20T10:21:10.123456Z (RFC 3339)"};
    return {{}, "format", "has not the expected form"};
}

Refusal read_integer(const Type& type, const Limits& limits, std::string_view text, void* value) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || end != text.data() + text.size())
        return wrong_type(type);
    if (error == std::errc::result_out_of_range)
        return out_of_range(type.kind, limits);
    return error == std::errc{} ? store_integer(type, limits, number, value) : wrong_type(type);
}

Refusal read_number(const Type& type, const Limits& limits, std::string_view text, void* value) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || end != text.data() + text.size())
        return wrong_type(type);
    if (error == std::errc::result_out_of_range)
        return out_of_range(type.kind, limits);
    return error == std::errc{} ? store_number(type, limits, number, value) : wrong_type(type);
}

Refusal read_boolean(const Type& type, std::string_view text, void* value) {
    if (text != "true" && text != "false")
        return wrong_type(type);
    return store_boolean(type, text == "true", value);
}

Refusal read_scalar(const Type& type, const Limits& limits, std::string_view text, void* value) {
    switch (type.kind) {
        case Kind::boolean:
            return read_boolean(type, text, value);
        case Kind::int32:
        case Kind::int64:
            return read_integer(type, limits, text, value);
        case Kind::number:
            return read_number(type, limits, text, value);
        default:
            return store_text(type, limits, text, value);
    }
}

}  // namespace

Refusal check_text(const Limits& limits, std::string_view text) {
    const auto length = code_points(text);
    if (!length)
        return Violation{{}, "format", "must be UTF-8 text"};
    if (text.find('\0') != std::string_view::npos)
        return Violation{{}, "format", "must not contain the character NUL"};
    if (*length < limits.min_length || *length > limits.max_length)
        return Violation{
            {},
            "length",
            count_text("must be ", limits.min_length, limits.max_length,
                       limits.max_length == 1 ? " character long" : " characters long")};
    if (limits.format == "email" && !looks_like_email(text))
        return Violation{{}, "format", "must be an e-mail address"};
    return {};
}

Refusal check_number(const Limits& limits, double number) {
    if (std::isfinite(number) && number >= limits.minimum && number <= limits.maximum)
        return {};
    return Violation{{}, "range", range_text(limits)};
}

Refusal check_integer(Kind kind, const Limits& limits, std::int64_t number) {
    return check_number(with_range_of(kind, limits), static_cast<double>(number));
}

Refusal check_items(const Limits& limits, std::size_t count) {
    if (count >= limits.min_items && count <= limits.max_items)
        return {};
    return Violation{{},
                     "items",
                     count_text("must have ", limits.min_items, limits.max_items,
                                limits.max_items == 1 ? " item" : " items")};
}

Violation wrong_type(const Type& type) {
    static constexpr std::array<std::string_view, 8> expected{
        "must be true or false", "must be an integer", "must be an integer", "must be a number",
        "must be text",          "must be text",       "must be an object",  "must be a list"};
    if (type.kind == Kind::optional)
        return wrong_type(*type.inner);
    return {{}, "type", std::string(expected[static_cast<std::size_t>(type.kind)])};
}

Violation out_of_range(Kind kind, const Limits& limits) {
    return {{}, "range", range_text(kind == Kind::number ? limits : with_range_of(kind, limits))};
}

Refusal store_boolean(const Type& type, bool given, void* value) {
    const auto place = within(type, value);
    if (place.type.kind != Kind::boolean)
        return wrong_type(type);
    as<bool>(place.value) = given;
    return {};
}

Refusal store_integer(const Type& type, const Limits& limits, std::int64_t given, void* value) {
    const auto place = within(type, value);
    const Kind kind = place.type.kind;
    if (kind == Kind::number)
        return store_number(place.type, limits, static_cast<double>(given), place.value);
    if (kind != Kind::int32 && kind != Kind::int64)
        return wrong_type(type);
    if (auto refusal = check_integer(kind, limits, given))
        return refusal;
    if (kind == Kind::int32)
        as<std::int32_t>(place.value) = static_cast<std::int32_t>(given);
    else
        as<std::int64_t>(place.value) = given;
    return {};
}

Refusal store_number(const Type& type, const Limits& limits, double given, void* value) {
    const auto place = within(type, value);
    if (place.type.kind != Kind::number)
        return wrong_type(type);
    if (auto refusal = check_number(limits, given))
        return refusal;
    as<double>(place.value) = given;
    return {};
}

Refusal store_text(const Type& type, const Limits& limits, std::string_view given, void* value) {
    const auto place = within(type, value);
    if (place.type.kind == Kind::atom)
        return place.type.parse(place.value, given) ? Refusal{} : not_this_atom(place.type);
    if (place.type.kind != Kind::text)
        return wrong_type(type);
    if (auto refusal = check_text(limits, given))
        return refusal;
    as<std::string>(place.value) = given;
    return {};
}

bool read_text_into(const Type& type, const Limits& limits, std::string_view text, void* value,
                    Violation& out) {
    const auto place = within(type, value);
    auto refusal = read_scalar(place.type, limits, text, place.value);
    if (!refusal)
        return true;
    out = *std::move(refusal);
    return false;
}

}  // namespace bulkhead::value
