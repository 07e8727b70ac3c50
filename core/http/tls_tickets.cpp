#include "http/tls_tickets.hpp"

#include <bulkhead/base64url.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace bulkhead::http {

namespace {

using Secret = std::array<unsigned char, 32>;

constexpr std::int64_t most_steps = 10'000;  // Beyond: a clock that was set, rather than patience.

[[noreturn]] void fail() {
    throw std::runtime_error("the cryptographic library makes no keys for session tickets");
}

Secret derived(const Secret& from, std::string_view purpose) {
    Secret to{};
    unsigned size = 0;
    const auto* const text = reinterpret_cast<const unsigned char*>(purpose.data());
    if (HMAC(EVP_sha256(), from.data(), static_cast<int>(from.size()), text, purpose.size(),
             to.data(), &size) == nullptr)
        fail();
    return to;
}

std::string text_of(const Secret& secret) {
    return to_base64url({reinterpret_cast<const char*>(secret.data()), secret.size()});
}

std::optional<Secret> secret_from(std::string_view text) {
    const auto bytes = from_base64url(text);
    Secret secret{};
    if (!bytes || bytes->size() != secret.size())
        return std::nullopt;
    std::ranges::copy(*bytes, secret.begin());
    return secret;
}

std::int64_t period_of(std::int32_t period_seconds, Timestamp time) {
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch());
    return since.count() / std::max(period_seconds, 1);
}

TicketKeys keys_of(const Secret& secret) {
    TicketKeys keys;
    const auto name = derived(secret, "name");
    std::copy_n(name.begin(), keys.name.size(), keys.name.begin());
    keys.cipher = derived(secret, "cipher");
    keys.mac = derived(secret, "mac");
    return keys;
}

Secret next(const Secret& secret) {
    return derived(secret, "next");
}

}  // namespace

TicketSeed TicketSeed::fresh(std::int32_t period_seconds, Timestamp time) {
    Secret secret{};
    if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1)
        fail();
    return {period_seconds, period_of(period_seconds, time) - 1, text_of(secret)};
}

TicketSeed TicketSeed::at(std::int32_t wanted_period_seconds, Timestamp time) const {
    const auto wanted = period_of(wanted_period_seconds, time) - 1;
    auto known = secret_from(secret);
    if (!known || period_seconds != wanted_period_seconds || period > wanted + 1 ||
        wanted - period > most_steps)
        return fresh(wanted_period_seconds, time);
    auto reached = period;
    for (; reached < wanted; ++reached)
        known = next(*known);
    return {period_seconds, reached, text_of(*known)};
}

TlsTickets::TlsTickets(const TicketSeed& seed, std::int32_t period_seconds)
    : seed_(seed.at(period_seconds, now())) {
    derive();
}

TlsTickets::~TlsTickets() {
    OPENSSL_cleanse(&past_, sizeof past_);
    OPENSSL_cleanse(&present_, sizeof present_);
    OPENSSL_cleanse(seed_.secret.data(), seed_.secret.size());
}

TicketKeys TlsTickets::sealing_keys() {
    const std::lock_guard lock(mutex_);
    follow_clock();
    return present_;
}

TlsTickets::Age TlsTickets::opening_keys(std::span<const unsigned char, 16> name,
                                         TicketKeys& keys) {
    const std::lock_guard lock(mutex_);
    follow_clock();
    if (std::ranges::equal(name, present_.name))
        return keys = present_, Age::present;
    if (std::ranges::equal(name, past_.name))
        return keys = past_, Age::past;
    return Age::unknown;
}

void TlsTickets::follow_clock() {
    const auto time = now();
    if (period_of(seed_.period_seconds, time) - 1 <= seed_.period)
        return;
    seed_ = seed_.at(seed_.period_seconds, time);
    derive();
}

void TlsTickets::derive() {
    const auto secret = *secret_from(seed_.secret);
    past_ = keys_of(secret);
    present_ = keys_of(next(secret));
}

}  // namespace bulkhead::http
