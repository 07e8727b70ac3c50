#include "db/pool_parts.hpp"

namespace bulkhead::db {

Pool::Parts::Parts(Options wanted, const std::filesystem::path& folder)
    : options(std::move(wanted)),
      engine(options.url, folder),
      readers("readers", static_cast<std::size_t>(options.readers),
              [this] { return connect(Role::reader); }),
      writers("the one writer", 1, [this] { return connect(Role::writer); }) {}

std::unique_ptr<Channel> Pool::Parts::connect(Role role) {
    engine.prepare_file(!connected_);
    auto channel = std::make_unique<Channel>(engine, role, options, counters);
    connected_ = true;
    return channel;
}

Pool::Pool(Options options, const std::filesystem::path& folder)
    : parts_(std::make_unique<Parts>(std::move(options), folder)) {}

Pool::~Pool() = default;

bool Pool::alive() {
    try {
        const auto lease = parts_->reader();
        std::vector<std::int64_t> ones;
        lease->select("select 1", {}, type_of<std::vector<std::int64_t>>(), &ones, 1);
        return lease->alive();
    } catch (const Failure&) {
        return false;  // The question was whether this happens.
    }
}

PoolStatistics Pool::statistics() const {
    const auto readers = parts_->readers.statistics();
    const auto writers = parts_->writers.statistics();
    PoolStatistics sum;
    sum.open = parts_->counters.open;
    sum.leased = readers.leased + writers.leased;
    sum.waiting = readers.waiting + writers.waiting;
    sum.leases = readers.leases + writers.leases;
    sum.exhausted = readers.exhausted + writers.exhausted;
    sum.queries = parts_->counters.queries;
    sum.slow_queries = parts_->counters.slow_queries;
    return sum;
}

const std::filesystem::path& Pool::file() const {
    return parts_->engine.file();
}

}  // namespace bulkhead::db
