// `bulkhead backup` and `restore` by the real program.

#include "db/migrate.hpp"
#include "support/running_server.hpp"
#include "support/shop_floor.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <functional>

namespace {

namespace fs = std::filesystem;
using Catch::Contains;

/// A deployment without a server, its tables filled.
struct Shop {
    Shop() {
        for (const auto& command : {std::vector<std::string>{"migrate", "up"}, {"seed"}})
            REQUIRE(deployment.run(command).status == 0);
    }

    fs::path path(const std::string& name) const { return deployment.folder() / name; }
    ShopFloor floor(const std::string& file = "test.db") const {
        return {"sqlite://" + path(file).string(), deployment.folder()};
    }
    /// As many products of one name as tells one database from another.
    void rename_all(const std::string& name) const {
        change("test.db", "update products set name = '" + name + "'");
    }
    std::int64_t called(const std::string& name) const {
        return floor().number("select count(*) from products where name = '" + name + "'");
    }
    void change(const std::string& file, const std::string& sql) const {
        bulkhead::db::Pool pool({.url = "sqlite://" + path(file).string()}, ".");
        REQUIRE(bulkhead::db::run_script(pool, "change", sql));
    }
    /// By the tool that everybody has.
    void sign(const std::string& file) const {
        REQUIRE(run_to_end("/bin/sh", {"-c", "sha256sum " + file + " >" + file + ".sha256"},
                           {{}, deployment.folder()})
                    .status == 0);
    }
    std::vector<std::string> files_with(const std::string& part) const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(deployment.folder()))
            if (entry.path().filename().string().find(part) != std::string::npos)
                names.push_back(entry.path().filename());
        return names;
    }

    Deployment deployment;
};

bool is_one_sentence(const Ended& ended) {
    return ended.status == 1 && ended.output.empty() &&
           ended.errors.find('\n') + 1 == ended.errors.size();
}

/// Of a set of texts, one in the other.
bool holds_all(const std::set<std::string>& all, const std::vector<std::string>& some) {
    return std::ranges::all_of(some, [&](const auto& one) { return all.contains(one); });
}

}  // namespace

TEST_CASE("a backup is a file of this user's alone, with a checksum that sha256sum takes") {
    const Shop shop;

    const auto made = shop.deployment.run({"backup", "b.db", "--json"});
    const auto checked =
        run_to_end("/bin/sh", {"-c", "sha256sum -c b.db.sha256"}, {{}, shop.deployment.folder()});

    INFO(made.errors);
    REQUIRE(made.status == 0);
    const auto told = boost::json::parse(made.output);
    struct stat found{};
    REQUIRE(::stat(shop.path("b.db").c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0600);
    CHECK(told.at("bytes").as_int64() == found.st_size);
    CHECK(told.at("sha256").as_string().size() == 64);
    CHECK(checked.output == "b.db: OK\n");
    CHECK(shop.files_with("b.db").size() == 2);
}

TEST_CASE("a backup replaces another one only where it is told to") {
    const Shop shop;
    REQUIRE(shop.deployment.run({"backup", "b.db"}).status == 0);
    shop.rename_all("renamed");

    const auto refused = shop.deployment.run({"backup", "b.db"});
    const auto forced = shop.deployment.run({"backup", "b.db", "--force"});
    shop.rename_all("again");
    const auto restored = shop.deployment.run({"restore", "b.db"});

    CHECK(is_one_sentence(refused));
    CHECK_THAT(refused.errors, Contains("--force"));
    CHECK(forced.status == 0);
    CHECK(restored.status == 0);
    CHECK(shop.called("renamed") > 0);
}

TEST_CASE("a backup that cannot be written is refused in one sentence, and leaves nothing") {
    const auto [arguments, words] = GENERATE(table<std::string, std::string>(
        {{"backup nowhere/b.db", "No such file or directory"}, {"backup b.db", "cannot be"}}));
    const Shop shop;
    // The disk is full after 64 KiB, to this process.
    const auto script = "trap '' XFSZ; ulimit -f 64; exec " + std::string(BULKHEAD_PROGRAM) + " " +
                        arguments + " --config " + shop.deployment.config().string();

    const auto refused = run_to_end("/bin/bash", {"-c", script}, {{}, shop.deployment.folder()});

    INFO(refused.errors);
    CHECK(is_one_sentence(refused));
    CHECK_THAT(refused.errors, Contains(words));
    CHECK(shop.files_with("b.db").empty());
}

TEST_CASE("what is not what was backed up is not restored") {
    struct Case {
        std::string name;
        std::function<void(const Shop&)> spoil;
        std::string words;
    };
    const auto [name, spoil, words] = GENERATE(values<Case>({
        {"no checksum", [](const Shop& shop) { fs::remove(shop.path("b.db.sha256")); }, "checksum"},
        {"other bytes",
         [](const Shop& shop) { std::ofstream(shop.path("b.db"), std::ios::app) << "x"; },
         "SHA-256"},
        {"no database",
         [](const Shop& shop) {
             std::ofstream(shop.path("b.db")) << "garbage";
             shop.sign("b.db");
         },
         "damaged"},
        {"somebody else's database",
         [](const Shop& shop) {
             shop.change("b.db", "drop table schema_migrations");
             shop.sign("b.db");
         },
         "no ledger"},
        {"a schema that this program cannot live with",
         [](const Shop& shop) {
             shop.change("b.db", "update schema_migrations set checksum = 'other'");
             shop.sign("b.db");
         },
         "edited"},
    }));
    CAPTURE(name);
    const Shop shop;
    REQUIRE(shop.deployment.run({"backup", "b.db"}).status == 0);
    shop.rename_all("kept");
    spoil(shop);

    const auto refused = shop.deployment.run({"restore", "b.db"});

    INFO(refused.errors);
    CHECK(is_one_sentence(refused));
    CHECK_THAT(refused.errors, Contains(words));
    CHECK(shop.called("kept") > 0);
    CHECK(shop.files_with("restor").empty());
}

TEST_CASE("a backup replaces a database that is damaged, with all that lay beside it") {
    const Shop shop;
    REQUIRE(shop.deployment.run({"backup", "b.db"}).status == 0);
    for (const auto* name : {"test.db", "test.db-wal", "test.db-shm"})
        std::ofstream(shop.path(name)) << "garbage";

    const auto restored = shop.deployment.run({"restore", "b.db", "--json"});

    INFO(restored.errors);
    REQUIRE(restored.status == 0);
    const std::string kept = boost::json::parse(restored.output).at("kept").as_string().c_str();
    CHECK(fs::file_size(kept) == 7);
    CHECK(shop.floor().number("select count(*) from products") > 0);
}

TEST_CASE("a backup under writes has every order that was acknowledged before, each whole") {
    RunningServer server({.seeded = true});
    const auto& deployment = server.deployment();
    const auto floor = [&](const std::string& file) {
        return ShopFloor("sqlite://" + file, deployment.folder());
    };
    floor("test.db").fill();
    Shoppers shoppers(server.port(), 8, Silence::refused);
    shoppers.wait_for_orders(40);

    const auto before = shoppers.acknowledged();
    const auto made = deployment.run({"backup", "b.db"});
    shoppers.wait_for_orders(40);
    const auto while_it_runs = deployment.run({"restore", "b.db"});
    shoppers.stop();
    server.process().signal(SIGTERM);
    server.process().wait();
    const auto restored = deployment.run({"restore", "b.db", "--json"});

    CHECK(made.status == 0);
    CHECK(is_one_sentence(while_it_runs));
    CHECK_THAT(while_it_runs.errors, Contains("another server runs on this data folder"));
    INFO(restored.errors);
    REQUIRE(restored.status == 0);
    CHECK(shoppers.complaints().empty());
    CHECK(floor("test.db").discrepancies().empty());
    CHECK(holds_all(floor("test.db").orders(), before));
    const auto kept = boost::json::parse(restored.output).at("kept").as_string();
    CHECK(holds_all(floor(kept.c_str()).orders(), shoppers.acknowledged()));
}

TEST_CASE("a restore is refused while any process has the database open") {
    const Shop shop;
    REQUIRE(shop.deployment.run({"backup", "b.db"}).status == 0);
    bulkhead::db::Pool pool({.url = "sqlite://" + shop.path("test.db").string()}, ".");
    REQUIRE(pool.alive());

    const auto refused = shop.deployment.run({"restore", "b.db"});

    CHECK(is_one_sentence(refused));
    CHECK_THAT(refused.errors, Contains("locked by another process"));
    CHECK(shop.files_with("restor").empty());
}

TEST_CASE("a restore that is killed leaves the old database or the new one, whole") {
    const auto sign = GENERATE(as<std::string>(), ".restoring", ".before-restore");
    const Shop shop;
    shop.rename_all("new");
    REQUIRE(shop.deployment.run({"backup", "b.db"}).status == 0);
    for (int round = 0; round < 5; ++round) {
        shop.rename_all("old");
        const auto found = shop.files_with(sign).size();

        {
            Process restore(BULKHEAD_PROGRAM,
                            {"restore", shop.path("b.db"), "--config", shop.deployment.config()});
            while (shop.files_with(sign).size() <= found && restore.output().empty())
                std::this_thread::yield();
            restore.signal(SIGKILL);
            restore.wait();
        }

        CHECK(shop.called("old") + shop.called("new") ==
              shop.floor().number("select count(*) from products"));
        CHECK((shop.called("old") == 0 || shop.called("new") == 0));
        for (const auto& rest : shop.files_with(".restoring"))
            fs::remove(shop.path(rest));
    }
    const auto restored = shop.deployment.run({"restore", "b.db"});
    CHECK(restored.status == 0);
    CHECK(shop.called("new") > 0);
}

TEST_CASE("on PostgreSQL the command that does it is named, without the password") {
    const auto [verb, command] = GENERATE(table<std::string, std::string>(
        {{"backup",
          "pg_dump --format=custom --file=b.dump '--dbname=dbname=shop "
          "host=db.example port=5433 user=bob'"},
         {"restore",
          "pg_restore --clean --if-exists --no-owner --single-transaction "
          "'--dbname=dbname=shop host=db.example port=5433 user=bob' b.dump"}}));
    const Deployment deployment(
        {.database_url = "postgresql://bob:s3cret-canary@db.example:5433/shop"});

    const auto refused = deployment.run({verb, "b.dump"});

    CHECK(is_one_sentence(refused));
    CHECK_THAT(refused.errors, Contains(command));
    CHECK_THAT(refused.errors, !Contains("s3cret"));
}
