#pragma once

#include "http/chain.hpp"

namespace bulkhead::http {

/// Gives each request http.request_seconds for its handler, waiting time included; then it is
/// answered 504 while the handler goes on. A nonblocking handler has no deadline.
class Deadline final : public Middleware {
public:
    explicit Deadline(const Blueprint& blueprint);
    Step enter(Exchange& exchange) override;

private:
    std::chrono::seconds limit_;
};

}  // namespace bulkhead::http
