#pragma once
// What a worker and its supervisor say to one another: lines of JSON on a socket of their own. The
// supervisor's first line is its terms; the worker waits for them.

#include "module/description.hpp"
#include "module/probation.hpp"
#include "module/stage.hpp"
#include "module/terms.hpp"

namespace bulkhead::module {

/// One line of either side, and all that waits to be sent: some 10,000 routes.
constexpr std::size_t max_message_bytes = 4UL * 1'024 * 1'024;
/// Of a reason, which a module may have written.
constexpr std::size_t max_reason_bytes = 4'096;

/// Migrations that one start reports.
constexpr std::size_t max_migrated = 10'000;

/// A reason as a message carries it: one line of UTF-8, not too long. What is none of it becomes
/// '?'.
std::string clipped(std::string_view reason);

/// From the worker. One member is set. When it drains and accepts no more, it closes its end.
struct Report {
    std::optional<Stage> entered;
    std::optional<std::string>
        migrated;                        ///< "orders/2026-11-20-09-30-create-orders": stays applied
    std::optional<Description> serving;  ///< ready: from now on it accepts connections
    std::optional<std::string> refusal;  ///< it will not become ready
    std::optional<Counts> counts;        ///< since it is ready; sent while on probation

    static auto fields() {
        return shape(field("entered", &Report::entered), field("migrated", &Report::migrated),
                     field("serving", &Report::serving), field("refusal", &Report::refusal),
                     field("counts", &Report::counts));
    }
};

/// From the supervisor. One member is set.
struct Instruction {
    std::optional<Terms> terms;
    std::optional<std::string> log_level;  ///< applied at once, without a new generation

    static auto fields() {
        return shape(field("terms", &Instruction::terms),
                     field("log_level", &Instruction::log_level));
    }
};

}  // namespace bulkhead::module
