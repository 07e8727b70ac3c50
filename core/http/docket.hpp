#pragma once

#include "http/application.hpp"
#include "http/exchange.hpp"

#include <boost/intrusive/list.hpp>

namespace bulkhead::http {

/// One admitted exchange, from its admission to the end of its handler.
struct Job {
    std::shared_ptr<Exchange> exchange;
    std::size_t compartment = 0;
    bool expired = false;  ///< its deadline has answered
    boost::intrusive::list_member_hook<> in_line{};
    boost::intrusive::list_member_hook<> by_deadline{};

    std::chrono::steady_clock::time_point deadline() const { return exchange->progress.deadline; }
};

/// The books of an executor: who waits, who runs, what is due when. Allocates only while more is
/// admitted at once than ever before. One thread at a time.
class Docket {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit Docket(std::span<const Compartment> compartments);
    ~Docket();

    /// Null when the compartment runs and keeps waiting as many as it may.
    Job* admit(std::size_t compartment, const std::shared_ptr<Exchange>& exchange);
    /// The next to run: each compartment in its turn, the longest wait first; null for none.
    Job* start();
    bool can_start(std::size_t compartment) const;
    /// Ends a started job and gives its exchange back; `job` is invalid from here on.
    std::shared_ptr<Exchange> finish(Job& job);

    /// Takes out one exchange whose deadline is not after `now`; null for none. If it waited, it
    /// will not run; if it runs, its `timed_out` is set.
    std::shared_ptr<Exchange> take_due(TimePoint now);
    TimePoint next_deadline() const;  ///< TimePoint::max() for none

    std::size_t waiting() const { return waiting_; }
    std::vector<CompartmentStatistics> statistics() const;

private:
    using Line = boost::intrusive::list<
        Job,
        boost::intrusive::member_hook<Job, boost::intrusive::list_member_hook<>, &Job::in_line>>;
    using Schedule = boost::intrusive::list<
        Job, boost::intrusive::member_hook<Job, boost::intrusive::list_member_hook<>,
                                           &Job::by_deadline>>;
    struct Room {
        Compartment limits;
        Line line;
        std::int64_t running = 0;
        std::uint64_t refused = 0;
    };

    Job& unused();
    void schedule(Job& job);
    void unschedule(Job& job);
    std::shared_ptr<Exchange> retire(Job& job);

    std::deque<Room> rooms_;
    std::deque<Job> jobs_;  ///< all that ever were; the lists below and in the rooms hold them
    Line unused_;
    Schedule schedule_;
    std::size_t waiting_ = 0;
    std::size_t turn_ = 0;
};

}  // namespace bulkhead::http
