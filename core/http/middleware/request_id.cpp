#include "http/middleware/request_id.hpp"

#include "http/token.hpp"
#include "value/append_all.hpp"
#include "value/clock.hpp"
#include "value/uuid.hpp"

#include <algorithm>
#include <cstring>

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

/// A trace of its own from the text of a UUID; flags 00, because nobody here records it. The
/// variant bits in the last half keep both ids from being zero.
void write_traceparent(std::string& to, const char* uuid) {
    to = "00-00000000000000000000000000000000-0000000000000000-00";
    char* const trace = to.data() + 3;
    std::memcpy(trace, uuid, 8);
    std::memcpy(trace + 8, uuid + 9, 4);
    std::memcpy(trace + 12, uuid + 14, 4);
    std::memcpy(trace + 16, uuid + 19, 4);
    std::memcpy(trace + 20, uuid + 24, 12);
    std::memcpy(trace + 33, trace + 16, 16);
}

Uuid fresh_id(const Exchange& exchange) {
    [[gnu::tls_model("initial-exec")]] thread_local const auto maker =
        std::make_unique<value::UuidMaker>();
    return maker->fresh(value::time_at(exchange.started));
}

}  // namespace

Step RequestId::enter(Exchange& exchange) {
    const auto given_id = exchange.request.header("X-Request-Id").value_or(std::string_view{});
    const auto given_trace =
        valid_traceparent(exchange.request.header("traceparent").value_or(std::string_view{}));
    const bool keep = is_valid_id(given_id);
    std::array<char, value::uuid_text_bytes> fresh;
    if (!keep || given_trace.empty())
        value::write_text(fresh.data(), fresh_id(exchange));

    exchange.request_id = keep ? given_id : std::string_view(fresh.data(), fresh.size());
    if (given_trace.empty())
        write_traceparent(exchange.traceparent, fresh.data());
    else
        exchange.traceparent = given_trace;
    exchange.request.id = exchange.request_id;
    value::append_all(exchange.header_lines, {"X-Request-Id: ", exchange.request_id,
                                              "\r\ntraceparent: ", exchange.traceparent, "\r\n"});
    return Step::proceed;
}

}  // namespace bulkhead::http
