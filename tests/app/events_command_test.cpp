// `bulkhead events`, with a database that no server uses.

#include "db/pool.hpp"
#include "support/deployment.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace {

constexpr auto* first = "01a1f82f-1e80-7000-8000-000000000001";
constexpr auto* second = "01a1f82f-1e80-7000-8000-000000000002";

/// Two dead deliveries of "orders.cancel_open".
struct Graveyard {
    Graveyard() {
        REQUIRE(deployment.run({"migrate", "up"}).status == 0);
        bulkhead::db::Pool pool({.url = deployment.database_url()}, deployment.folder());
        const auto done = bulkhead::db::Database(pool).transaction(
            [](bulkhead::db::Session& sql) -> bulkhead::Result<> {
                sql.run(
                    "insert into event_subscriptions values"
                    " ('orders.cancel_open', 'users.deactivated', :at)",
                    {{"at", bulkhead::now()}});
                for (const std::string_view id : {first, second})
                    sql.run(
                        "insert into event_deliveries values (:id, 'orders.cancel_open',"
                        " 'users.deactivated', '{}', 'dead', 16, :at, null, :error, :at, :at)",
                        {{"id", id}, {"error", "why\n\x1b[2J"}, {"at", bulkhead::now()}});
                return bulkhead::Done{};
            });
        REQUIRE(done);
    }

    boost::json::array listed(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"events", "list", "--json"});
        return boost::json::parse(deployment.run(more).output).as_array();
    }

    Deployment deployment;
};

}  // namespace

TEST_CASE("events list shows what is dead, and why") {
    const Graveyard yard;

    const auto dead = yard.listed({"--dead"});
    const auto shown = yard.deployment.run({"events", "list", "--limit", "1"});

    REQUIRE(dead.size() == 2);
    CHECK(dead[0].at("event_id") == first);
    CHECK(dead[0].at("subscription") == "orders.cancel_open");
    CHECK(dead[0].at("state") == "dead");
    CHECK(dead[0].at("last_error") == "why\n\x1b[2J");
    CHECK_THAT(shown.output,
               Catch::Contains(first) && !Catch::Contains(second) && Catch::Contains("--limit"));
    CHECK_THAT(shown.output, Catch::Contains("why  [2J\n"));
}

TEST_CASE("events replay makes what was chosen wait for delivery again") {
    const Graveyard yard;
    const auto [chosen, replayed] = GENERATE(table<std::vector<std::string>, std::size_t>(
        {{{"--id", first}, 1}, {{"--subscription", "orders.cancel_open"}, 2}, {{"--all"}, 2}}));
    std::vector<std::string> arguments{"events", "replay"};
    arguments.insert(arguments.end(), chosen.begin(), chosen.end());

    const auto ended = yard.deployment.run(arguments);

    CHECK(ended.status == 0);
    CHECK(ended.output == std::to_string(replayed) + " deliveries will be tried again\n");
    CHECK(yard.listed({"--dead"}).size() == 2 - replayed);
    CHECK(yard.listed().size() == 2);
}

TEST_CASE("events drop and forget leave nothing of it") {
    const Graveyard yard;

    const auto dropped = yard.deployment.run({"events", "drop", "--id", first});
    const auto left = yard.listed().size();
    const auto forgotten = yard.deployment.run({"events", "forget", "orders.cancel_open"});
    const auto again = yard.deployment.run({"events", "forget", "orders.cancel_open"});

    CHECK(dropped.output == "1 deliveries dropped\n");
    CHECK(left == 1);
    CHECK(forgotten.output == "orders.cancel_open is forgotten, with 1 deliveries\n");
    CHECK(yard.listed().empty());
    CHECK(again.status == 1);
}

TEST_CASE("events refuses what there is not, with the remedy") {
    const Deployment deployment;

    const auto early = deployment.run({"events", "list"});
    deployment.run({"migrate", "up"});
    const auto nothing =
        deployment.run({"events", "replay", "--subscription", "orders.cancel_open"});
    const auto all = deployment.run({"events", "replay", "--all"});

    CHECK(early.status == 1);
    CHECK_THAT(early.errors, Catch::Contains("bulkhead migrate up"));
    CHECK(nothing.status == 1);
    CHECK_THAT(nothing.errors, Catch::Contains("events list --dead"));
    CHECK(all.status == 0);
}
