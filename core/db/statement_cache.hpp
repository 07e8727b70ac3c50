#pragma once

#include "db/engine.hpp"
#include "db/statement_book.hpp"

#include <list>
#include <unordered_map>

namespace bulkhead::db {

/// The prepared statements of one connection; the one that was used least recently goes first.
class StatementCache {
public:
    explicit StatementCache(std::size_t limit) : limit_(limit) {}

    struct Entry {
        std::string key;
        std::unique_ptr<Prepared> statement;
        StatementBook::Page& page;
    };

    /// Null if there is none.
    Entry* find(std::string_view key);
    Entry& add(Entry entry);
    void remove(std::string_view key);
    std::size_t size() const { return entries_.size(); }

private:
    std::size_t limit_;
    std::list<Entry> entries_;  ///< used most recently first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> index_;
};

}  // namespace bulkhead::db
