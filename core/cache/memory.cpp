#include "cache/memory.hpp"

#include "cache/moment.hpp"

#include <bulkhead/json.hpp>

namespace bulkhead::cache {

namespace {

constexpr std::size_t most_shards = 16;
constexpr std::size_t least_entries_per_shard = 256;

std::size_t shards_for(std::size_t entries) {
    return entries >= most_shards * least_entries_per_shard ? most_shards : 1;
}

std::size_t bytes_of(const Entry& entry, const Type& type) {
    if (entry.absence)
        return entry.absence->code.size() + entry.absence->message.size();
    std::string text;
    json::write(text, type, entry.value.get());
    return text.size();
}

}  // namespace

Memory::Memory(std::size_t entries, std::size_t bytes)
    : shards_(shards_for(entries)),
      entries_per_shard_(entries / shards_.size()),
      bytes_per_shard_(bytes / shards_.size()) {}

Memory::Shard& Memory::shard_of(std::string_view key) {
    return shards_[std::hash<std::string_view>{}(key) % shards_.size()];
}

void Memory::Shard::take_out(Nodes::iterator node, Nodes& into) {
    bytes -= node->bytes;
    places.erase(node->key);
    into.splice(into.end(), by_use, node);
}

// In all of these, what goes is declared before the lock: its end may take long, or be a module's.
std::optional<Entry> Memory::find(std::string_view key, const AnyCache::Form&) {
    auto& shard = shard_of(key);
    Nodes gone;
    const std::scoped_lock lock(shard.mutex);
    const auto place = shard.places.find(key);
    if (place == shard.places.end())
        return std::nullopt;
    const auto node = place->second;
    if (node->entry.expires_at <= moment()) {
        shard.take_out(node, gone);
        return std::nullopt;
    }
    shard.by_use.splice(shard.by_use.begin(), shard.by_use, node);
    return node->entry;
}

void Memory::keep(std::string_view key, Entry entry, const AnyCache::Form& form) {
    const auto bytes = key.size() + bytes_of(entry, *form.type);
    auto& shard = shard_of(key);
    Nodes fresh;
    Nodes gone;
    fresh.push_back({std::string(key), std::move(entry), bytes});
    const std::scoped_lock lock(shard.mutex);
    if (const auto old = shard.places.find(key); old != shard.places.end())
        shard.take_out(old->second, gone);
    if (bytes > bytes_per_shard_)
        return;
    while (shard.places.size() >= entries_per_shard_ || shard.bytes + bytes > bytes_per_shard_) {
        const auto last = std::prev(shard.by_use.end());
        shard.evictions += last->entry.expires_at > moment() ? 1 : 0;
        shard.take_out(last, gone);
    }
    shard.places.emplace(fresh.front().key, fresh.begin());
    shard.by_use.splice(shard.by_use.begin(), fresh);
    shard.bytes += bytes;
}

void Memory::forget(std::string_view key) noexcept {
    auto& shard = shard_of(key);
    Nodes gone;
    const std::scoped_lock lock(shard.mutex);
    if (const auto place = shard.places.find(key); place != shard.places.end())
        shard.take_out(place->second, gone);
}

void Memory::forget_all() noexcept {
    for (auto& shard : shards_) {
        Nodes gone;
        const std::scoped_lock lock(shard.mutex);
        shard.places.clear();
        shard.bytes = 0;
        gone.swap(shard.by_use);
    }
}

Occupancy Memory::occupancy() const {
    Occupancy sum;
    for (const auto& shard : shards_) {
        const std::scoped_lock lock(shard.mutex);
        sum.entries += static_cast<std::int64_t>(shard.places.size());
        sum.bytes += static_cast<std::int64_t>(shard.bytes);
        sum.evictions += shard.evictions;
    }
    return sum;
}

}  // namespace bulkhead::cache
