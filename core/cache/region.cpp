#include "cache/region.hpp"

#include "cache/moment.hpp"
#include "db/scope.hpp"

#include <bulkhead/deadline.hpp>

#include <condition_variable>
#include <mutex>
#include <unordered_map>

namespace bulkhead::cache {

namespace {

using Value = AnyCache::Value;

constexpr std::size_t shard_count = 16;

struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
        return std::hash<std::string_view>{}(key);
    }
};

Result<Value> answer_of(Entry entry) {
    if (entry.absence)
        return *entry.absence;
    return std::move(entry.value);
}

bool in_transaction() {
    return db::Session::Connection::of_this_thread().transaction != nullptr;
}

Error busy() {
    return Error::unavailable("cache.busy", "This takes too long at the moment: try again.")
        .with_detail("another request loads the same value and is not done (cache.wait_ms)");
}

}  // namespace

/// A load that goes on; guarded by its shard's mutex.
struct Region::Flight {
    std::condition_variable landed;
    bool done = false;
    bool forgotten = false;  ///< an invalidation came after it had begun
    std::optional<Result<Value>> outcome;
    std::exception_ptr failure;
};

struct Region::Shard {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<Flight>, Hash, std::equal_to<>> flights;

    // Whoever forgot it has taken it out, and there may be another one by now.
    void end(std::string_view key, Flight& flight) noexcept {
        if (!flight.forgotten)
            flights.erase(flights.find(key));
        flight.done = true;
        flight.landed.notify_all();
    }
};

/// While it lives this thread loads that key.
class Region::Leading {
public:
    Leading(const Region& region, std::string_view key)
        : region_(region), key_(key), outer_(innermost) {
        innermost = this;
    }
    ~Leading() { innermost = outer_; }
    Leading(const Leading&) = delete;
    Leading& operator=(const Leading&) = delete;

    static bool any() { return innermost != nullptr; }
    static void refuse(const Region& region, std::string_view key) {
        for (const auto* each = innermost; each != nullptr; each = each->outer_)
            if (&each->region_ == &region && each->key_ == key)
                throw db::Failure(db::FailureKind::usage,
                                  "the cache '" + region.name_ +
                                      "' was asked for a key within the load of the same key: "
                                      "load it from where it comes from");
    }

private:
    static thread_local const Leading* innermost;

    const Region& region_;
    std::string_view key_;
    const Leading* outer_;
};

thread_local const Region::Leading* Region::Leading::innermost = nullptr;

/// One more who waits, and without a connection: the load may need the last one.
class Region::Waiting {
public:
    explicit Waiting(Region& region) : region_(region) {
        db::Session::Connection::of_this_thread().give_back_reader();
        ++region_.waiting_;
    }
    ~Waiting() { --region_.waiting_; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

private:
    Region& region_;
};

Region::Region(std::string name, AnyCache::Form form, const Limits& limits, db::Pool& pool,
               std::unique_ptr<Store> store)
    : name_(std::move(name)),
      form_(form),
      limits_(limits),
      pool_(pool),
      store_(std::move(store)),
      shards_(std::make_unique<Shard[]>(shard_count)) {}

Region::~Region() = default;

Region::Shard& Region::shard_of(std::string_view key) const {
    return shards_[Hash{}(key) % shard_count];
}

Result<Value> Region::get(std::string_view key, AnyCache::Load load) {
    Leading::refuse(*this, key);
    // What a transaction has changed is for nobody else yet, and it holds what a load may wait for.
    if (store_ == nullptr || in_transaction())
        return bypass(load);
    if (auto kept = store_->find(key, form_)) {
        hits_.fetch_add(1, std::memory_order_relaxed);
        return answer_of(*std::move(kept));
    }
    return load_once(key, load);
}

Result<Value> Region::bypass(AnyCache::Load load) {
    ++bypassed_;
    return load.call(load.object);
}

Result<Value> Region::load_once(std::string_view key, AnyCache::Load load) {
    const auto give_up =
        std::min(current_deadline(), std::chrono::steady_clock::now() + limits_.longest_wait);
    for (;;) {
        std::shared_ptr<Flight> flight;
        bool leads = false;
        if (auto kept = board(key, flight, leads)) {
            ++hits_;
            return answer_of(*std::move(kept));
        }
        if (leads)
            return lead(key, *flight, load);
        if (Leading::any())  // Two loads that need each other's key would wait for ever.
            return bypass(load);
        if (auto outcome = wait(key, *flight, give_up))
            return *std::move(outcome);
    }
}

// Looks again, for a load that has landed since; else joins the one that goes on, or begins one.
std::optional<Entry> Region::board(std::string_view key, std::shared_ptr<Flight>& flight,
                                   bool& leads) {
    auto& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    if (const auto found = shard.flights.find(key); found != shard.flights.end()) {
        flight = found->second;
        return std::nullopt;
    }
    if (auto kept = store_->find(key, form_))
        return kept;
    flight = std::make_shared<Flight>();
    shard.flights.emplace(key, flight);
    leads = true;
    return std::nullopt;
}

Result<Value> Region::lead(std::string_view key, Flight& flight, AnyCache::Load load) {
    const Leading leading(*this, key);
    const auto began = moment();
    ++misses_;
    try {
        auto outcome = load.call(load.object);
        land(key, flight, entry_of(outcome, began), outcome);
        return outcome;
    } catch (...) {
        crash(key, flight);
        throw;
    }
}

std::optional<Entry> Region::entry_of(const Result<Value>& outcome, Moment began) const {
    if (outcome)
        return Entry{*outcome, nullptr, began + limits_.life};
    if (outcome.error().kind != ErrorKind::not_found || limits_.life_of_absence.count() == 0)
        return std::nullopt;
    return Entry{nullptr, std::make_shared<const Error>(outcome.error()),
                 began + limits_.life_of_absence};
}

void Region::land(std::string_view key, Flight& flight, std::optional<Entry> entry,
                  const Result<Value>& outcome) {
    auto& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    if (entry && !flight.forgotten)
        store_->keep(key, *std::move(entry), form_);
    // Who ran out of time and says so says nothing to those who have some left.
    if (outcome || !nobody_waits())
        flight.outcome = outcome;
    shard.end(key, flight);
}

void Region::crash(std::string_view key, Flight& flight) noexcept {
    auto& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    if (!nobody_waits())
        flight.failure = std::current_exception();
    shard.end(key, flight);
}

// Nothing: whoever loaded it ran out of time.
std::optional<Result<Value>> Region::wait(std::string_view key, Flight& flight, Moment give_up) {
    const Waiting waiting(*this);
    auto& shard = shard_of(key);
    std::unique_lock lock(shard.mutex);
    const bool done = flight.landed.wait_until(lock, give_up, [&] { return flight.done; });
    if (done && !flight.outcome && !flight.failure)
        return std::nullopt;
    ++waited_;
    if (!done)
        return busy();
    if (flight.failure)
        std::rethrow_exception(flight.failure);
    return flight.outcome;
}

void Region::forget(std::string_view key) noexcept {
    ++invalidations_;
    if (store_ == nullptr)
        return;
    auto& shard = shard_of(key);
    const std::scoped_lock lock(shard.mutex);
    if (const auto found = shard.flights.find(key); found != shard.flights.end()) {
        found->second->forgotten = true;
        shard.flights.erase(found);
    }
    store_->forget(key);
}

void Region::forget_all() noexcept {
    ++invalidations_;
    if (store_ == nullptr)
        return;
    for (std::size_t index = 0; index < shard_count; ++index) {
        const std::scoped_lock lock(shards_[index].mutex);
        for (const auto& [key, flight] : shards_[index].flights)
            flight->forgotten = true;
        shards_[index].flights.clear();
    }
    store_->forget_all();
}

void Region::forget_after_commit(std::string_view key) {
    db::after_commit(pool_, [this, key = std::string(key)] { forget(key); });
}

Statistics Region::statistics() const {
    return {
        name_,     hits_,          misses_,  waited_,
        bypassed_, invalidations_, waiting_, store_ == nullptr ? Occupancy{} : store_->occupancy()};
}

}  // namespace bulkhead::cache
