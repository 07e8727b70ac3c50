#pragma once

#include "db/lane.hpp"
#include "db/overdue.hpp"
#include "db/pool.hpp"

namespace bulkhead::db {

struct Pool::Parts {
    Parts(Options wanted, const std::filesystem::path& folder);

    Lease reader() { return readers.acquire(acquire_timeout()); }
    Lease writer() { return writers.acquire(acquire_timeout()); }
    std::chrono::milliseconds acquire_timeout() const {
        return within_deadline(std::chrono::milliseconds(options.acquire_timeout_ms));
    }

    const Options options;
    const Engine engine;
    Counters counters;
    Lane readers;
    Lane writers;  ///< one

private:
    std::unique_ptr<Channel> connect(Role role);

    std::atomic<bool> connected_ = false;  ///< ever
};

}  // namespace bulkhead::db
