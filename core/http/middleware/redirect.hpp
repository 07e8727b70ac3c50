#pragma once

#include "http/chain.hpp"

namespace bulkhead::http {

/// Sends whoever asks without TLS to the same address with it: 308 (RFC 9110, 15.4.9), which keeps
/// method and body. On with tls.redirect. Answered all the same are /health, /ready and /metrics,
/// for whoever watches this process from beside it, and what a trusted proxy says came by TLS.
class Redirect final : public Middleware {
public:
    explicit Redirect(const Blueprint& blueprint);
    static bool has_work(const Blueprint& blueprint);
    Step enter(Exchange& exchange) override;

private:
    std::string port_;  ///< ":8443"; empty for the usual one
};

}  // namespace bulkhead::http
