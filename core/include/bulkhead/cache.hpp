#pragma once
// Values that are read often and change seldom, kept in memory so that the database need not be
// asked for each of them again (cache-aside). As a member of a service:
//
//     Cache<ProductId, Product> products = core.cache<ProductId, Product>("products");
//
//     products.get(id, [&]() -> Result<Product> { return find(database.session(), id); });
//     products.forget_after_commit(sql, id);  // in the transaction that changes it
//
// What get() gives may be as old as the limit `seconds`: an invalidation reaches this process only.

#include <bulkhead/result.hpp>
#include <bulkhead/type.hpp>

#include <memory>

namespace bulkhead {

namespace cache {
class Region;
}
namespace db {
class Session;
}

/// What a module asks for; `[cache]` of plugins.toml says how much of it is given.
struct CacheLimits {
    std::int32_t seconds = 60;        ///< age of a value, counted from before its load, 1-86400
    std::int32_t entries = 10'000;    ///< then the longest unused one goes, 1-10000000
    std::int32_t absent_seconds = 0;  ///< how long a not_found is kept, 0-86400; 0: never
};

/// A cache with its types erased: what Cache<Key, Value> is made of. Any thread.
class AnyCache {
public:
    using Value = std::shared_ptr<const void>;
    struct Load {
        void* object;
        Result<Value> (*call)(void* object);
    };
    /// How a value is read, written and made by whoever keeps it.
    struct Form {
        const Type* type;
        std::shared_ptr<void> (*make)();
    };

    AnyCache() = default;  ///< keeps nothing
    explicit AnyCache(cache::Region& region) : region_(&region) {}

    Result<Value> get(std::string_view key, Load load);
    void forget(std::string_view key);
    void forget_all();
    void forget_after_commit(db::Session& sql, std::string_view key);

private:
    cache::Region* region_ = nullptr;
};

/// Key: text, a number, or a class with a text form (an Id). Value: whatever type_of() knows; it is
/// shared by all who read it, and nobody changes it. Any thread.
template <class Key, class Value>
class Cache {
public:
    /// Keeps nothing, each get() loads: for tests of a service without its module.
    Cache() = default;
    explicit Cache(AnyCache cache) : cache_(cache) {}

    /// The value kept for `key`, else what `load()`, which returns a Result<Value>, gives: that is
    /// kept for the next ones. Of all who ask for one key at once, one loads and the others wait
    /// for it, without a database connection, until their deadline and at most cache.wait_ms:
    /// then they are refused, unavailable "cache.busy". What `load` refuses or throws is kept for
    /// nobody (but see absent_seconds) and goes to all who waited; if it ran out of its own
    /// request's time, the next one tries.
    ///
    /// Within a transaction nothing is read from the cache nor kept: `load` runs. Within the load
    /// of another key nobody waits: if that is being loaded, `load` runs as well. Asked for a key
    /// within the load of the same key it throws db::Failure (usage).
    template <class Loader>
    Result<Value> get(const Key& key, Loader&& load) {
        auto shared = share(key, load);
        if (!shared)
            return std::move(shared.error());
        return **shared;
    }

    /// The same without a copy: the value itself.
    template <class Loader>
    Result<std::shared_ptr<const Value>> share(const Key& key, Loader&& load) {
        auto step = [&]() -> Result<AnyCache::Value> {
            Result<Value> loaded = load();
            if (!loaded)
                return std::move(loaded.error());
            return AnyCache::Value(std::make_shared<const Value>(*std::move(loaded)));
        };
        auto found = cache_.get(text_of(key), {&step, [](void* object) {
                                                   return (*static_cast<decltype(step)*>(object))();
                                               }});
        if (!found)
            return std::move(found.error());
        return std::static_pointer_cast<const Value>(*std::move(found));
    }

    /// Whoever asks from now on gets what is loaded from now on: a load that had begun before is
    /// kept for nobody.
    void forget(const Key& key) { cache_.forget(text_of(key)); }
    void forget_all() { cache_.forget_all(); }
    /// forget(key) once the transaction of `sql` has committed, never after a rollback. Throws
    /// db::Failure (usage) outside of one.
    void forget_after_commit(db::Session& sql, const Key& key) {
        cache_.forget_after_commit(sql, text_of(key));
    }

private:
    static auto text_of(const Key& key) {
        if constexpr (std::convertible_to<const Key&, std::string_view>)
            return std::string_view(key);
        else if constexpr (std::integral<Key>)
            return std::to_string(key);
        else
            return key.to_text();
    }

    AnyCache cache_;
};

}  // namespace bulkhead
