#pragma once
// What the deadline of the request on this thread means to the database.

#include <chrono>
#include <string_view>

namespace bulkhead::db {

/// Throws Failure (busy) once nobody waits for what this thread does; `step` is what is not done.
void refuse_overdue(std::string_view step);

/// `limit`, or what is left until the deadline if that is less; at least 1 ms.
std::chrono::milliseconds within_deadline(std::chrono::milliseconds limit);

}  // namespace bulkhead::db
