#pragma once

#include "cache/store.hpp"

#include <list>
#include <mutex>
#include <unordered_map>

namespace bulkhead::cache {

/// Keeps the values themselves, as they are. When it is full the longest unused go first. Large
/// ones are kept in sixteen shards, each with its lock, its part of the room and its own order.
class Memory final : public Store {
public:
    /// `bytes` of keys and of values as JSON, which says how large they are to each other: in
    /// memory they take about twice that, and some 200 bytes each.
    Memory(std::size_t entries, std::size_t bytes);

    std::optional<Entry> find(std::string_view key, const AnyCache::Form& form) override;
    void keep(std::string_view key, Entry entry, const AnyCache::Form& form) override;
    void forget(std::string_view key) noexcept override;
    void forget_all() noexcept override;
    Occupancy occupancy() const override;

private:
    struct Node {
        std::string key;
        Entry entry;
        std::size_t bytes;
    };
    using Nodes = std::list<Node>;

    struct Shard {
        mutable std::mutex mutex;
        Nodes by_use;  ///< the last used one first
        std::unordered_map<std::string_view, Nodes::iterator> places;
        std::size_t bytes = 0;
        std::uint64_t evictions = 0;

        void take_out(Nodes::iterator node, Nodes& into);
    };

    Shard& shard_of(std::string_view key);

    std::vector<Shard> shards_;
    const std::size_t entries_per_shard_;
    const std::size_t bytes_per_shard_;
};

}  // namespace bulkhead::cache
