#pragma once
// A worker as its supervisor knows it.

#include "module/candidate.hpp"
#include "module/child.hpp"
#include "module/probation.hpp"

namespace bulkhead::module {

using Clock = std::chrono::steady_clock;

/// Why a generation is started.
enum class Cause : std::uint8_t { start, apply };

struct Worker {
    Child child;
    std::int64_t generation;
    Cause cause;
    Candidate candidate;
    Clock::time_point since = Clock::now();       ///< it was started; later: it became ready
    std::optional<Clock::time_point> deadline{};  ///< it is killed then

    Stage stage{};  ///< where it was last seen
    std::vector<std::string> migrated{};
    std::string refusal{};      ///< why it will not become ready, in its own words
    std::string overdue{};      ///< the same, in the supervisor's
    Description description{};  ///< once it serves
    Counts counts{};
    std::optional<Probation> probation{};
    std::optional<ModuleSet> returns_to{};  ///< if it breaks its probation

    /// The set that would start the same again.
    ModuleSet set() const { return {candidate.wanted.text, pins_of(description.modules)}; }
};

struct FailedStart {
    std::int64_t generation;
    Cause cause;
    Stage stage;
    std::vector<std::string> migrated;
    std::string reason;
    std::optional<Pin> blamed;  ///< whose code ended the worker
};

}  // namespace bulkhead::module
