#include "http/byte_range.hpp"

#include "http/token.hpp"

#include <charconv>
#include <limits>
#include <optional>

namespace bulkhead::http {

namespace {

constexpr std::string_view unit = "bytes=";
constexpr auto most = std::numeric_limits<std::uint64_t>::max();

/// A number too large for us is behind every end.
std::optional<std::uint64_t> number_from(std::string_view digits) {
    if (digits.empty() || !std::ranges::all_of(digits, is_digit))
        return std::nullopt;
    std::uint64_t number = 0;
    const auto end = digits.data() + digits.size();
    return std::from_chars(digits.data(), end, number).ec == std::errc{} ? number : most;
}

ByteRange last_bytes(std::string_view digits, std::uint64_t size) {
    const auto length = number_from(digits);
    if (!length || (size == 0 && *length > 0))
        return {ByteRange::Kind::whole, 0, size};
    if (*length == 0)
        return {ByteRange::Kind::unsatisfiable};
    const auto taken = std::min(*length, size);
    return {ByteRange::Kind::part, size - taken, taken};
}

ByteRange range_of(std::string_view text, std::uint64_t size) {
    const auto dash = text.find('-');
    if (dash == 0)
        return last_bytes(text.substr(1), size);
    if (dash == std::string_view::npos)
        return {ByteRange::Kind::whole, 0, size};
    const auto first = number_from(text.substr(0, dash));
    const auto last = dash + 1 == text.size() ? most : number_from(text.substr(dash + 1));
    if (!first || !last || *last < *first)
        return {ByteRange::Kind::whole, 0, size};
    if (*first >= size)
        return {ByteRange::Kind::unsatisfiable};
    return {ByteRange::Kind::part, *first, std::min(*last, size - 1) - *first + 1};
}

}  // namespace

ByteRange byte_range(std::string_view header, std::uint64_t size) {
    const ByteRange whole{ByteRange::Kind::whole, 0, size};
    if (!same_ignoring_case(header.substr(0, unit.size()), unit))
        return whole;
    std::size_t count = 0;
    std::string_view only;
    for_each_element(header.substr(unit.size()), [&](std::string_view element) {
        ++count;
        only = element;
    });
    return count == 1 ? range_of(only, size) : whole;
}

}  // namespace bulkhead::http
