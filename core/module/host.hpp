#pragma once
// The core's side of Core: what stands behind one module's view of the server.

#include "cache/regions.hpp"
#include "config/document.hpp"
#include "db/pool.hpp"
#include "module/contracts.hpp"
#include "module/description.hpp"

#include <bulkhead/core.hpp>

namespace bulkhead {

struct Core::Host {
    std::string module;
    std::vector<std::string> needs;
    std::unique_ptr<db::Pool> share;
    db::Database database;
    Events& events;
    Log log;
    std::shared_ptr<const config::Document> document;
    std::filesystem::path data_folder;
    const module::Contracts& contracts;
    cache::Regions& caches;

    /// What the constructor asked for; taken over once it has returned.
    std::vector<module::ContractUse> uses;
    std::deque<Route> routes;
    module::Contracts::Offered offers;
    std::function<Result<>()> health;  ///< empty: the module says nothing
    std::vector<module::Setting> settings;
    bool settings_read = false;
};

}  // namespace bulkhead
