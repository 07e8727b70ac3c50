#pragma once

#include "db/engine.hpp"

#include <atomic>

namespace bulkhead::db::postgresql {

/// A server: connections that are all alike.
class Engine final : public db::Engine {
public:
    /// Throws std::runtime_error with a sentence for a URL that libpq does not take; never says
    /// what the URL has of a password.
    explicit Engine(const Options& options);

    Dialect dialect() const override { return Dialect::postgresql; }
    std::size_t connections() const override {
        return static_cast<std::size_t>(options_.connections_max);
    }
    bool one_writer() const override { return false; }
    std::unique_ptr<db::Wire> connect(Role role) override;
    bool made() const override { return true; }
    std::uint64_t round_trips() const override { return round_trips_; }
    const std::filesystem::path& file() const override { return no_file_; }
    std::unique_ptr<value::FastLane> fast_lane(Counters& counters, BackOff& back_off,
                                               value::Reactor& reactor,
                                               value::Receiver& receiver) override;

private:
    const Options& options_;
    const std::filesystem::path no_file_;
    std::string conninfo_;  ///< as libpq takes it, with this pool's own settings
    std::string place_;     ///< "host:port/database", for messages
    std::atomic<std::uint64_t> round_trips_ = 0;
};

}  // namespace bulkhead::db::postgresql
