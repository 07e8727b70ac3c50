#include "http/middleware/rate_limit.hpp"

#include "http/application.hpp"
#include "http/ip_address.hpp"
#include "http/problem.hpp"
#include "value/append_all.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

namespace bulkhead::http {

namespace {

constexpr std::size_t key_bytes = sizeof(BucketKey);
constexpr std::uint64_t network_tag = 0xff00000000000000;  // No text of 15 bytes ends so.

std::int64_t seconds_in(std::chrono::nanoseconds time) {
    return std::chrono::ceil<std::chrono::seconds>(time).count();
}

using Digits = std::array<char, 20>;

std::string_view text_of(std::int64_t number, Digits& digits) {
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr};
}

void refuse(Exchange& exchange, const Allowance& allowance, std::string_view whose) {
    const auto seconds = std::to_string(seconds_in(allowance.retry_in));
    exchange.reply = error_reply(Error(ErrorKind::too_many_requests, "http.rate_limited",
                                       "Too many requests of this " + std::string(whose) +
                                           "; try again in " + seconds + " s."),
                                 exchange.request.id);
    for (auto& [name, value] : exchange.reply.headers)
        if (name == "Retry-After")
            value = seconds;
}

/// An IPv4 address, the name of a Unix socket: a text that is short enough to be its own key.
BucketKey key_of_text(std::string_view text) {
    std::array<char, key_bytes> bytes{};
    std::ranges::copy(text.substr(0, key_bytes - 1), bytes.begin());
    return std::bit_cast<BucketKey>(bytes);
}

}  // namespace

BucketKey bucket_of_address(std::string_view address) {
    const bool is_text = address.find(':') == std::string_view::npos;  // Most are: as they are.
    const auto read = is_text ? std::nullopt : address_from(address);
    if (!read)
        return key_of_text(address);
    if (is_ipv4(*read))
        return key_of_text(to_text(*read));
    BucketKey key{0, network_tag};
    std::memcpy(&key.high, read->bytes.data(), sizeof key.high);
    return key;
}

RateLimit::RateLimit(const Blueprint& blueprint, Rate rate, std::string_view whose)
    : buckets_(rate, static_cast<std::size_t>(blueprint.features.rate_limit.buckets)),
      whose_(whose) {
    for (const auto& route : blueprint.routes)
        if (std::ranges::find(blueprint.unlimited, route.pattern) != blueprint.unlimited.end())
            unlimited_.push_back(&route);
}

bool RateLimit::applies_to(const Exchange& exchange) const {
    return !exchange.progress.refused &&
           (exchange.route == nullptr ||
            std::ranges::find(unlimited_, exchange.route) == unlimited_.end());
}

Step RateLimit::limit(Exchange& exchange, const BucketKey& key) {
    const auto allowance = buckets_.take(key, exchange.started);
    auto& told = exchange.progress.allowance;
    if (told.limit == 0 || !allowance.granted || allowance.remaining < told.remaining)
        told = allowance;
    if (allowance.granted)
        return Step::proceed;
    refuse(exchange, allowance, whose_);
    return Step::answered;
}

// The innermost one writes for all of them.
void RateLimit::leave(Exchange& exchange) {
    auto& allowance = exchange.progress.allowance;
    if (allowance.limit == 0)
        return;
    Digits limit, remaining, reset;
    value::append_all(
        exchange.header_lines,
        {"RateLimit-Limit: ", text_of(allowance.limit, limit),
         "\r\nRateLimit-Remaining: ", text_of(allowance.remaining, remaining),
         "\r\nRateLimit-Reset: ", text_of(seconds_in(allowance.full_in), reset), "\r\n"});
    allowance.limit = 0;
}

bool RateLimitAddress::has_work(const Blueprint& blueprint) {
    return blueprint.features.rate_limit.address_per_second > 0;
}

RateLimitAddress::RateLimitAddress(const Blueprint& blueprint)
    : RateLimit(blueprint,
                {blueprint.features.rate_limit.address_per_second,
                 blueprint.features.rate_limit.address_burst},
                "address") {}

Step RateLimitAddress::enter(Exchange& exchange) {
    if (!applies_to(exchange))
        return Step::proceed;
    return limit(exchange, bucket_of_address(exchange.request.remote_address));
}

bool RateLimitCaller::has_work(const Blueprint& blueprint) {
    return blueprint.features.rate_limit.caller_per_second > 0;
}

RateLimitCaller::RateLimitCaller(const Blueprint& blueprint)
    : RateLimit(blueprint,
                {blueprint.features.rate_limit.caller_per_second,
                 blueprint.features.rate_limit.caller_burst},
                "caller") {}

Step RateLimitCaller::enter(Exchange& exchange) {
    if (exchange.request.caller == nullptr || !applies_to(exchange))
        return Step::proceed;
    return limit(exchange, std::bit_cast<BucketKey>(exchange.request.caller->id.uuid.bytes));
}

}  // namespace bulkhead::http
