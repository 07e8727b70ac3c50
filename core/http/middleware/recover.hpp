#pragma once

#include "http/chain.hpp"

#include <bulkhead/log.hpp>

namespace bulkhead::http {

/// The one place where an exception ends. A Fault answers with its kind, code and public message;
/// whatever else was thrown is 500 "http.internal". What it says goes to the log only.
class Recover final : public Middleware {
public:
    explicit Recover(const Blueprint&) {}
    bool recover(const Exchange& exchange, Reply& reply) override;
};

}  // namespace bulkhead::http
