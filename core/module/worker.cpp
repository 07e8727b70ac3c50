#include "http/server.hpp"
#include "log/log.hpp"
#include "module/announce.hpp"
#include "module/control.hpp"
#include "module/crash_handler.hpp"
#include "module/description.hpp"
#include "module/descriptor_limit.hpp"
#include "module/generation.hpp"
#include "module/signals.hpp"
#include "module/supervisor.hpp"
#include "module/unused_memory.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace bulkhead::module {
namespace {

constexpr std::chrono::milliseconds between_counts{250};
constexpr std::chrono::milliseconds between_looks{2'000};  // At what memory is unused.

LogLevel level_of(const log::Options& options) {
    constexpr auto levels = log::names(LogLevel{});
    const auto found = std::ranges::find(levels, options.level);
    return found == levels.end() ? LogLevel::info : static_cast<LogLevel>(found - levels.begin());
}

// Prometheus text format 0.0.4.
std::string metric(std::string_view name, std::string_view help, std::string_view type,
                   std::int64_t value) {
    std::string text;
    for (const auto& [word, rest] : {std::pair{"# HELP ", help}, std::pair{"# TYPE ", type}})
        text.append(word).append(name).append(" ").append(rest).append("\n");
    return text.append(name).append(" ").append(std::to_string(value)).append("\n");
}

std::string metrics_of(const http::ServerStatistics& server) {
    return metric("bulkhead_connections", "Connections open now.", "gauge", server.connections) +
           metric("bulkhead_connections_accepted_total", "Connections accepted since start.",
                  "counter", static_cast<std::int64_t>(server.accepted)) +
           metric("bulkhead_connections_refused_total",
                  "Connections closed at once because http.connections was reached.", "counter",
                  static_cast<std::int64_t>(server.refused)) +
           metric("bulkhead_buffered_bytes",
                  "Memory held for clients: what they send, and replies they have not taken.",
                  "gauge", server.buffered_bytes);
}

std::string metrics_of(const http::TlsContext* tls) {
    if (tls == nullptr)
        return {};
    const auto expires = std::chrono::floor<std::chrono::seconds>(tls->certificate().expires);
    return "# HELP bulkhead_tls_certificate_expires_seconds When the certificate ends, in seconds "
           "since 1970.\n"
           "# TYPE bulkhead_tls_certificate_expires_seconds gauge\n"
           "bulkhead_tls_certificate_expires_seconds " +
           std::to_string(expires.time_since_epoch().count()) + "\n";
}

// Of the modules alone: a load balancer that asks for /health would water their failures down.
Counts counts_of(const http::Application& application) {
    Counts counts;
    for (const auto& route : application.route_statistics()) {
        if (route.route == nullptr || route.route->module == "core")
            continue;
        for (const auto count : route.by_status_class)
            counts.replies += static_cast<std::int64_t>(count);
        counts.failures += static_cast<std::int64_t>(route.faults);
    }
    return counts;
}

void obey(const Instruction& instruction) {
    if (!instruction.log_level)
        return;
    log::start(level_of({.level = *instruction.log_level}));
    Log("worker").info("log level changed", {{"level", *instruction.log_level}});
    log::flush();
}

// A supervisor answers SIGHUP itself, and its terminal sends one to every process of the group.
bool told_to_end(const HeldSignals& signals, bool supervised) {
    while (const auto number = signals.next())
        if (*number != SIGHUP || !supervised)
            return true;
    return false;
}

void attend(const HeldSignals& signals, Control& control, const http::Application& application,
            std::chrono::seconds probation) {
    const auto end = std::chrono::steady_clock::now() + probation;
    UnusedMemory unused;
    while (!told_to_end(signals, control.supervised())) {
        while (const auto instruction = control.next_instruction())
            obey(*instruction);
        const bool watched = control.supervised() && std::chrono::steady_clock::now() < end;
        std::array<pollfd, 2> news{
            {{signals.descriptor(), POLLIN, 0}, {control.descriptor(), POLLIN, 0}}};
        ::poll(news.data(), news.size(),
               static_cast<int>((watched ? between_counts : between_looks).count()));
        unused.look();
        if (watched)
            control.count(counts_of(application));
    }
}

bool drain(const Log& log, http::Server& server, Generation& generation, Listeners& listening,
           Control& control) {
    const auto limit = std::chrono::seconds(generation.configuration().server.drain_seconds);
    log.info("draining", {{"connections", server.statistics().connections}});
    log::flush();
    const auto end = std::chrono::steady_clock::now() + limit;
    generation.announce_end();
    listening.close();  // The server accepts from copies of its own, which it closes now.
    const bool drained = server.drain(limit, [&control] { control.close(); });
    if (!drained)
        log.warning("connections are closed that were not done within server.drain_seconds",
                    {{"connections", server.statistics().connections}});
    const bool delivered = generation.deliveries_end_by(end);
    log::flush();
    return drained && delivered;
}

int serve(Generation& generation, Listeners& listening, Control& control,
          const HeldSignals& signals) {
    const Log log("worker");
    const auto& options = generation.configuration();
    control.entered({Step::serve, {}});
    generation.start_deliveries();  // It may fail, so it comes before a connection is accepted.
    const auto server =
        std::make_shared<http::Server>(options.http, generation.application(), listening.sockets(),
                                       options.server.io_threads, generation.tls());
    generation.observe([watched = std::weak_ptr(server), tls = generation.tls()] {
        const auto alive = watched.lock();
        return alive ? metrics_of(alive->statistics()) + metrics_of(tls.get()) : std::string();
    });
    if (!control.serving(describe(generation)))
        return 1;
    if (!control.supervised())
        log.info("generation ready", {{"generation", 1}, {"pid", ::getpid()}});
    log::flush();
    attend(signals, control, generation.application(),
           std::chrono::seconds(options.server.probation_seconds));
    // A handler or a subscriber that will not end cannot be unloaded from. A supervisor would kill
    // this process.
    if (!drain(log, *server, generation, listening, control) && !control.supervised())
        ::_exit(1);
    return 0;
}

Result<std::unique_ptr<Generation>> start(Configuration configuration, Control& control) {
    auto terms = control.terms();
    if (!terms)
        return terms.error();
    Start start;
    start.terms = *std::move(terms);
    start.on_stage = [&control](const Stage& stage) { control.entered(stage); };
    start.on_migrated = [&control](const std::string& name) { control.migrated(name); };
    return Generation::create(std::move(configuration), start);
}

}  // namespace

int run_worker(Configuration configuration, Listeners listening, Control& control) {
    const HeldSignals signals{SIGTERM, SIGINT, SIGHUP};
    ::signal(SIGPIPE, SIG_IGN);
    control.follow_supervisor();
    log::start(level_of(configuration.log));
    if (!control.supervised())
        announce_crashes(Log("worker"), configuration.data_folder());
    install_crash_handler(configuration.data_folder());
    raise_descriptor_limit(Log("worker"), configuration.http.connections);
    if (!control.supervised())
        log_listening(Log("worker"), listening.sockets());

    int status = 0;
    try {
        auto generation = start(std::move(configuration), control);
        status = generation ? serve(**generation, listening, control, signals)
                            : control.refuse(generation.error().message);
    } catch (
        const std::exception& broken) {  // The border of the process: the supervisor must know.
        status = control.refuse(broken.what());
    }
    log::flush();
    return status;
}

}  // namespace bulkhead::module
