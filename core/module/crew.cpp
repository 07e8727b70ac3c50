#include "module/crew.hpp"

#include "module/loader.hpp"

namespace bulkhead::module {

namespace {

// What nobody reads is a mistake of whoever wrote it.
void refuse_settings(const config::Document& document, const std::string& module) {
    const auto table = "module." + module + ".settings";
    const Table no_keys("", {});
    if (auto done = document.read(table, no_keys, nullptr); !done)
        throw SettingsRefused(done.error().message + "; module '" + module + "' has no settings");
}

}  // namespace

Crew::Crew(const Configuration& configuration, db::Pool& pool)
    : configuration_(configuration), pool_(pool), inventory_(take_inventory(configuration)) {
    for (const auto& [name, status] : inventory_.statuses)
        order_.add(name, status.needs, status.state);
}

Crew::~Crew() {
    while (!members_.empty())
        members_.pop_back();
}

// A module may become blocked after the order was made: what it needs fails on the way.
Result<> Crew::load() {
    for (const auto& name : order_.to_start())
        if (auto done = load_one(name); !done)
            return done;
    inventory_.admitted.clear();
    return Done{};
}

Result<> Crew::load_one(const std::string& name) {
    if (!order_.blocked_by(name).empty())
        return Done{};
    const auto entry = load_module(inventory_.admitted.at(name), configuration_.data_folder());
    if (entry)
        return entries_.emplace(name, *entry), Done{};
    if (entry.error().kind == ErrorKind::unavailable)
        return entry.error();
    give_up(name, State::refused, entry.error().message);
    return Done{};
}

Result<> Crew::start() {
    for (const auto& name : order_.to_start())
        if (auto done = start_one(name); !done)
            return done;
    settle();
    return Done{};
}

Result<> Crew::start_one(const std::string& name) {
    if (!order_.blocked_by(name).empty())
        return Done{};
    try {
        construct(name);
    } catch (const SettingsRefused& refusal) {
        return Error::invalid("config.invalid", refusal.what());
    } catch (const std::exception& failure) {
        give_up(name, State::failed, failure.what());
    } catch (...) {
        // A module may throw anything; none of it may end the server.
        give_up(name, State::failed, "its constructor threw something that is no std::exception.");
    }
    return Done{};
}

void Crew::construct(const std::string& name) {
    auto host = std::make_unique<Core::Host>(Core::Host{name,
                                                        inventory_.statuses.at(name).needs,
                                                        db::Database(pool_),
                                                        Log(name),
                                                        configuration_.document,
                                                        configuration_.data_folder(),
                                                        contracts_,
                                                        {},
                                                        {},
                                                        false});
    Core core(*host);
    std::unique_ptr<Module> module(entries_.at(name)->start(core));
    if (!host->settings_read)
        refuse_settings(*configuration_.document, name);
    contracts_.add(name, host->offers);
    members_.push_back({std::move(host), std::move(module)});
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

std::vector<std::string> Crew::running() const {
    std::vector<std::string> names;
    for (const auto& member : members_)
        names.push_back(member.host->module);
    return names;
}

std::deque<Route> Crew::take_routes() {
    std::deque<Route> routes;
    for (auto& member : members_)
        for (auto& route : std::exchange(member.host->routes, {}))
            routes.push_back(std::move(route));
    return routes;
}

}  // namespace bulkhead::module
