#pragma once
// TestDatabase with the pool behind it, for tests that look into the core.

#include "db/pool.hpp"

#include <bulkhead/test/test_database.hpp>

#include <thread>

namespace bulkhead::test {

/// Threads that are joined at the end.
class Threads {
public:
    void start(std::function<void()> work) { threads_.emplace_back(std::move(work)); }
    void join() { threads_.clear(); }

private:
    std::vector<std::jthread> threads_;
};

}  // namespace bulkhead::test
