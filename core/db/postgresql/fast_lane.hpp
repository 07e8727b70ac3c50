#pragma once

#include "db/postgresql/track.hpp"

namespace bulkhead::db::postgresql {

/// The tracks of one I/O thread: a question goes to the first that takes it, which keeps them full
/// and their number small.
class FastLane final : public value::FastLane {
public:
    FastLane(Yard yard, std::size_t connections, value::Reactor& reactor,
             value::Receiver& receiver);

    bool ask(const value::QueryForm& form, const value::Question& question,
             value::Ticket ticket) override;
    void sweep() override;

private:
    const Yard yard_;
    std::deque<Track> tracks_;
};

}  // namespace bulkhead::db::postgresql
