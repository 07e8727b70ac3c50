#pragma once

#include "db/engine.hpp"

#include <list>
#include <unordered_map>

namespace bulkhead::db {

/// The prepared statements of one connection; the one that was used least recently goes first.
class StatementCache {
public:
    explicit StatementCache(std::size_t limit) : limit_(limit) {}

    /// Null if there is none.
    Prepared* find(std::string_view key);
    Prepared& add(std::string key, std::unique_ptr<Prepared> statement);
    void remove(std::string_view key);
    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        std::string key;
        std::unique_ptr<Prepared> statement;
    };

    std::size_t limit_;
    std::list<Entry> entries_;  ///< used most recently first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> index_;
};

}  // namespace bulkhead::db
