#pragma once
// The port to whatever keeps the values of a cache: memory here, a server for several processes
// where there is one.

#include <bulkhead/cache.hpp>

#include <chrono>
#include <optional>

namespace bulkhead::cache {

/// A value, or the refusal that says that there is none.
struct Entry {
    AnyCache::Value value;
    std::shared_ptr<const Error> absence;
    std::chrono::steady_clock::time_point expires_at;  ///< by moment()
};

struct Occupancy {
    std::int64_t entries = 0;
    std::int64_t bytes = 0;
    std::uint64_t evictions = 0;  ///< entries that made room before they had expired
};

/// What one cache keeps, by key; bounded. Any thread. `form` is how its values are read, written
/// and made: all values of a store have the same.
class Store {
public:
    virtual ~Store() = default;

    /// Nothing that has expired.
    virtual std::optional<Entry> find(std::string_view key, const AnyCache::Form& form) = 0;
    /// Replaces what is there; what does not fit is not kept.
    virtual void keep(std::string_view key, Entry entry, const AnyCache::Form& form) = 0;
    virtual void forget(std::string_view key) noexcept = 0;
    virtual void forget_all() noexcept = 0;
    virtual Occupancy occupancy() const = 0;
};

}  // namespace bulkhead::cache
