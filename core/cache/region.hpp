#pragma once

#include "cache/store.hpp"
#include "db/pool.hpp"

#include <atomic>

namespace bulkhead::cache {

/// One cache, as the metrics show it.
struct Statistics {
    std::string name;            ///< "module.name"
    std::uint64_t hits = 0;      ///< reads that were answered from memory
    std::uint64_t misses = 0;    ///< reads that loaded
    std::uint64_t waited = 0;    ///< reads that waited for another's load
    std::uint64_t bypassed = 0;  ///< reads that loaded for themselves alone
    std::uint64_t invalidations = 0;
    std::int64_t waiting = 0;  ///< now
    Occupancy occupancy{};
};

/// One module's cache: at most one load of a key at a time, and nothing kept that was read before
/// an invalidation. AnyCache says what is promised. Any thread.
class Region {
public:
    struct Limits {
        std::chrono::seconds life;
        std::chrono::seconds life_of_absence;
        std::chrono::milliseconds longest_wait;
    };

    /// Without a `store` nothing is kept. `pool` outlives the region.
    Region(std::string name, AnyCache::Form form, const Limits& limits, db::Pool& pool,
           std::unique_ptr<Store> store);
    ~Region();

    Result<AnyCache::Value> get(std::string_view key, AnyCache::Load load);
    void forget(std::string_view key) noexcept;
    void forget_all() noexcept;
    void forget_after_commit(std::string_view key);
    Statistics statistics() const;

private:
    struct Flight;
    struct Shard;
    class Leading;
    class Waiting;
    using Moment = std::chrono::steady_clock::time_point;

    Result<AnyCache::Value> load_once(std::string_view key, AnyCache::Load load);
    std::optional<Entry> board(std::string_view key, std::shared_ptr<Flight>& flight, bool& leads);
    Result<AnyCache::Value> lead(std::string_view key, Flight& flight, AnyCache::Load load);
    void land(std::string_view key, Flight& flight, std::optional<Entry> entry,
              const Result<AnyCache::Value>& outcome);
    void crash(std::string_view key, Flight& flight) noexcept;
    std::optional<Result<AnyCache::Value>> wait(std::string_view key, Flight& flight,
                                                Moment give_up);
    std::optional<Entry> entry_of(const Result<AnyCache::Value>& outcome, Moment began) const;
    Result<AnyCache::Value> bypass(AnyCache::Load load);
    Shard& shard_of(std::string_view key) const;

    const std::string name_;
    const AnyCache::Form form_;
    const Limits limits_;
    db::Pool& pool_;
    const std::unique_ptr<Store> store_;
    const std::unique_ptr<Shard[]> shards_;
    std::atomic<std::uint64_t> hits_ = 0;
    std::atomic<std::uint64_t> misses_ = 0;
    std::atomic<std::uint64_t> waited_ = 0;
    std::atomic<std::uint64_t> bypassed_ = 0;
    std::atomic<std::uint64_t> invalidations_ = 0;
    std::atomic<std::int64_t> waiting_ = 0;
};

}  // namespace bulkhead::cache
