#include "module/probation.hpp"

namespace bulkhead::module {

Probation::Probation(const ServerOptions& options, Clock::time_point ready)
    : options_(options), end_(ready + std::chrono::seconds(options.probation_seconds)) {}

std::string Probation::verdict(const Counts& counts) const {
    const bool enough = counts.replies >= options_.probation_replies;
    if (!enough || counts.failures * 100 <= counts.replies * options_.probation_failure_percent)
        return {};
    return std::to_string(counts.failures) + " of its first " + std::to_string(counts.replies) +
           " replies were 500 or 504, and server.probation_failure_percent is " +
           std::to_string(options_.probation_failure_percent);
}

}  // namespace bulkhead::module
