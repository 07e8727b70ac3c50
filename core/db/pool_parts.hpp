#pragma once

#include "db/back_off.hpp"
#include "db/lane.hpp"
#include "db/overdue.hpp"
#include "db/pool.hpp"

namespace bulkhead::db {

/// What all shares of a pool have in common.
struct Pool::Parts {
    Parts(Options wanted, const std::filesystem::path& folder);

    Lease reader(Share& share) { return readers.acquire(share, acquire_timeout()); }
    Lease writer(Share& share) {
        return (writers ? *writers : readers).acquire(share, acquire_timeout());
    }
    std::chrono::milliseconds acquire_timeout() const {
        return within_deadline(std::chrono::milliseconds(options.acquire_timeout_ms));
    }

    const Options options;
    const std::unique_ptr<Engine> engine;
    Counters counters;
    BackOff back_off;
    Lane readers;                 ///< all connections, where they are alike
    std::optional<Lane> writers;  ///< one

private:
    Keeping keeping() const;
    std::unique_ptr<Channel> connect(Role role);
};

}  // namespace bulkhead::db
