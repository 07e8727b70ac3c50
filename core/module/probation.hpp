#pragma once
// Whether a generation that has just become ready may stay.

#include "module/configuration.hpp"

namespace bulkhead::module {

/// What a generation has answered since it became ready.
struct Counts {
    std::int64_t replies = 0;
    std::int64_t failures = 0;  ///< of these: 500 and 504; a 503 says overload, not a bad build

    static auto fields() {
        return shape(field("replies", &Counts::replies), field("failures", &Counts::failures));
    }
};

/// Judges the first server.probation_seconds of a generation.
class Probation {
public:
    using Clock = std::chrono::steady_clock;

    Probation(const ServerOptions& options, Clock::time_point ready);

    Clock::time_point end() const { return end_; }
    /// Why the generation must go: its failures exceed server.probation_failure_percent, out of at
    /// least server.probation_replies. Empty while it may stay.
    std::string verdict(const Counts& counts) const;

private:
    ServerOptions options_;
    Clock::time_point end_;
};

}  // namespace bulkhead::module
