#pragma once
// Delivers after the commit, at least once.
//
// An attempt is counted, and claimed for the time of a lease, in a short transaction of its own: so
// an event whose delivery ends the process runs out of attempts, and another process takes over
// what a dead one had claimed. The subscriber then runs in the transaction that takes the delivery
// away; two processes that both believe to have the claim meet at that row, and one finds it gone.

#include "db/pool.hpp"
#include "events/options.hpp"
#include "events/outbox.hpp"
#include "events/subscribers.hpp"

#include <bulkhead/log.hpp>

#include <thread>

namespace bulkhead::events {

class Dispatcher {
public:
    /// All three outlive it.
    Dispatcher(const Options& options, db::Pool& pool, Subscribers& subscribers);
    ~Dispatcher();  ///< stops

    void start();
    /// Waits for the deliveries that have begun; no further one begins.
    void stop();

private:
    enum class Run : std::uint8_t { done, claim_lost };

    void work();
    More look(Subscriber& subscriber);
    /// One turn: at most a batch, and not beyond events.poll_ms while somebody waits for a thread.
    More serve(Subscriber& subscriber);
    void enrol(Subscriber& subscriber);
    void deliver(Subscriber& subscriber, Uuid event);
    std::optional<ClaimedDelivery> claim(const Subscriber& subscriber, Uuid event);
    Result<Run> run(const Subscriber& subscriber, const ClaimedDelivery& delivery);
    Result<Run> run_in_transaction(const Subscriber& subscriber, const ClaimedDelivery& delivery);
    void fail(const ClaimedDelivery& delivery, const std::string& reason);
    void bury(db::Session& sql, const ClaimedDelivery& delivery, std::string_view reason);
    void commit(const std::function<void(db::Session&)>& work);

    const Options& options_;
    db::Database database_;
    Subscribers& subscribers_;
    const Log log_{"events"};
    std::atomic<bool> in_trouble_ = false;
    std::vector<std::jthread> threads_;
};

}  // namespace bulkhead::events
