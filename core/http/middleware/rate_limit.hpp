#pragma once

#include "http/chain.hpp"
#include "http/middleware/rate_limit_buckets.hpp"

namespace bulkhead::http {

/// Answers 429 "http.rate_limited" with Retry-After to whoever asks too often, and tells everybody
/// how much is left: RateLimit-Limit, -Remaining and -Reset (seconds until all of it is back) of
/// draft-ietf-httpapi-ratelimit-headers-06. Where two limits apply, the tighter one is told. Not
/// counted: Blueprint::unlimited, and what never became a request.
class RateLimit : public Middleware {
public:
    void leave(Exchange& exchange) override;

protected:
    RateLimit(const Blueprint& blueprint, Rate rate, std::string_view whose);
    bool applies_to(const Exchange& exchange) const;
    Step limit(Exchange& exchange, const BucketKey& key);

private:
    Buckets buckets_;
    std::vector<const Route*> unlimited_;
    std::string_view whose_;
};

/// One bucket for each address, of IPv6 for each /64, as one customer gets no less than that; all
/// clients of Unix sockets share one.
class RateLimitAddress final : public RateLimit {
public:
    static bool has_work(const Blueprint& blueprint);

    explicit RateLimitAddress(const Blueprint& blueprint);
    Step enter(Exchange& exchange) override;
};

/// One bucket for each caller; stands behind "authenticate".
class RateLimitCaller final : public RateLimit {
public:
    static bool has_work(const Blueprint& blueprint);

    explicit RateLimitCaller(const Blueprint& blueprint);
    Step enter(Exchange& exchange) override;
};

/// Whose bucket an address takes from: itself, or its first 64 bits.
BucketKey bucket_of_address(std::string_view address);

}  // namespace bulkhead::http
