#include "module/generation.hpp"

#include "module/blueprint.hpp"
#include "module/crash_handler.hpp"
#include "module/crew.hpp"
#include "module/description.hpp"
#include "module/secured.hpp"
#include "module/system_routes.hpp"
#include "value/enum_name.hpp"

#include <utility>

namespace bulkhead::module {

// Member order is the lifecycle: the application ends first, then the modules, then the rest.
struct Generation::Parts {
    Parts(Configuration given, Start terms, std::shared_ptr<const http::TlsContext> context)
        : configuration(std::move(given)),
          start(std::move(terms)),
          tls(std::move(context)),
          pool(configuration.database, configuration.document->folder()),
          events(configuration.events, pool),
          caches(configuration.cache, pool),
          crew(configuration, pool, events, caches, start),
          system(pool, events, caches, crew.statuses()) {}
    ~Parts() { events.stop(); }  // No callback runs into what the modules' ends leave.

    Configuration configuration;
    Start start;
    std::shared_ptr<const http::TlsContext> tls;
    db::Pool pool;
    events::Hub events;
    cache::Regions caches;
    Crew crew;
    SystemRoutes system;
    std::unique_ptr<http::Application> application;
};

namespace {

void log_states(const std::vector<ModuleStatus>& modules) {
    const Log log("core");
    for (const auto& module : modules) {
        const auto state = value::name_of(module.state);
        const auto message = "module " + std::string(state);
        if (module.state == State::running)
            log.info(message, {{"name", module.name}, {"version", module.version}});
        else if (module.state == State::disabled || module.state == State::available)
            log.info(message, {{"name", module.name}, {"reason", module.reason}});
        else
            log.warning(message, {{"name", module.name}, {"reason", module.reason}});
    }
}

// An administrator may ask for more than there is on this machine; the reserve stays.
void warn_of_cut_limits(const Configuration& configuration,
                        const std::vector<std::string>& modules) {
    for (const auto& name : modules) {
        const auto& options = configuration.module.at(name);
        const auto given = in_flight_of(options, configuration.server);
        if (options.in_flight > given)
            Log("core").warning("in_flight lowered to what workers less worker_reserve leave",
                                {{"name", name}, {"wanted", options.in_flight}, {"given", given}});
    }
}

void warn_of_certificate(const http::TlsContext* tls) {
    if (tls == nullptr)
        return;
    if (const auto warning = tls->certificate().warning_at(now()); !warning.empty())
        Log("core").warning(warning);
}

http::Blueprint blueprint_of(const Configuration& configuration, Crew& crew, const db::Pool& pool) {
    const auto running = crew.running();
    auto blueprint = make_blueprint(configuration, running);
    blueprint.routes = crew.take_routes();
    for (const auto& module : crew.statuses())
        blueprint.module_versions.emplace(module.name, module.version);
    if (const auto* offer = crew.contracts().find(Authenticator::contract))
        blueprint.authenticator = static_cast<Authenticator*>(offer->service);
    warn_of_cut_limits(configuration, running);
    blueprint.fast_lane = [&pool](value::Reactor& reactor, value::Receiver& receiver) {
        return pool.fast_lane(reactor, receiver);
    };
    return blueprint;
}

}  // namespace

Result<std::unique_ptr<Generation>> Generation::create(Configuration configuration,
                                                       const Start& start) {
    note_generation(start.terms.generation);
    try {
        auto tls = tls_of(configuration, start.terms);
        if (!tls)
            return std::move(tls.error());
        warn_of_certificate(tls->get());
        auto parts = std::make_unique<Parts>(std::move(configuration), start, *std::move(tls));
        auto& crew = parts->crew;
        if (auto done = crew.load(); !done)
            return std::move(done.error());
        if (start.migrate == Migrate::yes)
            if (auto done = crew.migrate(); !done)
                return std::move(done.error());
        if (auto done = crew.start(parts->system.routes()); !done)
            return std::move(done.error());
        log_states(crew.statuses());
        parts->application = std::make_unique<http::Application>(
            blueprint_of(parts->configuration, crew, parts->pool));
        parts->system.show(*parts->application);
        parts->system.watch(crew.health_checks(),
                            std::chrono::seconds(parts->configuration.server.health_seconds));
        return std::unique_ptr<Generation>(new Generation(std::move(parts)));
    } catch (const std::runtime_error& failure) {
        // Of the database, or of the middleware that plugins.toml names.
        return Error::unavailable("generation.refused", failure.what());
    }
}

Generation::Generation(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Generation::~Generation() = default;

const Configuration& Generation::configuration() const {
    return parts_->configuration;
}

const std::vector<ModuleStatus>& Generation::modules() const {
    return parts_->crew.statuses();
}

http::Application& Generation::application() {
    return *parts_->application;
}

std::shared_ptr<const http::TlsContext> Generation::tls() const {
    return parts_->tls;
}

db::Pool& Generation::pool() {
    return parts_->pool;
}

std::vector<db::MigrationSet> Generation::migration_sets() const {
    return parts_->crew.migration_sets();
}

std::vector<Setting> Generation::module_settings() const {
    return parts_->crew.settings();
}

void* Generation::find(std::string_view contract) const {
    const auto* offer = parts_->crew.contracts().find(contract);
    return offer == nullptr ? nullptr : offer->service;
}

void Generation::observe(std::function<std::string()> more_metrics) {
    parts_->system.observe(std::move(more_metrics));
}

void Generation::start_deliveries() {
    parts_->events.start(parts_->crew.running());
}

void Generation::announce_end() {
    parts_->events.announce_end();
    parts_->system.announce_end();
}

bool Generation::deliveries_end_by(std::chrono::steady_clock::time_point end) {
    const auto running = parts_->events.running_beyond(end);
    for (const auto& subscription : running)
        Log("events").warning("a subscriber was not done within server.drain_seconds",
                              {{"subscription", subscription}});
    return running.empty();
}

}  // namespace bulkhead::module
