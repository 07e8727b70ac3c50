// module.X.database_connections: one module cannot take every connection.

#include "db/pool.hpp"
#include "support/test_database.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <thread>

using namespace bulkhead;
using db::FailureKind;
using test::failure_of;

namespace {

/// A connection of this module's share, kept until it ends, on a thread of its own.
class Held {
public:
    explicit Held(db::Pool& share) {
        std::promise<void> leased;
        thread_ = std::jthread([this, &share, &leased] {
            const db::HandlerScope scope;
            db::Database(share).session().one<std::int64_t>("select 1");
            leased.set_value();
            ended_.get_future().wait();
        });
        leased.get_future().wait();
    }
    ~Held() { ended_.set_value(); }

private:
    std::promise<void> ended_;
    std::jthread thread_;
};

std::int64_t ask_of(db::Pool& share) {
    const db::HandlerScope scope;
    return db::Database(share).session().one<std::int64_t>("select 1");
}

}  // namespace

TEST_CASE("a module that holds its share waits for itself alone, and the others are served") {
    db::Options options;
    options.readers = 3;
    options.connections_max = 3;
    options.acquire_timeout_ms = 50;
    test::TestDatabase database({}, options);
    const auto greedy = database.pool().share_of("greedy", 2);
    const auto modest = database.pool().share_of("modest", 0);
    const Held first(*greedy);
    std::optional<Held> second(std::in_place, *greedy);

    const auto third = failure_of([&] { ask_of(*greedy); });
    const auto another = ask_of(*modest);
    second.reset();

    CHECK(third.failure == FailureKind::pool_exhausted);
    CHECK_THAT(third.what(), Catch::Contains("the module greedy holds its 2 already "
                                             "(module.greedy.database_connections)"));
    CHECK(another == 1);
    CHECK(ask_of(*greedy) == 1);
}
