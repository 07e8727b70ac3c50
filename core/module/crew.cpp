#include "module/crew.hpp"

#include "http/router.hpp"
#include "module/loader.hpp"
#include "module/module_set.hpp"
#include "module/private_copy.hpp"

#include <algorithm>

namespace bulkhead::module {

namespace {

const std::string nobody;  // A stage of the core's own: no module is to blame for what ends it.

// What nobody reads is a mistake of whoever wrote it.
void refuse_settings(const config::Document& document, const std::string& module) {
    const auto table = "module." + module + ".settings";
    const Table no_keys("", {});
    if (auto done = document.read(table, no_keys, nullptr); !done)
        throw Refusal(done.error().message + "; module '" + module + "' has no settings");
}

std::string mend(const std::string& name) {
    return "; mend the module, or set module." + name + ".enabled = false.";
}

std::string threw(const std::string& name, const std::string& what) {
    return name + ": its constructor threw " + what + mend(name);
}

// The routes of all that run already and of one more module, where the router can take them.
std::deque<Route> together(std::deque<Route> routes, const std::deque<Route>& added) {
    routes.insert(routes.end(), added.begin(), added.end());
    try {
        const http::Router judge(routes);
    } catch (const std::runtime_error& clash) {
        throw Refusal(clash.what());
    }
    return routes;
}

std::vector<Pin> pins_to_keep(const Configuration& configuration, const Terms& terms) {
    auto pins = terms.pinned;
    if (const auto set = last_good(configuration.data_folder()))
        pins.insert(pins.end(), set->pins.begin(), set->pins.end());
    return pins;
}

// A database that cannot be reached is no module's fault.
bool is_of_migration(const Error& error) {
    return error.kind == ErrorKind::conflict || error.kind == ErrorKind::internal;
}

}  // namespace

Crew::Crew(const Configuration& configuration, db::Pool& pool, events::Hub& events,
           cache::Regions& caches, const Start& start)
    : configuration_(configuration),
      pool_(pool),
      events_(events),
      caches_(caches),
      start_(start),
      inventory_(take_inventory(configuration, start)) {
    for (const auto& [name, status] : inventory_.statuses)
        order_.add(name, status.needs, status.state);
}

Crew::~Crew() {
    while (!members_.empty())
        members_.pop_back();
}

bool Crew::must_run(const std::string& name) const {
    const auto& terms = start_.terms;
    const auto table = configuration_.module.find(name);
    return terms.whole && !terms.safe && table != configuration_.module.end() &&
           table->second.enabled && std::ranges::count(terms.excused, name) == 0;
}

void Crew::enter(Step step, const std::string& name) {
    step_ = step;
    start_.on_stage({step, name});
}

Error Crew::refusal(const std::string& name, const std::string& reason) {
    enter(step_, name);
    return Error::unavailable("generation.refused", reason);
}

Result<> Crew::refuse_failed() {
    for (const auto& [name, status] : inventory_.statuses)
        if (status.state != State::running && must_run(name))
            return refusal(name, status.reason);
    return Done{};
}

Result<> Crew::refuse_blocked() {
    for (const auto& [name, status] : inventory_.statuses)
        if (auto reason = order_.blocked_by(name); must_run(name) && !reason.empty())
            return refusal(name, reason);
    return Done{};
}

// A module may become blocked after the order was made: what it needs fails on the way.
Result<> Crew::for_each(Step step, Result<> (Crew::*act)(const std::string&)) {
    for (const auto& name : order_.to_start()) {
        if (!order_.blocked_by(name).empty())
            continue;
        enter(step, name);
        if (auto done = (this->*act)(name); !done)
            return done;
        if (auto done = refuse_failed(); !done)
            return done;
    }
    return Done{};
}

Result<> Crew::load() {
    if (auto done = refuse_failed(); !done)
        return done;
    if (auto done = refuse_blocked(); !done)
        return done;
    if (auto done = for_each(Step::load, &Crew::load_one); !done)
        return done;
    inventory_.admitted.clear();
    drop_old_copies(folder_of_copies(configuration_.data_folder()),
                    pins_to_keep(configuration_, start_.terms));
    return Done{};
}

Result<> Crew::load_one(const std::string& name) {
    const auto entry = load_module(inventory_.admitted.at(name), configuration_.data_folder());
    if (entry)
        return entries_.emplace(name, *entry), Done{};
    if (entry.error().kind == ErrorKind::invalid)
        return give_up(name, State::refused, entry.error().message), Done{};
    enter(Step::load, nobody);
    return entry.error();
}

Result<> Crew::migrate() {
    enter(Step::migrate, nobody);
    if (auto done = migrate_set({"core", db::core_migrations()}); !done)
        return done;
    return for_each(Step::migrate, &Crew::migrate_one);
}

Result<> Crew::migrate_one(const std::string& name) {
    auto done = migrate_set({name, entries_.at(name)->migrations});
    if (done)
        return done;
    if (is_of_migration(done.error()))
        return give_up(name, State::failed, done.error().message + "."), Done{};
    enter(Step::migrate, nobody);
    return done;
}

Result<> Crew::migrate_set(const db::MigrationSet& set) {
    if (!db::migrates_at_start(pool_, configuration_.database))
        return refuse_behind(set);
    const auto applied =
        db::migrate_up(pool_, {&set, 1}, [this](const db::MigrationStatus& migration) {
            Log("core").info("migration applied",
                             {{"name", migration.name}, {"of", migration.module}});
            start_.on_migrated(migration.module + "/" + migration.name);
        });
    if (!applied)
        return applied.error();
    return Done{};
}

Result<> Crew::refuse_behind(const db::MigrationSet& set) {
    if (auto fine = db::check_migrations(pool_, {&set, 1}); !fine)
        return fine;
    return db::refuse_pending(pool_, {&set, 1});
}

Result<> Crew::start(std::deque<Route> core_routes) {
    routes_ = std::move(core_routes);
    if (auto done = for_each(Step::construct, &Crew::start_one); !done)
        return done;
    if (auto done = refuse_blocked(); !done)
        return done;
    enter(Step::health, nobody);
    settle();
    return Done{};
}

Result<> Crew::start_one(const std::string& name) {
    try {
        construct(name);
    } catch (const Refusal& refusal) {
        give_up(name, State::failed, refusal.what());
    } catch (const std::exception& failure) {
        give_up(name, State::failed, threw(name, "'" + std::string(failure.what()) + "'"));
    } catch (...) {
        // A module may throw anything; none of it may end the server.
        give_up(name, State::failed, threw(name, "something that is no std::exception"));
    }
    return Done{};
}

std::size_t Crew::connections_of(const std::string& name) const {
    const auto options = configuration_.module.find(name);
    return options == configuration_.module.end()
               ? 0
               : static_cast<std::size_t>(options->second.database_connections);
}

std::unique_ptr<Core::Host> Crew::make_host(const std::string& name) {
    const auto& needs = inventory_.statuses.at(name).needs;
    auto share = pool_.share_of(name, connections_of(name));
    const db::Database database(*share);
    return std::make_unique<Core::Host>(Core::Host{name,
                                                   needs,
                                                   std::move(share),
                                                   database,
                                                   events_.events_of(name, needs),
                                                   Log(name),
                                                   configuration_.document,
                                                   configuration_.data_folder(),
                                                   contracts_,
                                                   caches_,
                                                   {},
                                                   {},
                                                   {},
                                                   {},
                                                   {},
                                                   false});
}

void Crew::construct(const std::string& name) {
    auto& host = hosts_[name] = make_host(name);
    Core core(*host);
    std::unique_ptr<Module> module(entries_.at(name)->start(core));
    if (!module)
        throw Refusal(name + ": its start function made no module" + mend(name));
    if (!host->settings_read)
        refuse_settings(*configuration_.document, name);
    contracts_.check(name, host->offers);
    auto routes = together(routes_, host->routes);
    check_health(*host);
    // Nothing of a module is seen by the others unless all of it is.
    contracts_.add(name, host->offers);
    routes_ = std::move(routes);
    members_.push_back({host.get(), std::move(module)});
}

void Crew::check_health(const Core::Host& host) {
    enter(Step::health, host.module);
    if (!host.health)
        return;
    if (const auto why = why_unhealthy({host.module, host.health}); !why.empty())
        throw Refusal(host.module + ": its health check says that it cannot work (" + why + ")" +
                      mend(host.module));
}

void Crew::give_up(const std::string& name, State state, std::string reason) {
    order_.change(name, state);
    auto& status = inventory_.statuses.at(name);
    status.state = state;
    status.reason = std::move(reason);
}

void Crew::settle() {
    for (auto& [name, status] : inventory_.statuses) {
        if (status.state == State::running)
            status.reason = order_.blocked_by(name);
        if (status.state == State::running && !status.reason.empty())
            status.state = State::blocked;
        statuses_.push_back(status);
    }
}

std::vector<db::MigrationSet> Crew::migration_sets() const {
    std::vector<db::MigrationSet> sets{{"core", db::core_migrations()}};
    for (const auto& [name, entry] : entries_)
        sets.push_back({name, entry->migrations});
    return sets;
}

std::vector<Setting> Crew::settings() const {
    std::vector<Setting> settings;
    for (const auto& member : members_)
        settings.insert(settings.end(), member.host->settings.begin(), member.host->settings.end());
    return settings;
}

std::vector<std::string> Crew::running() const {
    std::vector<std::string> names;
    for (const auto& member : members_)
        names.push_back(member.host->module);
    return names;
}

std::vector<HealthCheck> Crew::health_checks() const {
    std::vector<HealthCheck> checks;
    for (const auto& member : members_)
        if (member.host->health)
            checks.push_back({member.host->module, member.host->health});
    return checks;
}

std::deque<Route> Crew::take_routes() {
    return std::exchange(routes_, {});
}

const Core::Host* Crew::host_of(const std::string& name) const {
    const auto found = hosts_.find(name);
    return found == hosts_.end() ? nullptr : found->second.get();
}

}  // namespace bulkhead::module
