#pragma once
// A cache of text over a real table, with loads that are counted and can be held up.

#include "cache/moment.hpp"
#include "cache/regions.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

#include <future>

namespace bulkhead::test {

using Text = Cache<std::string, std::string>;

inline Text open_cache(cache::Regions& regions, const CacheLimits& limits = {}) {
    const AnyCache::Form form{&type_of<std::string>(), []() -> std::shared_ptr<void> {
                                  return std::make_shared<std::string>();
                              }};
    return Text(AnyCache(regions.add("shop", "labels", limits, form)));
}

struct Shelf {
    explicit Shelf(const CacheLimits& limits = {}, const cache::Options& given = {},
                   const db::Options& database = {})
        : options(given),
          test("create table labels (id text primary key, label text not null)", database),
          labels(open_cache(regions, limits)) {
        test.write("insert into labels (id, label) values ('a', 'old')");
    }

    /// From memory or the table, within a handler's reach.
    Result<std::string> read(const std::string& id) {
        const db::HandlerScope scope;
        return labels.get(id, [&] { return load(id); });
    }
    Result<std::string> load(const std::string& id) {
        ++loads;
        auto label = test.database().session().maybe<std::string>(
            "select label from labels where id = :id", {{"id", id}});
        if (!label)
            return Error::not_found("shop.no_label", "No such label.");
        return *std::move(label);
    }
    /// Writes and forgets; commits or not.
    Result<> rename(const std::string& label, bool commit = true) {
        return test.database().transaction([&](db::Session& sql) -> Result<> {
            sql.run("update labels set label = :label where id = 'a'", {{"label", label}});
            labels.forget_after_commit(sql, "a");
            if (!commit)
                return Error::conflict("shop.refused", "");
            return Done{};
        });
    }

    cache::Statistics statistics() const { return regions.statistics().front(); }
    void await_waiting(std::int64_t readers) const {
        const auto given_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (statistics().waiting != readers) {
            if (std::chrono::steady_clock::now() > given_up)
                throw std::runtime_error("they do not come to wait");
            std::this_thread::yield();
        }
    }

    cache::Options options;
    TestDatabase test;
    cache::Regions regions{options, test.pool()};
    Text labels;
    std::atomic<int> loads = 0;
};

/// Something that happens once, seen by other threads.
class Signal {
public:
    void give() { promise_.set_value(); }
    void await() const {
        if (future_.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
            throw std::runtime_error("it does not come about");
    }

private:
    std::promise<void> promise_;
    std::shared_future<void> future_ = promise_.get_future().share();
};

}  // namespace bulkhead::test
