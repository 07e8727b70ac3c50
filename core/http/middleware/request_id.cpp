#include "http/middleware/request_id.hpp"

#include "http/token.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

constexpr std::size_t max_id_bytes = 128;
constexpr std::size_t traceparent_bytes = 55;  ///< of version 00 (W3C Trace Context, 3.2)

bool is_lower_hex(char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
}

bool is_id_letter(char letter) {
    return (lower(letter) >= 'a' && lower(letter) <= 'z') || (letter >= '0' && letter <= '9') ||
           letter == '.' || letter == '_' || letter == '-';
}

bool is_valid_id(std::string_view id) {
    return !id.empty() && id.size() <= max_id_bytes && std::ranges::all_of(id, is_id_letter);
}

bool is_set(std::string_view hex) {
    return hex.find_first_not_of('0') != std::string_view::npos;
}

/// "00-<32 hex>-<16 hex>-<2 hex>"; a later version may go on after another dash.
bool has_parts(std::string_view text) {
    constexpr std::string_view shape = "xx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";
    static_assert(shape.size() == traceparent_bytes);
    return text.size() == shape.size() &&
           std::ranges::equal(text, shape, [](char letter, char wanted) {
               return wanted == 'x' ? is_lower_hex(letter) : letter == wanted;
           });
}

/// The part of a traceparent that can be relied on; empty if it is none.
std::string_view valid_traceparent(std::string_view text) {
    const auto known = text.substr(0, traceparent_bytes);
    const auto more = text.substr(known.size());
    const auto version = known.substr(0, 2);
    if (!has_parts(known) || version == "ff")
        return {};
    if (!more.empty() && (version == "00" || more.front() != '-'))
        return {};
    return is_set(known.substr(3, 32)) && is_set(known.substr(36, 16)) ? known : std::string_view{};
}

/// A trace of its own; flags 00, because nobody here records it. `uuid` is in text form, and the
/// variant bits in its last half keep both ids from being zero.
void append_traceparent(std::string& out, std::string_view uuid) {
    out += "00-";
    std::ranges::copy_if(uuid, std::back_inserter(out), is_lower_hex);
    out += '-';
    std::ranges::copy_if(uuid.substr(19), std::back_inserter(out), is_lower_hex);
    out += "-00";
}

}  // namespace

Step RequestId::enter(Exchange& exchange) {
    const auto given_id = exchange.request.header("X-Request-Id").value_or(std::string_view{});
    const auto given_trace =
        valid_traceparent(exchange.request.header("traceparent").value_or(std::string_view{}));
    const bool keep = is_valid_id(given_id);
    std::string fresh;
    if (!keep || given_trace.empty())
        fresh = Uuid::fresh().to_text();

    exchange.request_id = keep ? given_id : std::string_view(fresh);
    exchange.request.id = exchange.request_id;
    exchange.traceparent = given_trace;
    if (given_trace.empty())
        append_traceparent(exchange.traceparent, fresh);

    exchange.header_lines.append("X-Request-Id: ").append(exchange.request_id);
    exchange.header_lines.append("\r\ntraceparent: ").append(exchange.traceparent).append("\r\n");
    return Step::proceed;
}

}  // namespace bulkhead::http
