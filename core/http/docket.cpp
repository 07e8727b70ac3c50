#include "http/docket.hpp"

#include <algorithm>

namespace bulkhead::http {

Docket::Docket(std::span<const Compartment> compartments) {
    for (const auto& compartment : compartments)
        rooms_.emplace_back().limits = compartment;
}

Docket::~Docket() {
    for (auto& room : rooms_)
        room.line.clear();
    unused_.clear();
    schedule_.clear();
}

Job* Docket::admit(std::size_t compartment, const std::shared_ptr<Exchange>& exchange) {
    auto& room = rooms_[compartment];
    const auto present = room.running + static_cast<std::int64_t>(room.line.size());
    if (present >= std::int64_t{room.limits.in_flight} + room.limits.queue)
        return ++room.refused, nullptr;
    Job& job = unused();
    job.exchange = exchange;
    job.compartment = compartment;
    job.expired = false;
    room.line.push_back(job);
    ++waiting_;
    schedule(job);
    return &job;
}

Job* Docket::start() {
    for (std::size_t seen = 0; seen < rooms_.size() && waiting_ > 0; ++seen) {
        turn_ = (turn_ + 1) % rooms_.size();
        auto& room = rooms_[turn_];
        if (!can_start(turn_))
            continue;
        Job& job = room.line.front();
        room.line.pop_front();
        --waiting_;
        ++room.running;
        return &job;
    }
    return nullptr;
}

bool Docket::can_start(std::size_t compartment) const {
    const auto& room = rooms_[compartment];
    return !room.line.empty() && room.running < room.limits.in_flight;
}

std::shared_ptr<Exchange> Docket::finish(Job& job) {
    --rooms_[job.compartment].running;
    unschedule(job);
    return retire(job);
}

std::shared_ptr<Exchange> Docket::take_due(TimePoint now) {
    if (next_deadline() > now || schedule_.empty())
        return nullptr;
    Job& job = schedule_.front();
    unschedule(job);
    if (!job.in_line.is_linked()) {
        job.expired = true;
        job.exchange->timed_out = true;
        return job.exchange;
    }
    auto& line = rooms_[job.compartment].line;
    line.erase(line.iterator_to(job));
    --waiting_;
    return retire(job);
}

Docket::TimePoint Docket::next_deadline() const {
    return schedule_.empty() ? TimePoint::max() : schedule_.front().deadline();
}

std::vector<CompartmentStatistics> Docket::statistics() const {
    std::vector<CompartmentStatistics> all;
    for (const auto& room : rooms_)
        all.push_back({room.limits.module, room.running,
                       static_cast<std::int64_t>(room.line.size()), room.refused});
    return all;
}

Job& Docket::unused() {
    if (unused_.empty())
        return jobs_.emplace_back();
    Job& job = unused_.front();
    unused_.pop_front();
    return job;
}

// From the back: with one length for all deadlines, each newcomer is the last to be due.
void Docket::schedule(Job& job) {
    if (job.deadline() == TimePoint::max())
        return;
    auto place = schedule_.end();
    while (place != schedule_.begin() && std::prev(place)->deadline() > job.deadline())
        --place;
    schedule_.insert(place, job);
}

void Docket::unschedule(Job& job) {
    if (job.by_deadline.is_linked())
        schedule_.erase(schedule_.iterator_to(job));
}

std::shared_ptr<Exchange> Docket::retire(Job& job) {
    unused_.push_front(job);
    return std::move(job.exchange);
}

}  // namespace bulkhead::http
