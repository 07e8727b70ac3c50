#include "db/pool_parts.hpp"
#include "value/deadline.hpp"

#include <algorithm>

namespace bulkhead::db {

Pool::Parts::Parts(Options wanted, const std::filesystem::path& folder)
    : options(std::move(wanted)),
      engine(make_engine(options, folder)),
      readers(engine->one_writer() ? "readers" : "connections", engine->connections(), keeping(),
              [this] { return connect(Role::reader); }) {
    if (engine->one_writer())
        writers.emplace("the one writer", 1, keeping(), [this] { return connect(Role::writer); });
}

Keeping Pool::Parts::keeping() const {
    return {static_cast<std::size_t>(options.connections_min),
            std::chrono::seconds(options.idle_seconds),
            std::chrono::seconds(options.lifetime_seconds)};
}

std::unique_ptr<Channel> Pool::Parts::connect(Role role) {
    if (!engine->one_writer())
        back_off.refuse_while_waiting();
    try {
        auto channel =
            std::make_unique<Channel>(engine->connect(role), engine->dialect(), options, counters);
        back_off.succeeded();
        return channel;
    } catch (const Failure& failure) {
        back_off.failed(failure);
        throw;
    }
}

Pool::Pool(Options options, const std::filesystem::path& folder)
    : parts_(std::make_shared<Parts>(std::move(options), folder)),
      share_(std::make_unique<Share>()) {}

Pool::Pool(std::shared_ptr<Parts> parts, Share share)
    : parts_(std::move(parts)), share_(std::make_unique<Share>(std::move(share))) {}

Pool::~Pool() = default;

std::unique_ptr<Pool> Pool::share_of(std::string module, std::size_t connections) const {
    return std::unique_ptr<Pool>(new Pool(parts_, {std::move(module), connections, 0}));
}

std::string wrong_url(const Options& options) {
    try {
        (void)make_engine(options, ".");
        return {};
    } catch (const std::runtime_error& refusal) {
        return refusal.what();
    }
}

// A host that hangs is told apart within the time that reaching it may take.
bool Pool::alive() {
    using Clock = std::chrono::steady_clock;
    const auto patience = std::chrono::milliseconds(parts_->options.connect_timeout_ms);
    const value::DeadlineScope due(std::min(current_deadline(), Clock::now() + patience));
    try {
        const auto lease = parts_->reader(*share_);
        std::vector<std::int64_t> ones;
        lease->select("select 1", {}, type_of<std::vector<std::int64_t>>(), &ones, 1);
        return lease->alive();
    } catch (const Failure&) {
        return false;  // The question was whether this happens.
    }
}

PoolStatistics Pool::statistics() const {
    const auto readers = parts_->readers.statistics();
    const auto writers = parts_->writers ? parts_->writers->statistics() : LaneStatistics{};
    PoolStatistics sum;
    sum.open = parts_->counters.open;
    sum.leased = readers.leased + writers.leased;
    sum.waiting = readers.waiting + writers.waiting;
    sum.leases = readers.leases + writers.leases;
    sum.exhausted = readers.exhausted + writers.exhausted;
    sum.queries = parts_->counters.queries;
    sum.slow_queries = parts_->counters.slow_queries;
    sum.round_trips = parts_->engine->round_trips();
    sum.statements = parts_->counters.statements.statistics();
    const auto& requests = parts_->counters.requests;
    sum.requests.assign(requests.buckets.begin(), requests.buckets.end());
    sum.requests_queries = requests.sum;
    return sum;
}

const std::filesystem::path& Pool::file() const {
    return parts_->engine->file();
}

bool Pool::made() const {
    return parts_->engine->made();
}

std::unique_ptr<value::FastLane> Pool::fast_lane(value::Reactor& reactor,
                                                 value::Receiver& receiver) const {
    return parts_->engine->fast_lane(parts_->counters, parts_->back_off, reactor, receiver);
}

Dialect Pool::dialect() const {
    return parts_->engine->dialect();
}

}  // namespace bulkhead::db
