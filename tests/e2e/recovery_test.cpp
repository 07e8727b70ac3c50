// What docs/operations.md says of PostgreSQL's own backups, done: a dump, and the way back to a
// moment.

#include "support/postgres_server.hpp"
#include "support/running_server.hpp"
#include "support/shop_floor.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>

namespace {

constexpr auto* order_of_one =
    R"({"items": [{"product_id": "01a1f82f-1e80-7000-8000-000000000003", "quantity": 1}]})";

struct Shop {
    Shop() : server({.seeded = true, .database_url = postgres.url()}) {
        customer = register_customer(server.port(), "ada", "correct horse battery");
    }

    std::string place() const {
        const auto answer =
            ask(server.port(), "POST", "/api/v1/orders", order_of_one, customer.token);
        REQUIRE(answer);
        REQUIRE(answer->status == 201);
        return boost::json::parse(answer->body).at("data").at("id").as_string().c_str();
    }
    /// The orders that the server shows, once it reaches its database again.
    std::set<std::string> shown() const {
        std::optional<RawResponse> answer;
        for (int attempt = 0; attempt < 1'000 && !(answer && answer->status == 200); ++attempt)
            answer = ask(server.port(), "GET", "/api/v1/orders", {}, customer.token);
        REQUIRE(answer);
        REQUIRE(answer->status == 200);
        std::set<std::string> ids;
        const auto body = boost::json::parse(answer->body);
        for (const auto& order : body.at("data").as_array())
            ids.emplace(order.at("id").as_string().c_str());
        return ids;
    }
    /// Commands as an administrator types them: PostgreSQL's own are on the path, PGPASSWORD is
    /// set.
    std::string run(const std::string& script) const {
        const auto url = postgres.url();
        const auto begin = url.find(':', url.find("://") + 3) + 1;
        const auto ended = run_to_end(
            "/bin/bash",
            {"-euc", "PATH=" + PostgresServer::program("").string() + ":$PATH\n" + script},
            {{{"PGPASSWORD", url.substr(begin, url.rfind('@') - begin)}},
             server.deployment().folder()});
        INFO(script << '\n' << ended.output << ended.errors);
        REQUIRE(ended.status == 0);
        return ended.output;
    }
    /// The command that `bulkhead backup` and `restore` name on PostgreSQL.
    std::string command_of(const std::string& verb) const {
        const auto refused = server.deployment().run({verb, "shop.dump"});
        return refused.errors.substr(refused.errors.find("pg_"));
    }
    /// Says how long something took: docs/operations.md has these numbers.
    template <class Work>
    void measure(const std::string& what, Work&& work) const {
        const auto began = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        std::printf("%s: %.2f s, database %s\n", what.c_str(), took.count(), size.c_str());
    }

    PostgresServer postgres;
    RunningServer server;
    Customer customer;
    std::string size = "small";
};

}  // namespace

TEST_CASE("what pg_dump has written pg_restore brings back, by the commands that backup names") {
    Shop shop;
    const auto kept = shop.place();

    shop.measure("pg_dump", [&] { shop.run(shop.command_of("backup")); });
    shop.place();
    shop.measure("pg_restore", [&] { shop.run(shop.command_of("restore")); });

    CHECK(shop.shown() == std::set{kept});
    CHECK(shop.place() != kept);
}

TEST_CASE("a database goes back to a moment, and the server shows what there was, nothing later") {
    Shop shop;
    const auto place = shop.postgres.place().string();
    shop.run("mkdir " + place + "/archive && chown --reference=" + place + "/data " + place +
             "/archive");
    shop.postgres.set("archive_mode", "on");
    shop.postgres.set("archive_command",
                      "test ! -f " + place + "/archive/%f && cp %p " + place + "/archive/%f");
    shop.postgres.stop();
    shop.postgres.start();
    shop.shown();  // The server has found its way back.
    std::set<std::string> wanted{shop.place()};

    shop.measure("pg_basebackup", [&] {
        shop.run("pg_basebackup --pgdata=base --checkpoint=fast --wal-method=stream --dbname='" +
                 shop.postgres.url() + "'");
    });
    wanted.insert(shop.place());
    const auto moment = shop.postgres.ask(
        "select to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'");
    const auto unwanted = shop.place();
    shop.postgres.ask("select pg_switch_wal()");
    shop.postgres.stop();
    shop.measure("recovery to a moment", [&] {
        shop.run("mv " + place + "/data " + place + "/data.before\ncp -a base " + place +
                 "/data\ncp " + place + "/data.before/postgresql.auto.conf " + place +
                 "/data/\ncat >>" + place + "/data/postgresql.auto.conf <<END\n" +
                 "restore_command = 'cp " + place + "/archive/%f %p'\nrecovery_target_time = '" +
                 moment + "'\nrecovery_target_action = 'promote'\nEND\ntouch " + place +
                 "/data/recovery.signal\nchown -R --reference=" + place + "/data.before " + place +
                 "/data\n");
        shop.postgres.start();
        CHECK(shop.shown() == wanted);
    });

    const auto later = shop.place();
    wanted.insert(later);
    CHECK(shop.shown() == wanted);
    CHECK_FALSE(shop.shown().contains(unwanted));
}
