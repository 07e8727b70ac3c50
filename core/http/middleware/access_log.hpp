#pragma once

#include "http/chain.hpp"

namespace bulkhead::http {

/// One line for each reply, by "access", at level info; on with log.access.
class AccessLog final : public Middleware {
public:
    explicit AccessLog(const Blueprint& blueprint);
    void leave(Exchange& exchange) override;

private:
    bool on_;
    std::string start_;  ///< of each line
};

}  // namespace bulkhead::http
