#pragma once
// The modules of one generation, from their files to running objects.

#include "module/host.hpp"
#include "module/inventory.hpp"
#include "module/start_order.hpp"

#include <bulkhead/module.hpp>

namespace bulkhead::module {

/// Loads, constructs and stops. One thread; its modules are used by many.
class Crew {
public:
    /// Both outlive the crew.
    Crew(const Configuration& configuration, db::Pool& pool);
    ~Crew();  ///< stops the modules in reverse order of their start

    /// Loads what passed the gate and lacks nothing. Refused only when the private copies cannot be
    /// kept.
    Result<> load();
    /// Constructs what is loaded, each behind all that it needs. Refused only for settings that the
    /// administrator wrote wrong.
    Result<> start();

    const std::vector<ModuleStatus>& statuses() const { return statuses_; }
    const Contracts& contracts() const { return contracts_; }
    std::vector<db::MigrationSet> migration_sets() const;
    std::vector<std::string> running() const;  ///< names, in order of start
    std::deque<Route> take_routes();

private:
    struct Member {
        std::unique_ptr<Core::Host> host;
        std::unique_ptr<Module> module;
    };

    Result<> load_one(const std::string& name);
    Result<> start_one(const std::string& name);
    void construct(const std::string& name);
    void give_up(const std::string& name, State state, std::string reason);
    void settle();

    const Configuration& configuration_;
    db::Pool& pool_;
    Inventory inventory_;
    StartOrder order_;
    std::map<std::string, const ModuleEntry*> entries_;
    Contracts contracts_;
    std::deque<Member> members_;
    std::vector<ModuleStatus> statuses_;
};

}  // namespace bulkhead::module
