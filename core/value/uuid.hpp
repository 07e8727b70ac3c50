#pragma once

#include <bulkhead/clock.hpp>
#include <bulkhead/id.hpp>

#include <random>

namespace bulkhead::value {

/// Makes version 7 values for what happens often and is no secret, such as requests: one system
/// call for all of them. They increase strictly within one maker. One thread at a time; a copy, and
/// so the other side of a fork, makes the same.
class UuidMaker {
public:
    /// Throws std::system_error when the system gives no random bytes.
    UuidMaker();

    Uuid fresh(Timestamp time);

private:
    std::mt19937_64 random_;
    std::uint64_t last_ = 0;  ///< milliseconds and counter, as RFC 9562 lays them out
};

constexpr std::size_t uuid_text_bytes = 36;

/// Writes the text form and returns its end.
char* write_text(char* to, const Uuid& uuid);

}  // namespace bulkhead::value
