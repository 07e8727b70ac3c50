#include "http/executor.hpp"

#include "http/docket.hpp"
#include "value/alternate_stack.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace bulkhead::http {

struct Executor::Parts {
    Parts(std::size_t workers, std::span<const Compartment> compartments, Workload& work_for);
    ~Parts();

    bool submit(std::size_t compartment, const std::shared_ptr<Exchange>& exchange);
    Clock::time_point expire(Clock::time_point now);

    /// Whether somebody waits for a request that has waited itself: else it is not run.
    enum class Verdict : std::uint8_t { wanted, late, abandoned };

    Job* take();
    static bool is_late(const Job& job);
    static Verdict judge(const Job& job);
    void perform(Job& job, Answer& made);
    void answer(Verdict verdict, Exchange& exchange, Answer& made) const;
    void work();
    void watch();

    Workload& workload;
    mutable std::mutex mutex;  ///< guards all below
    Docket docket;
    std::condition_variable available;  ///< workers: something can start
    std::condition_variable alarm;      ///< the deadline's thread: something is due sooner
    Clock::time_point alarm_at = Clock::time_point::max();
    std::size_t idle = 0;
    bool closing = false;  ///< workers end once nothing waits
    bool closed = false;   ///< so does the deadline's thread
    std::vector<std::thread> workers;
    std::thread watcher;
};

Executor::Parts::Parts(std::size_t count, std::span<const Compartment> compartments,
                       Workload& work_for)
    : workload(work_for), docket(compartments) {
    for (std::size_t started = 0; started < count; ++started)
        workers.emplace_back([this] { work(); });
    watcher = std::thread([this] { watch(); });
}

Executor::Parts::~Parts() {
    {
        const std::scoped_lock lock(mutex);
        closing = true;
    }
    available.notify_all();
    for (auto& worker : workers)
        worker.join();
    {
        const std::scoped_lock lock(mutex);
        closed = true;
    }
    alarm.notify_all();
    watcher.join();
}

bool Executor::Parts::submit(std::size_t compartment, const std::shared_ptr<Exchange>& exchange) {
    std::unique_lock lock(mutex);
    const Job* job = docket.admit(compartment, exchange);
    if (job == nullptr)
        return false;
    const bool sooner = job->deadline() < alarm_at;
    if (sooner)
        alarm_at = job->deadline();
    const bool hand_over = idle > 0 && docket.can_start(compartment);
    lock.unlock();
    if (sooner)
        alarm.notify_one();
    if (hand_over)
        available.notify_one();
    return true;
}

Executor::Clock::time_point Executor::Parts::expire(Clock::time_point now) {
    while (true) {
        std::unique_lock lock(mutex);
        const auto due = docket.take_due(now);
        if (!due)
            return docket.next_deadline();
        if (closing)
            available.notify_all();
        lock.unlock();
        workload.expire(*due);
    }
}

Job* Executor::Parts::take() {
    std::unique_lock lock(mutex);
    while (true) {
        if (Job* job = docket.start())
            return job;
        if (closing && docket.waiting() == 0)
            return nullptr;
        ++idle;
        available.wait(lock);
        --idle;
    }
}

void Executor::Parts::perform(Job& job, Answer& made) {
    auto verdict = judge(job);
    if (verdict == Verdict::wanted) {
        workload.run(*job.exchange, made);
        if (is_late(job))  // It may have seen so before the deadline's thread did, and given up.
            verdict = Verdict::late;
    }
    std::unique_lock lock(mutex);
    const bool answered = job.expired;
    const auto exchange = docket.finish(job);
    if (closing)
        available.notify_all();
    lock.unlock();
    if (!answered)
        answer(verdict, *exchange, made);
}

bool Executor::Parts::is_late(const Job& job) {
    return job.deadline() <= Clock::now();
}

Executor::Parts::Verdict Executor::Parts::judge(const Job& job) {
    if (std::atomic_ref(job.exchange->abandoned).load(std::memory_order_relaxed))
        return Verdict::abandoned;
    return is_late(job) ? Verdict::late : Verdict::wanted;
}

void Executor::Parts::answer(Verdict verdict, Exchange& exchange, Answer& made) const {
    if (verdict == Verdict::abandoned)
        return workload.abandon(exchange);
    if (verdict == Verdict::late)
        return workload.expire(exchange);
    std::swap(exchange.reply, made.reply);
    exchange.file = std::move(made.file);
    exchange.progress.queries = made.queries;
    workload.deliver(exchange);
}

void Executor::Parts::work() {
    const value::AlternateStack for_crashes;
    Answer answer;  // Its reply is swapped with each exchange's, so that their memory goes round.
    while (Job* job = take()) {
        perform(*job, answer);
        clear(answer.reply);
        answer.file = {};
        answer.queries = 0;
    }
}

// The alarm is put off only once it has rung: else it would be set anew, and this thread woken, by
// each request that comes while no other is there.
void Executor::Parts::watch() {
    while (true) {
        const auto now = Clock::now();
        expire(now);
        std::unique_lock lock(mutex);
        if (closed)
            return;
        if (alarm_at <= now)
            alarm_at = docket.next_deadline();
        if (alarm_at == Clock::time_point::max())
            alarm.wait(lock);
        else
            alarm.wait_until(lock, alarm_at);
    }
}

Executor::Executor(std::size_t workers, std::span<const Compartment> compartments,
                   Workload& workload)
    : parts_(std::make_unique<Parts>(workers, compartments, workload)) {}

Executor::~Executor() = default;

bool Executor::submit(std::size_t compartment, const std::shared_ptr<Exchange>& exchange) {
    return parts_->submit(compartment, exchange);
}

Executor::Clock::time_point Executor::expire(Clock::time_point now) {
    return parts_->expire(now);
}

std::vector<CompartmentStatistics> Executor::statistics() const {
    const std::scoped_lock lock(parts_->mutex);
    return parts_->docket.statistics();
}

}  // namespace bulkhead::http
