#pragma once

#include "db/migrate.hpp"
#include "http/application.hpp"
#include "http/tls_context.hpp"
#include "module/configuration.hpp"
#include "module/module_status.hpp"
#include "module/stage.hpp"
#include "module/terms.hpp"

namespace bulkhead::module {

/// Whether the database is brought up to date before the modules start.
enum class Migrate : std::uint8_t { yes, no };

/// How a generation is to be started.
struct Start {
    Migrate migrate = Migrate::yes;
    Terms terms{};
    OnStage on_stage = [](const Stage&) {};
    /// Told of each migration once it is applied, "orders/2026-11-20-09-30-create-orders": it stays
    /// even if the start fails.
    std::function<void(const std::string&)> on_migrated = [](const std::string&) {};
};

struct Setting;

/// One immutable set of configuration, modules, routes and middleware, alive: gated, loaded,
/// migrated, constructed in the order of needs; destroyed in reverse.
class Generation {
public:
    /// Refused as a whole only for what no module can be blamed for (the database cannot be
    /// opened), or where the terms want it whole. A module that is refused or fails is left out,
    /// with those that need it, and says so in modules().
    static Result<std::unique_ptr<Generation>> create(Configuration configuration,
                                                      const Start& start);
    ~Generation();

    const Configuration& configuration() const;
    const std::vector<ModuleStatus>& modules() const;
    http::Application& application();
    /// What TLS is served with; null without [tls].
    std::shared_ptr<const http::TlsContext> tls() const;
    db::Pool& pool();
    std::vector<db::MigrationSet> migration_sets() const;
    /// What the running modules read of their own tables.
    std::vector<Setting> module_settings() const;

    /// What a module offered under this contract, or null: for the command line.
    void* find(std::string_view contract) const;
    template <class I>
    I* find() const {
        return static_cast<I*>(find(I::contract));
    }

    /// Shows the connections of this server in /metrics; called once it runs.
    void observe(std::function<std::string()> more_metrics);
    /// Begins to deliver events to the modules; called once it is to serve. Throws db::Failure.
    void start_deliveries();
    /// From now on /ready answers 503: the load balancer looks elsewhere while this one drains. No
    /// further delivery of an event begins.
    void announce_end();
    /// Whether the deliveries that had begun end in time; if not, it logs which do not.
    bool deliveries_end_by(std::chrono::steady_clock::time_point end);

private:
    struct Parts;
    explicit Generation(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace bulkhead::module
