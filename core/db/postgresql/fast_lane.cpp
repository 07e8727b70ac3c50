#include "db/postgresql/fast_lane.hpp"

#include <algorithm>

namespace bulkhead::db::postgresql {

FastLane::FastLane(Yard yard, std::size_t connections, value::Reactor& reactor,
                   value::Receiver& receiver)
    : yard_(std::move(yard)) {
    for (std::size_t number = 0; number < connections; ++number)
        tracks_.emplace_back(yard_, reactor, receiver);
}

bool FastLane::ask(const value::QueryForm& form, const value::Question& question,
                   value::Ticket ticket) {
    const auto free = std::ranges::find_if(tracks_, [](Track& track) { return track.open(); });
    return free != tracks_.end() && free->ask(form, question, ticket);
}

void FastLane::sweep() {
    for (auto& track : tracks_)
        track.sweep();
}

}  // namespace bulkhead::db::postgresql
