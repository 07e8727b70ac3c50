#include "db/statement_cache.hpp"

namespace bulkhead::db {

StatementCache::Entry* StatementCache::find(std::string_view key) {
    const auto found = index_.find(key);
    if (found == index_.end())
        return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &*found->second;
}

StatementCache::Entry& StatementCache::add(Entry entry) {
    if (entries_.size() >= limit_)
        remove(entries_.back().key);
    entries_.push_front(std::move(entry));
    index_.emplace(entries_.front().key, entries_.begin());
    return entries_.front();
}

void StatementCache::remove(std::string_view key) {
    const auto found = index_.find(key);
    if (found == index_.end())
        return;
    const auto entry = found->second;
    index_.erase(found);
    entries_.erase(entry);
}

}  // namespace bulkhead::db
