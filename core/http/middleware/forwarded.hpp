#pragma once

#include "http/chain.hpp"
#include "http/ip_address.hpp"

namespace bulkhead::http {

/// Says who the client is where a proxy stands before the server: a request from a trusted peer has
/// the address, the scheme and the host that its X-Forwarded-* or Forwarded header names. The chain
/// is followed from the server outward, as long as who is named is trusted too; the first that is
/// not is the client. What anybody else writes into these headers is not read.
class Forwarded final : public Middleware {
public:
    static bool has_work(const Blueprint& blueprint);

    explicit Forwarded(const Blueprint& blueprint);
    Step enter(Exchange& exchange) override;

private:
    bool trusts(std::string_view peer) const;
    bool trusts(const IpAddress& address) const;
    void follow(Exchange& exchange, auto hops) const;

    std::vector<Network> networks_;
    bool trusts_unix_ = false;
    bool standard_;  ///< RFC 7239
};

}  // namespace bulkhead::http
