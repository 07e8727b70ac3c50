#pragma once
// All that a module may ask for. A module gets its own Core: what it may use() is what its manifest
// needs, and its name stands in its routes, settings and log lines.

#include <bulkhead/authenticator.hpp>
#include <bulkhead/cache.hpp>
#include <bulkhead/database.hpp>
#include <bulkhead/events.hpp>
#include <bulkhead/log.hpp>
#include <bulkhead/routes.hpp>

#include <functional>

namespace bulkhead {

/// Used while the module is constructed, on that thread. The references it gives live as long as
/// the module; none of them touches the database until a handler does.
class Core {
public:
    /// The core's side; known to core/module only.
    struct Host;
    explicit Core(Host& host) : host_(&host) {}

    db::Database& database();
    Events& events();
    const Log& log() const;

    /// The module's own table [module.<name>.settings] of plugins.toml: a key that is absent keeps
    /// the member's initial value; for an unknown or wrong one the module does not start, and the
    /// reason has file and line.
    template <Shaped Settings>
    Settings settings() {
        Settings made{};
        read_settings(table_of<Settings>(), &made);
        return made;
    }

    /// The interface I of another module (`I::contract` is name and version: "users.directory/1").
    /// Not offered by a module that the manifest needs: throws, and this module does not start.
    template <class I>
    I& use() {
        return *static_cast<I*>(find(I::contract));
    }

    /// Offers an interface to the modules that need this one. `service` outlives them: they are
    /// stopped before this module is.
    template <class I>
    void offer(I& service) {
        add(I::contract, &service);
    }

    /// Registers the routes that `declare` lists. A module with a route that the core or a module
    /// started before it has already, or without scope() and open(), does not start.
    template <class Service>
    void serve(void (*declare)(Routes<Service>&), Service& service) {
        Routes<Service> routes(service);
        declare(routes);
        add(routes.take());
    }

    /// Since SDK 1.1. A cache of this module's own; `name` is unique within it, in lower-case
    /// letters, digits and underscores: "products" is "orders.products" in the metrics. Never more
    /// than [cache] of plugins.toml allows. Throws std::runtime_error for another name, a name that
    /// is taken, and limits out of their range.
    template <class Key, class Value>
    Cache<Key, Value> cache(std::string_view name, const CacheLimits& limits = {}) {
        const AnyCache::Form form{
            &type_of<Value>(), []() -> std::shared_ptr<void> { return std::make_shared<Value>(); }};
        return Cache<Key, Value>(open_cache(name, limits, form));
    }

    /// Since SDK 1.1. What the module says of whether it can work. Asked on the starting thread
    /// once its constructor has returned: a refusal, or an exception, leaves the module out. Asked
    /// again for /ready, at most once a second, on a thread of its own while handlers run; what
    /// does not answer within server.health_seconds shows as "silent", what refuses as "unhealthy",
    /// and the log has the message. It may read the database, and should give up before that.
    void health(std::function<Result<>()> check);

    /// The path of a file in server.data, which is made if absent: it survives restarts. A plain
    /// name, shared by all modules; throws std::runtime_error for '/' or a leading '.'.
    std::string data_path(std::string_view file_name) const;

private:
    void read_settings(const Table& table, void* settings);
    void* find(std::string_view contract);
    void add(std::string_view contract, void* service);
    void add(std::deque<Route> routes);
    AnyCache open_cache(std::string_view name, const CacheLimits& limits,
                        const AnyCache::Form& form);

    Host* host_;
};

}  // namespace bulkhead
