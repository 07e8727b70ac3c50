#include "http/server.hpp"
#include "log/log.hpp"
#include "module/announce.hpp"
#include "module/generation.hpp"
#include "module/readiness.hpp"
#include "module/signals.hpp"
#include "module/supervisor.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace bulkhead::module {
namespace {

LogLevel level_of(const log::Options& options) {
    constexpr auto levels = log::names(LogLevel{});
    const auto found = std::ranges::find(levels, options.level);
    return found == levels.end() ? LogLevel::info : static_cast<LogLevel>(found - levels.begin());
}

// Prometheus text format 0.0.4.
std::string metrics_of(const http::ServerStatistics& server) {
    return "# HELP bulkhead_connections Connections open now.\n"
           "# TYPE bulkhead_connections gauge\n"
           "bulkhead_connections " +
           std::to_string(server.connections) +
           "\n# HELP bulkhead_connections_accepted_total Connections accepted since start.\n"
           "# TYPE bulkhead_connections_accepted_total counter\n"
           "bulkhead_connections_accepted_total " +
           std::to_string(server.accepted) +
           "\n# HELP bulkhead_connections_refused_total Connections closed at once because "
           "http.connections was reached.\n"
           "# TYPE bulkhead_connections_refused_total counter\n"
           "bulkhead_connections_refused_total " +
           std::to_string(server.refused) + "\n";
}

// A supervisor answers SIGHUP itself, and its terminal sends one to every process of the group.
void wait_for_the_end(const HeldSignals& signals, bool supervised) {
    while (signals.wait() == SIGHUP && supervised) {
    }
}

bool drain(const Log& log, http::Server& server, Generation& generation,
           std::span<const int> listening) {
    const auto limit = std::chrono::seconds(generation.configuration().server.drain_seconds);
    log.info("draining", {{"connections", server.statistics().connections}});
    log::flush();
    generation.announce_end();
    for (const int descriptor : listening)
        ::close(descriptor);  // The server accepts from copies of its own, which it closes now.
    if (server.drain(limit))
        return true;
    log.warning("connections are closed that were not done within server.drain_seconds",
                {{"connections", server.statistics().connections}});
    log::flush();
    return false;
}

int serve(Generation& generation, std::span<const int> listening, Readiness& readiness,
          const HeldSignals& signals) {
    const Log log("worker");
    const auto& options = generation.configuration();
    const auto server = std::make_shared<http::Server>(options.http, generation.application(),
                                                       listening, options.server.io_threads);
    generation.observe([watched = std::weak_ptr(server)] {
        const auto alive = watched.lock();
        return alive ? metrics_of(alive->statistics()) : std::string();
    });
    if (!readiness.ready())
        return 1;
    if (!readiness.supervised())
        log.info("generation ready", {{"generation", 1}, {"pid", ::getpid()}});
    log::flush();
    wait_for_the_end(signals, readiness.supervised());
    // A handler that will not end cannot be unloaded from. A supervisor would kill this process.
    if (!drain(log, *server, generation, listening) && !readiness.supervised())
        ::_exit(1);
    return 0;
}

}  // namespace

int run_worker(Configuration configuration, std::span<const int> listening, int ready_descriptor) {
    const HeldSignals signals{SIGTERM, SIGINT, SIGHUP};
    ::signal(SIGPIPE, SIG_IGN);
    Readiness readiness(ready_descriptor);
    readiness.follow_supervisor();
    log::start(level_of(configuration.log));
    if (!readiness.supervised())
        log_listening(Log("worker"), listening);

    int status = 0;
    try {
        auto generation = Generation::create(std::move(configuration), {});
        status = generation ? serve(**generation, listening, readiness, signals)
                            : readiness.refuse(generation.error().message);
    } catch (
        const std::exception& broken) {  // The border of the process: the supervisor must know.
        status = readiness.refuse(broken.what());
    }
    log::flush();
    return status;
}

}  // namespace bulkhead::module
