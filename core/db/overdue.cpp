#include "db/overdue.hpp"

#include "db/sql_text.hpp"

#include <bulkhead/deadline.hpp>
#include <bulkhead/session.hpp>

#include <algorithm>

namespace bulkhead::db {

void refuse_overdue(std::string_view step) {
    if (nobody_waits())
        throw Failure(FailureKind::busy,
                      "the request was answered by its deadline (http.request_seconds), so this is "
                      "not done any more: " +
                          shortened(step));
}

std::chrono::milliseconds within_deadline(std::chrono::milliseconds limit) {
    using Clock = std::chrono::steady_clock;
    if (current_deadline() == Clock::time_point::max())
        return limit;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(current_deadline() - Clock::now());
    return std::clamp(left, std::chrono::milliseconds(1), limit);
}

}  // namespace bulkhead::db
