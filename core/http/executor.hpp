#pragma once

#include "http/answer.hpp"
#include "http/application.hpp"
#include "http/exchange.hpp"

namespace bulkhead::http {

/// What an executor works for. Nothing of it may throw.
class Workload {
public:
    virtual ~Workload() = default;

    /// The handler, on a worker: reads the exchange and writes `answer`, which becomes the
    /// exchange's own unless its deadline has answered by then.
    virtual void run(const Exchange& exchange, Answer& answer) = 0;
    /// exchange.reply is complete; on the worker that ran it.
    virtual void deliver(Exchange& exchange) = 0;
    /// The deadline has passed and nothing was answered: on the deadline's thread, perhaps while
    /// run() goes on, so only what run() does not read may change.
    virtual void expire(Exchange& exchange) = 0;
    /// Its client went before it was begun, so it was not; on the worker that found that.
    virtual void abandon(Exchange& exchange) = 0;
};

/// One pool of workers for all modules, with a bulkhead around each: so many handlers at once, so
/// many requests waiting, first come, first served; the workers take turns among the modules.
/// For each exchange that was admitted, exactly one of deliver(), expire() and abandon() is called.
/// A handler that outlives its deadline keeps its worker and its place until it returns. Any
/// thread.
class Executor {
public:
    using Clock = std::chrono::steady_clock;

    Executor(std::size_t workers, std::span<const Compartment> compartments, Workload& workload);
    ~Executor();  ///< ends once all that was admitted has run

    /// Admits an exchange with its progress.deadline; false when the compartment is full.
    bool submit(std::size_t compartment, const std::shared_ptr<Exchange>& exchange);

    /// Expires what is due at `now` and returns the next deadline (time_point::max() for none). The
    /// deadline's thread calls it; a test may, with a later `now`.
    Clock::time_point expire(Clock::time_point now);

    std::vector<CompartmentStatistics> statistics() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace bulkhead::http
