#pragma once
// What a worker and its supervisor say to one another: lines of JSON on a socket of their own. The
// supervisor's first line is its terms; the worker waits for them.

#include "module/description.hpp"
#include "module/probation.hpp"
#include "module/stage.hpp"
#include "module/terms.hpp"

namespace bulkhead::module {

/// From the worker. One member is set.
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
struct Order {
    std::optional<Terms> terms;
    std::optional<std::string> log_level;  ///< applied at once, without a new generation

    static auto fields() {
        return shape(field("terms", &Order::terms), field("log_level", &Order::log_level));
    }
};

}  // namespace bulkhead::module
