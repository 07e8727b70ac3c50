#pragma once
// The modules of one generation, from their files to running objects.

#include "events/hub.hpp"
#include "module/health_checks.hpp"
#include "module/host.hpp"
#include "module/inventory.hpp"
#include "module/start_order.hpp"

#include <bulkhead/module.hpp>

namespace bulkhead::module {

/// Loads, migrates, constructs and stops. One thread; its modules are used by many. What fails is
/// left out with a reason, and with those that need it; each step is refused only for what no
/// module can be blamed for, or where the terms want all of them: then the last stage told of is
/// that of the fault.
class Crew {
public:
    /// All of these outlive the crew.
    Crew(const Configuration& configuration, db::Pool& pool, events::Hub& events,
         cache::Regions& caches, const Start& start);
    ~Crew();  ///< stops the modules in reverse order of their start

    /// Loads what passed the gate and lacks nothing.
    Result<> load();
    /// Brings the core's tables up to date, then those of each module; where that is to be asked
    /// for (database.migrate), it is refused as a whole while something is pending.
    Result<> migrate();
    /// Constructs what is loaded, each behind all that it needs, and asks it whether it can work.
    /// `core_routes` are claimed already.
    Result<> start(std::deque<Route> core_routes);

    /// Once all are started.
    const std::vector<ModuleStatus>& statuses() const { return statuses_; }
    const Contracts& contracts() const { return contracts_; }
    std::vector<db::MigrationSet> migration_sets() const;
    std::vector<Setting> settings() const;     ///< that the running modules read
    std::vector<std::string> running() const;  ///< names, in order of start
    std::vector<HealthCheck> health_checks() const;
    std::deque<Route> take_routes();  ///< the core's first
    /// What this module's constructor asked for, had or not; null where none was called.
    const Core::Host* host_of(const std::string& name) const;

private:
    struct Member {
        Core::Host* host;
        std::unique_ptr<Module> module;
    };

    Result<> for_each(Step step, Result<> (Crew::*act)(const std::string&));
    Result<> load_one(const std::string& name);
    Result<> migrate_one(const std::string& name);
    Result<> start_one(const std::string& name);
    Result<> migrate_set(const db::MigrationSet& set);
    Result<> refuse_behind(const db::MigrationSet& set);
    void construct(const std::string& name);
    void check_health(const Core::Host& host);
    std::size_t connections_of(const std::string& name) const;
    std::unique_ptr<Core::Host> make_host(const std::string& name);
    bool must_run(const std::string& name) const;
    void enter(Step step, const std::string& name);
    Error refusal(const std::string& name, const std::string& reason);
    Result<> refuse_failed();
    Result<> refuse_blocked();
    void give_up(const std::string& name, State state, std::string reason);
    void settle();

    const Configuration& configuration_;
    db::Pool& pool_;
    events::Hub& events_;
    cache::Regions& caches_;
    const Start& start_;
    Inventory inventory_;
    StartOrder order_;
    Step step_ = Step::gate;
    std::map<std::string, const ModuleEntry*> entries_;
    Contracts contracts_;
    std::deque<Route> routes_;
    std::map<std::string, std::unique_ptr<Core::Host>> hosts_;  ///< outlive their modules
    std::deque<Member> members_;
    std::vector<ModuleStatus> statuses_;
};

}  // namespace bulkhead::module
